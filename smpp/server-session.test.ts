import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS } from './command-status.ts';
import { makePdu } from './pdu-shapes.ts';
import type { Pdu, PduOf } from './pdu-types.ts';
import type { ServerOptions } from './server-options.ts';
import { type ServerSession, serveSession } from './server-session.ts';
import type { RequestOutcome, SessionEvent } from './session-types.ts';
import { boundSessions, ManualTimers, RawPeer, settled, socketPair, until } from './test/loopback.ts';
import { makeTlvs, NO_TLVS } from './tlvs.ts';

interface Served {
  readonly peer: RawPeer;
  readonly server: ServerSession;
  readonly timers: ManualTimers;
}

async function serve(options: Partial<ServerOptions> = {}): Promise<Served> {
  const sockets = await socketPair();
  const timers = new ManualTimers();
  const server = serveSession(sockets.server, {
    systemId: 'SMSC',
    onBind: () => 0,
    onSubmit: (_pdu, answer) => answer(0, 'm1'),
    timers,
    ...options,
  });
  return { peer: new RawPeer(sockets.client), server, timers };
}

type BindCommand = 'bind_transmitter' | 'bind_receiver' | 'bind_transceiver';
const bind = (command: BindCommand, sequence: number, interfaceVersion = 0x34) =>
  makePdu(command, { sequence, systemId: 'esme', password: 'pw', interfaceVersion }) as Pdu;
const answered = (pdu: Pdu) => [pdu.command, pdu.status, pdu.sequence];

test('before a bind only bind, enquire_link and unbind are served; the rest is answered 0x04', async () => {
  const { peer, server } = await serve();
  peer.send(
    makePdu('enquire_link', { sequence: 1 }),
    makePdu('submit_sm', { sequence: 2 }),
    makePdu('query_sm', { sequence: 3 }),
    makePdu('deliver_sm', { sequence: 4 }),
  );
  const heard = [await peer.hear(0), await peer.hear(1), await peer.hear(2), await peer.hear(3)].map(
    answered,
  );
  assert.deepEqual(heard, [
    ['enquire_link_resp', 0, 1],
    ['submit_sm_resp', STATUS.RINVBNDSTS, 2],
    ['query_sm_resp', STATUS.RINVBNDSTS, 3],
    ['deliver_sm_resp', STATUS.RINVBNDSTS, 4],
  ]);
  server.close('test over');
});

test('each mode may do what it is for: submit on a receiver is 0x04, deliveries stay off a transmitter', async () => {
  const receiver = await serve();
  receiver.peer.send(bind('bind_receiver', 1), makePdu('submit_sm', { sequence: 2 }));
  assert.deepEqual(answered(await receiver.peer.hear(1)), ['submit_sm_resp', STATUS.RINVBNDSTS, 2]);
  assert.equal(receiver.server.state, 'bound_rx');
  const transmitter = await serve();
  transmitter.peer.send(bind('bind_transmitter', 1), makePdu('submit_sm', { sequence: 2 }));
  assert.deepEqual(answered(await transmitter.peer.hear(1)), ['submit_sm_resp', 0, 2]);
  assert.equal(transmitter.server.windowFree, 0);
  assert.equal(
    transmitter.server.deliver(makePdu('deliver_sm'), () => assert.fail('never called')),
    0,
  );
  receiver.server.close('test over');
  transmitter.server.close('test over');
});

test('a second bind is 0x05, while the first is being decided and after it', async () => {
  let decide = (_status: number): void => assert.fail('not asked yet');
  const { peer, server } = await serve({
    onBind: () =>
      new Promise((resolve) => {
        decide = resolve;
      }),
  });
  peer.send(bind('bind_transceiver', 1), bind('bind_receiver', 2), makePdu('submit_sm', { sequence: 3 }));
  assert.deepEqual(answered(await peer.hear(0)), ['bind_receiver_resp', STATUS.RALYBND, 2]);
  assert.deepEqual(answered(await peer.hear(1)), ['submit_sm_resp', STATUS.RINVBNDSTS, 3]);
  decide(0);
  assert.deepEqual(answered(await peer.hear(2)), ['bind_transceiver_resp', 0, 1]);
  peer.send(bind('bind_transceiver', 4));
  assert.deepEqual(answered(await peer.hear(3)), ['bind_transceiver_resp', STATUS.RALYBND, 4]);
  assert.equal(server.state, 'bound_trx');
  server.close('test over');
});

