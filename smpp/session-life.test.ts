import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectSession } from './client-session.ts';
import { STATUS } from './command-status.ts';
import { makePdu } from './pdu-shapes.ts';
import type { CloseReason, RequestOutcome, SessionEvent } from './session-types.ts';
import { boundSessions, ManualTimers, RawPeer, settled, socketPair, until } from './test/loopback.ts';
import { answered, rawClient } from './test/raw-client.ts';

test('enquire_link is answered at once, before queued submissions and with the window full', async () => {
  const { peer, server } = await rawClient(() => undefined);
  peer.send(
    ...Array.from({ length: 5 }, (_, index) => makePdu('submit_sm', { sequence: 10 + index })),
    makePdu('enquire_link', { sequence: 77 }),
  );
  assert.deepEqual(answered(await peer.hear(1)), ['enquire_link_resp', 0, 77]);
  for (let index = 0; index < 10; index++) server.deliver(makePdu('deliver_sm'), () => undefined);
  assert.equal(server.windowFree, 0);
  peer.send(makePdu('enquire_link', { sequence: 78 }));
  const heard = await Promise.all(Array.from({ length: 11 }, (_, index) => peer.hear(2 + index)));
  assert.ok(heard.some((pdu) => pdu.command === 'enquire_link_resp' && pdu.sequence === 78));
  server.close('test over');
});

test('an answer to enquire_link overtakes messages that were queued before it in the same turn', async () => {
  const sockets = await socketPair();
  const peer = new RawPeer(sockets.server);
  const client = connectSession(sockets.client, { timers: new ManualTimers(), limits: { windowMax: 50 } });
  const bound = client.bind({ mode: 'transceiver', systemId: 'x', password: 'y' });
  peer.send(makePdu('bind_transceiver_resp', { sequence: (await peer.hear(0)).sequence }));
  await bound;
  client.onDeliver = (_pdu, answer) => {
    for (let index = 0; index < 5; index++) client.submit(makePdu('submit_sm'), () => undefined);
    answer(0);
  };
  // Both arrive in one chunk, so the submissions are encoded first and the probe's answer after them.
  peer.send(makePdu('deliver_sm', { sequence: 1 }), makePdu('enquire_link', { sequence: 2 }));
  assert.equal((await peer.hear(1)).command, 'enquire_link_resp');
  client.close('test over');
});

test('silence is probed with enquire_link, and no answer means a dead link with unknown outcomes', async () => {
  const events: SessionEvent[] = [];
  const sockets = await socketPair();
  const timers = new ManualTimers();
  const peer = new RawPeer(sockets.server);
  const client = connectSession(sockets.client, {
    timers,
    limits: { enquireLinkMs: 30_000, responseTimeoutMs: 60_000 },
    onEvent: (event) => events.push(event),
  });
  const bound = client.bind({ mode: 'transceiver', systemId: 'x', password: 'y' });
  peer.send(makePdu('bind_transceiver_resp', { sequence: (await peer.hear(0)).sequence }));
  await bound;
  timers.advance(30_000);
  const probe = await peer.hear(1);
  assert.equal(probe.command, 'enquire_link');
  peer.send(
    makePdu('enquire_link_resp', { sequence: probe.sequence }),
    makePdu('enquire_link', { sequence: 5 }),
  );
  assert.equal((await peer.hear(2)).command, 'enquire_link_resp');
  timers.advance(30_000);
  const second = await peer.hear(3);
  assert.equal(second.command, 'enquire_link');
  timers.advance(30_000);
  assert.equal(peer.heard.length, 4, 'one probe at a time');
  const open = settled<RequestOutcome>((settle) => client.submit(makePdu('submit_sm'), settle));
  await peer.hear(4);
  timers.advance(30_000);
  assert.deepEqual(client.closeReason, { kind: 'enquire_link_timeout' });
  assert.deepEqual(await open, { kind: 'lost', written: true });
  assert.ok(events.some((event) => event.kind === 'enquire_link_timeout'));
});

