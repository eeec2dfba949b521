import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectSession } from './client-session.ts';
import { STATUS } from './command-status.ts';
import { makePdu } from './pdu-shapes.ts';
import type { DeliverSm, PduOf } from './pdu-types.ts';
import type { CloseReason, RequestOutcome, SessionEvent } from './session-types.ts';
import {
  boundSessions,
  ManualTimers,
  openSessions,
  RawPeer,
  settled,
  socketPair,
  until,
} from './test/loopback.ts';

const submit = (text = 'hello') =>
  makePdu('submit_sm', { destination: '491512345678', message: Buffer.from(text) });

test('a transceiver binds, submits, and hears its delivery', async () => {
  const submitted: string[] = [];
  const { client, server } = await boundSessions(
    {},
    {
      onSubmit: (pdu, answer) => {
        submitted.push(pdu.message.toString());
        answer(STATUS.ROK, 'abc-1');
      },
    },
  );
  assert.equal(client.state, 'bound_trx');
  const outcome = await settled<RequestOutcome>((settle) => client.submit(submit('one'), settle));
  assert.equal(outcome.kind, 'response');
  assert.deepEqual(outcome.kind === 'response' && [outcome.status, outcome.messageId], [0, 'abc-1']);
  assert.deepEqual(submitted, ['one']);

  const heard: string[] = [];
  client.onDeliver = (pdu, answer) => {
    heard.push((pdu as DeliverSm).message.toString());
    answer(STATUS.ROK);
  };
  const delivered = await settled<RequestOutcome>((settle) =>
    server.deliver(makePdu('deliver_sm', { message: Buffer.from('receipt') }), settle),
  );
  assert.equal(delivered.kind === 'response' && delivered.status, 0);
  assert.deepEqual(heard, ['receipt']);
  await client.unbind();
  assert.deepEqual(client.closeReason, { kind: 'unbound', by: 'us' });
  assert.deepEqual(server.closeReason, { kind: 'unbound', by: 'peer' });
});

test('a refused bind says why and closes both sides', async () => {
  const { client, server } = await openSessions({}, { onBind: () => STATUS.RINVPASWD });
  const result = await client.bind({ mode: 'transmitter', systemId: 'x', password: 'y' });
  assert.deepEqual(result, { kind: 'refused', status: STATUS.RINVPASWD });
  await Promise.all([client.closed(), server.closed()]);
  assert.deepEqual(client.closeReason, { kind: 'bind_refused', status: STATUS.RINVPASWD });
});

test('a bind without an answer times out and closes the socket', async () => {
  const sockets = await socketPair();
  const timers = new ManualTimers();
  const client = connectSession(sockets.client, { timers, limits: { sessionInitMs: 700 } });
  const result = client.bind({ mode: 'receiver', systemId: 'x', password: 'y' });
  timers.advance(701);
  assert.deepEqual(await result, { kind: 'timeout' });
  assert.deepEqual(client.closeReason, { kind: 'bind_timeout' });
  assert.equal(timers.running, 0, 'a closed session leaves no timer');
  sockets.server.destroy();
});

test('the window holds back the request after its last slot, and tells when there is room', async () => {
  const answers: (() => void)[] = [];
  const { client } = await boundSessions(
    { limits: { windowMax: 3 } },
    { onSubmit: (_pdu, answer) => answers.push(() => answer(0, 'x')) },
  );
  let windows = 0;
  client.onWindow = () => {
    windows++;
  };
  const outcomes: RequestOutcome[] = [];
  const take = (outcome: RequestOutcome) => outcomes.push(outcome);
  assert.equal(client.windowFree, 3);
  for (let index = 0; index < 3; index++) assert.notEqual(client.submit(submit(), take), 0);
  assert.equal(client.windowFree, 0);
  assert.equal(client.submit(submit(), take), 0, 'a full window takes nothing');
  await until(() => answers.length === 3);
  assert.equal(windows, 0);
  answers[1]!();
  await until(() => windows === 1);
  assert.equal(outcomes.length, 1);
  assert.equal(client.windowFree, 1);
  client.close('test over');
});

test('responses settle their own requests in any order', async () => {
  const answers = new Map<string, () => void>();
  const { client } = await boundSessions(
    {},
    {
      onSubmit: (pdu, answer) => answers.set(pdu.message.toString(), () => answer(0, `id-${pdu.message}`)),
    },
  );
  const texts = ['a', 'b', 'c', 'd'];
  const outcomes = texts.map((text) =>
    settled<RequestOutcome>((settle) => client.submit(submit(text), settle)),
  );
  await until(() => answers.size === 4);
  for (const text of ['c', 'a', 'd', 'b']) answers.get(text)!();
  const ids = (await Promise.all(outcomes)).map(
    (outcome) => outcome.kind === 'response' && outcome.messageId,
  );
  assert.deepEqual(ids, ['id-a', 'id-b', 'id-c', 'id-d']);
  client.close('test over');
});