test('the bind response is the first PDU: no delivery overtakes it', async () => {
  const { peer, server } = await serve({
    onBound: () => server.deliver(makePdu('deliver_sm'), () => undefined),
  });
  assert.equal(
    server.deliver(makePdu('deliver_sm'), () => assert.fail('never called')),
    0,
  );
  peer.send(bind('bind_transceiver', 1));
  assert.equal((await peer.hear(0)).command, 'bind_transceiver_resp');
  assert.equal((await peer.hear(1)).command, 'deliver_sm');
  server.close('test over');
});

test('a refused bind gets its status in a bare response and then FIN', async () => {
  for (const status of [STATUS.RINVPASWD, STATUS.RINVSYSID, STATUS.RBINDFAIL]) {
    const { peer, server } = await serve({ onBind: () => status });
    peer.send(bind('bind_transmitter', 9));
    const response = await peer.hear(0);
    assert.deepEqual(answered(response), ['bind_transmitter_resp', status, 9]);
    await peer.end();
    await server.closed();
    assert.deepEqual(server.closeReason, { kind: 'bind_refused', status });
  }
});

test('a bind whose decision fails is refused with 0x08, and the failure is reported', async () => {
  const events: SessionEvent[] = [];
  const { peer } = await serve({
    onBind: () => Promise.reject(new Error('no database')),
    onEvent: (event) => events.push(event),
  });
  peer.send(bind('bind_transceiver', 1));
  assert.deepEqual(answered(await peer.hear(0)), ['bind_transceiver_resp', STATUS.RSYSERR, 1]);
  assert.ok(events.some((event) => event.kind === 'handler_error'));
  await peer.end();
});

test('a silent socket is closed after the session init time', async () => {
  const { peer, server, timers } = await serve({ limits: { sessionInitMs: 5_000 } });
  timers.advance(4_999);
  assert.equal(server.state, 'open');
  timers.advance(1);
  assert.deepEqual(server.closeReason, { kind: 'bind_timeout' });
  await peer.end();
  assert.equal(timers.running, 0);
});

test('3.4 and 5.0 clients are told the version; 3.3 clients get no TLV and no transceiver', async () => {
  for (const version of [0x34, 0x50]) {
    const { peer, server } = await serve();
    peer.send(bind('bind_transceiver', 1, version));
    assert.equal((await peer.hear(0)).tlvs.get('scInterfaceVersion'), 0x34);
    server.close('test over');
  }
  const old = await serve();
  old.peer.send(bind('bind_transceiver', 1, 0x33));
  assert.deepEqual(answered(await old.peer.hear(0)), ['bind_transceiver_resp', STATUS.RBINDFAIL, 1]);
  await old.peer.end();

  const { peer, server } = await serve({
    onSubmit: (_pdu, answer) => answer(0, 'm', makeTlvs({ additionalStatusInfoText: 'x' })),
  });
  peer.send(bind('bind_receiver', 1, 0x33));
  const response = await peer.hear(0);
  assert.deepEqual([response.status, response.tlvs.octets], [0, 0]);
  const payload = Buffer.from('from the payload');
  server.deliver(makePdu('deliver_sm', { tlvs: makeTlvs({ messagePayload: payload }) }), () => undefined);
  const delivered = (await peer.hear(1)) as PduOf<'deliver_sm'>;
  assert.deepEqual([delivered.message.toString(), delivered.tlvs.octets], ['from the payload', 0]);
  server.close('test over');
});

test('an SMSC of version 3.3 does not know bind_transceiver, and lets the client bind otherwise', async () => {
  const { peer, server } = await serve({ version: 0x33 });
  peer.send(bind('bind_transceiver', 1), bind('bind_transmitter', 2));
  assert.deepEqual(answered(await peer.hear(0)), ['generic_nack', STATUS.RINVCMDID, 1]);
  const bound = await peer.hear(1);
  assert.deepEqual([...answered(bound), bound.tlvs.octets], ['bind_transmitter_resp', 0, 2, 0]);
  server.close('test over');
});