test('a session without requests unbinds after the inactivity time, enquire_link notwithstanding', async () => {
  const { client, server, timers } = await boundSessions(
    { limits: { enquireLinkMs: 1_000 } },
    { limits: { inactivityMs: 10_000, enquireLinkMs: 0 } },
  );
  for (let second = 0; second < 9; second++) {
    timers.advance(1_000);
    await until(() => client.openRequests === 0);
    // The probe travels out and back between two looks at the clock.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(server.state, 'bound_trx');
  timers.advance(1_000);
  await Promise.all([client.closed(), server.closed()]);
  assert.deepEqual(server.closeReason, { kind: 'unbound', by: 'us' });
});

test('unbind waits for outstanding answers of both sides, takes nothing new, and ends with FIN', async () => {
  const answers: (() => void)[] = [];
  const deliveries: ((status: number) => boolean)[] = [];
  const { client, server } = await boundSessions(
    { onDeliver: (_pdu, answer) => deliveries.push(answer) },
    { onSubmit: (_pdu, answer) => answers.push(() => answer(0, 'last')) },
  );
  const outcome = settled<RequestOutcome>((settle) => client.submit(makePdu('submit_sm'), settle));
  const delivered = settled<RequestOutcome>((settle) => server.deliver(makePdu('deliver_sm'), settle));
  await until(() => answers.length === 1 && deliveries.length === 1);
  const left = client.unbind();
  assert.equal(client.windowFree, 0);
  assert.equal(
    client.submit(makePdu('submit_sm'), () => assert.fail('never called')),
    0,
  );
  answers[0]!();
  const settledOutcome = await outcome;
  assert.equal(settledOutcome.kind === 'response' && settledOutcome.messageId, 'last');
  assert.equal(server.state, 'bound_trx', 'no unbind before the delivery is answered');
  deliveries[0]!(0);
  assert.equal((await delivered).kind, 'response');
  await left;
  await server.closed();
  assert.deepEqual(
    [client.closeReason, server.closeReason],
    [
      { kind: 'unbound', by: 'us' },
      { kind: 'unbound', by: 'peer' },
    ],
  );
});

test('a server that unbinds finishes what it took: the answer is written before unbind_resp', async () => {
  const answers: (() => void)[] = [];
  const { peer, server } = await rawClient((answer) => answers.push(answer));
  peer.send(makePdu('submit_sm', { sequence: 5 }), makePdu('unbind', { sequence: 6 }));
  peer.send(makePdu('submit_sm', { sequence: 7 }));
  assert.deepEqual(answered(await peer.hear(1)), ['submit_sm_resp', STATUS.RINVBNDSTS, 7]);
  answers[0]!();
  assert.deepEqual(answered(await peer.hear(2)), ['submit_sm_resp', 0, 5]);
  assert.deepEqual(answered(await peer.hear(3)), ['unbind_resp', 0, 6]);
  await peer.end();
  await server.closed();
});

test('an unbind does not wait for ever: after the drain time it goes ahead', async () => {
  const reasons: CloseReason[] = [];
  const sockets = await socketPair();
  const timers = new ManualTimers();
  const peer = new RawPeer(sockets.server);
  const client = connectSession(sockets.client, {
    timers,
    limits: { drainMs: 2_000, responseTimeoutMs: 60_000 },
    onClose: (reason) => reasons.push(reason),
  });
  const bound = client.bind({ mode: 'transceiver', systemId: 'x', password: 'y' });
  peer.send(makePdu('bind_transceiver_resp', { sequence: (await peer.hear(0)).sequence }));
  await bound;
  const outcome = settled<RequestOutcome>((settle) => client.submit(makePdu('submit_sm'), settle));
  await peer.hear(1);
  const left = client.unbind();
  timers.advance(2_000);
  const unbind = await peer.hear(2);
  assert.equal(unbind.command, 'unbind');
  peer.send(makePdu('deliver_sm', { sequence: 9 }));
  assert.deepEqual(answered(await peer.hear(3)), ['deliver_sm_resp', STATUS.RX_T_APPN, 9]);
  peer.send(makePdu('unbind_resp', { sequence: unbind.sequence }));
  await left;
  assert.deepEqual(await outcome, { kind: 'lost', written: true });
  assert.deepEqual(reasons, [{ kind: 'unbound', by: 'us' }]);
});

test('two sides that unbind at once both leave in order', async () => {
  const { client, server } = await boundSessions();
  await Promise.all([client.unbind(), server.unbind()]);
  assert.deepEqual([client.closeReason?.kind, server.closeReason?.kind], ['unbound', 'unbound']);
});