test('a request without an answer times out, frees its slot, and its late answer is still reported', async () => {
  const events: SessionEvent[] = [];
  const answers: (() => void)[] = [];
  const { client, timers } = await boundSessions(
    { limits: { windowMax: 1, responseTimeoutMs: 500 }, onEvent: (event) => events.push(event) },
    { onSubmit: (_pdu, answer) => answers.push(() => answer(0, 'late')) },
  );
  const outcome = settled<RequestOutcome>((settle) => client.submit(submit(), settle));
  await until(() => answers.length === 1);
  timers.advance(499);
  assert.equal(client.windowFree, 0);
  timers.advance(2);
  assert.deepEqual(await outcome, { kind: 'timeout' });
  assert.equal(client.windowFree, 1);
  answers[0]!();
  await until(() => events.some((event) => event.kind === 'late_response'));
  const late = events.find((event) => event.kind === 'late_response');
  assert.equal(late?.kind === 'late_response' && (late.pdu as PduOf<'submit_sm_resp'>).messageId, 'late');
  client.close('test over');
});

test('generic_nack answers a submit and frees its window slot', async () => {
  const sockets = await socketPair();
  const peer = new RawPeer(sockets.server);
  const client = connectSession(sockets.client, { limits: { windowMax: 1 } });
  const bound = client.bind({ mode: 'transceiver', systemId: 'x', password: 'y' });
  peer.send(makePdu('bind_transceiver_resp', { sequence: (await peer.hear(0)).sequence, systemId: 'S' }));
  assert.deepEqual(await bound, { kind: 'bound', systemId: 'S', version: undefined });
  const outcome = settled<RequestOutcome>((settle) => client.submit(submit(), settle));
  const { sequence } = await peer.hear(1);
  peer.send(makePdu('generic_nack', { status: STATUS.RTHROTTLED, sequence }));
  assert.deepEqual(await outcome, { kind: 'nack', status: STATUS.RTHROTTLED });
  assert.equal(client.windowFree, 1);
  client.close('test over');
});

test('a lost link settles every open request as unknown, and tells what never reached the socket', async () => {
  const reasons: CloseReason[] = [];
  const { client, sockets } = await boundSessions(
    { limits: { windowMax: 5 }, onClose: (reason) => reasons.push(reason) },
    { onSubmit: () => undefined },
  );
  const sent = [1, 2].map(() => settled<RequestOutcome>((settle) => client.submit(submit(), settle)));
  await until(() => sockets.client.bytesWritten > 100);
  const unsent = settled<RequestOutcome>((settle) => client.submit(submit(), settle));
  client.close('cable pulled');
  assert.deepEqual(await Promise.all(sent), [
    { kind: 'lost', written: true },
    { kind: 'lost', written: true },
  ]);
  assert.deepEqual(await unsent, { kind: 'lost', written: false });
  assert.deepEqual(reasons, [{ kind: 'closed_by_us', detail: 'cable pulled' }]);
  assert.equal(
    client.submit(submit(), () => assert.fail('never called')),
    0,
  );
});

test('requests of one turn leave in one socket write', async () => {
  const { client, sockets } = await boundSessions({ limits: { windowMax: 100 } });
  let writes = 0;
  const write = sockets.client.write.bind(sockets.client);
  sockets.client.write = ((...parameters: Parameters<typeof write>) => {
    writes++;
    return write(...parameters);
  }) as typeof write;
  const outcomes = Array.from({ length: 100 }, () =>
    settled<RequestOutcome>((settle) => client.submit(submit(), settle)),
  );
  await Promise.all(outcomes);
  assert.equal(writes, 1);
  client.close('test over');
});

test('a delivery is answered once, later, and in any order', async () => {
  const answers: ((status: number) => boolean)[] = [];
  const { client, server } = await boundSessions({ onDeliver: (_pdu, answer) => answers.push(answer) });
  const first = settled<RequestOutcome>((settle) => server.deliver(makePdu('deliver_sm'), settle));
  const second = settled<RequestOutcome>((settle) => server.deliver(makePdu('data_sm'), settle));
  await until(() => answers.length === 2);
  assert.equal(client.openDeliveries, 2);
  assert.equal(answers[1]!(STATUS.ROK), true);
  assert.equal(answers[1]!(STATUS.RSYSERR), false, 'the second answer is not sent');
  answers[0]!(STATUS.RX_T_APPN);
  const statuses = (await Promise.all([first, second])).map(
    (outcome) => outcome.kind === 'response' && [outcome.pdu.command, outcome.status],
  );
  assert.deepEqual(statuses, [
    ['deliver_sm_resp', STATUS.RX_T_APPN],
    ['data_sm_resp', STATUS.ROK],
  ]);
  client.close('test over');
  assert.equal(answers[0]!(0), false);
});

test('a delivery nobody handles, or whose handler throws, is answered "again later"', async () => {
  const events: SessionEvent[] = [];
  const { client, server } = await boundSessions({ onEvent: (event) => events.push(event) });
  const deliver = () => settled<RequestOutcome>((settle) => server.deliver(makePdu('deliver_sm'), settle));
  const unhandled = await deliver();
  assert.equal(unhandled.kind === 'response' && unhandled.status, STATUS.RX_T_APPN);
  client.onDeliver = () => {
    throw new Error('storage is gone');
  };
  const thrown = await deliver();
  assert.equal(thrown.kind === 'response' && thrown.status, STATUS.RX_T_APPN);
  assert.equal(events.filter((event) => event.kind === 'handler_error').length, 1);
  assert.equal(client.state, 'bound_trx', 'the session survives its handlers');
  client.close('test over');
});