test('requests over the inbound window are answered 0x58, none is dropped', async () => {
  const answers: (() => void)[] = [];
  const { peer, server } = await serve({
    limits: { inboundWindowMax: 2 },
    onSubmit: (_pdu, answer) => answers.push(() => answer(0, 'm')),
  });
  peer.send(bind('bind_transmitter', 1), ...[2, 3, 4].map((sequence) => makePdu('submit_sm', { sequence })));
  assert.deepEqual(answered(await peer.hear(1)), ['submit_sm_resp', STATUS.RTHROTTLED, 4]);
  assert.equal(server.openSubmits, 2);
  for (const answer of answers) answer();
  assert.deepEqual(answered(await peer.hear(3)), ['submit_sm_resp', 0, 3]);
  assert.equal(server.openSubmits, 0);
  server.close('test over');
});

test('known requests that are not offered get their own error, and offered ones their own response', async () => {
  const { peer, server } = await serve();
  peer.send(
    bind('bind_transceiver', 1),
    makePdu('query_sm', { sequence: 2 }),
    makePdu('cancel_sm', { sequence: 3 }),
    makePdu('replace_sm', { sequence: 4 }),
    makePdu('submit_multi', { sequence: 5 }),
    makePdu('data_sm', { sequence: 6 }),
  );
  const heard = await Promise.all([1, 2, 3, 4, 5].map((index) => peer.hear(index)));
  assert.deepEqual(heard.map(answered), [
    ['query_sm_resp', STATUS.RQUERYFAIL, 2],
    ['cancel_sm_resp', STATUS.RCANCELFAIL, 3],
    ['replace_sm_resp', STATUS.RREPLACEFAIL, 4],
    ['submit_multi_resp', STATUS.RSUBMITFAIL, 5],
    ['data_sm_resp', STATUS.RSUBMITFAIL, 6],
  ]);
  server.close('test over');

  const offered = await boundSessions(
    {},
    {
      onData: (_pdu, answer) => answer(0, 'data-1'),
      onRare: (pdu, respond) => {
        if (pdu.command === 'query_sm')
          respond(makePdu('query_sm_resp', { messageId: pdu.messageId, messageState: 2 }));
        else respond(makePdu(`${pdu.command}_resp`) as PduOf<'cancel_sm_resp'>);
      },
    },
  );
  const query = await settled<RequestOutcome>((settle) =>
    offered.client.submit(makePdu('query_sm', { messageId: 'q' }), settle),
  );
  assert.ok(query.kind === 'response' && query.pdu.command === 'query_sm_resp');
  assert.deepEqual([query.pdu.messageId, query.pdu.messageState], ['q', 2]);
  const data = await settled<RequestOutcome>((settle) => offered.client.submit(makePdu('data_sm'), settle));
  assert.equal(data.kind === 'response' && data.messageId, 'data-1');
  const cancel = await settled<RequestOutcome>((settle) =>
    offered.client.submit(makePdu('cancel_sm'), settle),
  );
  assert.equal(cancel.kind === 'response' && cancel.status, 0);
  offered.client.close('test over');
});

test('a handler that throws costs its own submission an 0x08 and nothing else', async () => {
  const events: SessionEvent[] = [];
  let calls = 0;
  const { client } = await boundSessions(
    {},
    {
      onEvent: (event) => events.push(event),
      onSubmit: (_pdu, answer) => {
        if (++calls === 1) throw new Error('bug');
        if (calls === 2) answer(0, 'x'.repeat(65));
        answer(0, 'fine');
      },
    },
  );
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => settled<RequestOutcome>((settle) => client.submit(makePdu('submit_sm'), settle))),
  );
  const statuses = outcomes.map((outcome) => outcome.kind === 'response' && outcome.status);
  assert.deepEqual(statuses, [STATUS.RSYSERR, STATUS.RSYSERR, 0]);
  assert.equal(events.filter((event) => event.kind === 'handler_error').length, 2);
  client.close('test over');
});

test('outbind and alert_notification reach the client and want no answer', async () => {
  const events: SessionEvent[] = [];
  const alerts: string[] = [];
  const { client, server } = await boundSessions({
    onEvent: (event) => events.push(event),
    onAlert: (pdu) => alerts.push(pdu.source),
  });
  assert.equal(server.alert(makePdu('alert_notification', { source: '4915' })), true);
  await until(() => alerts.length === 1);
  assert.deepEqual(alerts, ['4915']);
  assert.equal(client.openDeliveries, 0);
  client.close('test over');
  const { peer, server: caller } = await serve();
  caller.outbind('SMSC', 'pw');
  const outbind = (await peer.hear(0)) as PduOf<'outbind'>;
  assert.deepEqual([outbind.command, outbind.systemId, outbind.tlvs], ['outbind', 'SMSC', NO_TLVS]);
  caller.close('test over');
});
