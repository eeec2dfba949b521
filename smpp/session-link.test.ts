import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectSession } from './client-session.ts';
import { STATUS } from './command-status.ts';
import { pduOctets } from './encode.ts';
import { LAYOUTS } from './pdu-layouts.ts';
import { makePdu } from './pdu-shapes.ts';
import type { Pdu } from './pdu-types.ts';
import { serveSession } from './server-session.ts';
import { OpenRequest, OpenRequests, SEQUENCE_MAX, SequenceNumbers } from './session-requests.ts';
import { MAY_SEND, refusalOf } from './session-state.ts';
import type { CloseReason, RequestOutcome, SessionEvent } from './session-types.ts';
import { anyPdu, SWEEP } from './test/arbitrary-pdu.ts';
import { boundSessions, ManualTimers, RawPeer, settled, socketPair, until } from './test/loopback.ts';
import { makeTlvs } from './tlvs.ts';

const bind = makePdu('bind_transceiver', {
  sequence: 1,
  systemId: 'e',
  password: 'p',
  interfaceVersion: 0x34,
});
const answered = (pdu: Pdu) => [pdu.command, pdu.status, pdu.sequence];

async function rawClient(onSubmit?: (answer: () => void) => void) {
  const sockets = await socketPair();
  const timers = new ManualTimers();
  const events: SessionEvent[] = [];
  const server = serveSession(sockets.server, {
    systemId: 'SMSC',
    onBind: () => 0,
    onSubmit: (_pdu, answer) => (onSubmit ? onSubmit(() => answer(0, 'm')) : answer(0, 'm')),
    onEvent: (event) => events.push(event),
    timers,
  });
  const peer = new RawPeer(sockets.client);
  peer.send(bind);
  await peer.hear(0);
  return { peer, server, timers, events };
}

test('an unreadable command_length is answered generic_nack 0x02 with sequence 0, then FIN', async () => {
  // The first is an HTTP request: "GET " read as a length.
  for (const hex of [
    '474554202f20485454502f312e310d0a',
    '0000000f800000040000000000000001',
    'ffffffff00000004',
  ]) {
    const { peer, server } = await rawClient();
    peer.sendHex(hex);
    assert.deepEqual(answered(await peer.hear(1)), ['generic_nack', STATUS.RINVCMDLEN, 0]);
    await peer.end();
    await server.closed();
    assert.equal(server.closeReason?.kind, 'framing');
  }
});

test('an unknown command is nacked and the session goes on', async () => {
  const { peer, server } = await rawClient();
  peer.sendHex('00000014 00001234 00000000 00000063 deadbeef');
  assert.deepEqual(answered(await peer.hear(1)), ['generic_nack', STATUS.RINVCMDID, 99]);
  peer.send(makePdu('submit_sm', { sequence: 100 }));
  assert.deepEqual(answered(await peer.hear(2)), ['submit_sm_resp', 0, 100]);
  server.close('test over');
});

test('a damaged request costs itself an error, never the session', async () => {
  const { peer, server, events } = await rawClient();
  const good = pduOctets(makePdu('submit_sm', { sequence: 7, message: Buffer.from('hi') }));
  const lying = Buffer.from(good);
  lying[lying.length - 3] = 255;
  const shortByOne = Buffer.from(good);
  shortByOne[shortByOne.length - 3] = 1;
  peer.socket.write(Buffer.concat([lying, shortByOne, good]));
  const heard = await Promise.all([1, 2, 3].map((index) => peer.hear(index)));
  assert.deepEqual(heard.map(answered), [
    ['submit_sm_resp', STATUS.RINVMSGLEN, 7],
    ['submit_sm_resp', STATUS.RINVOPTPARSTREAM, 7],
    ['submit_sm_resp', 0, 7],
  ]);
  assert.equal(events.filter((event) => event.kind === 'pdu_fault').length, 2);
  server.close('test over');
});

test('sequence numbers 0 and above 0x7FFFFFFF from sloppy peers are echoed unsigned', async () => {
  const { peer, server } = await rawClient();
  peer.send(makePdu('submit_sm', { sequence: 0 }), makePdu('submit_sm', { sequence: 0xfffffffe }));
  assert.equal((await peer.hear(1)).sequence, 0);
  assert.equal((await peer.hear(2)).sequence, 0xfffffffe);
  server.close('test over');
});

test('our sequence numbers run from 1 to 0x7FFFFFFF and start again, passing over those still open', () => {
  const numbers = new SequenceNumbers();
  assert.deepEqual([numbers.next(() => false), numbers.next(() => false)], [1, 2]);
  const wrapping = new SequenceNumbers(SEQUENCE_MAX - 1);
  const open = new Set([1, 2]);
  assert.equal(
    wrapping.next((used) => open.has(used)),
    SEQUENCE_MAX,
  );
  assert.equal(
    wrapping.next((used) => open.has(used)),
    3,
  );
});

test('open requests expire by their own deadlines, each once', () => {
  const requests = new OpenRequests();
  for (const [sequence, deadline] of [
    [1, 50],
    [2, 10],
    [3, 30],
  ] as const)
    requests.add(new OpenRequest('submit_sm', sequence, deadline, 0, () => undefined));
  const numbers = (now: number) => requests.takeExpired(now).map(({ sequence }) => sequence);
  assert.deepEqual([numbers(9), numbers(30), numbers(30), numbers(50)], [[], [2, 3], [], [1]]);
  assert.equal(requests.size, 0);
});

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

test('a peer that does not read stops being read: memory stays bounded and nothing is lost', async () => {
  const answered: number[] = [];
  const sockets = await socketPair();
  const server = serveSession(sockets.server, {
    systemId: 'SMSC',
    onBind: () => 0,
    onSubmit: (pdu, answer) => answer(0, 'x'.repeat(64), makeTlvs({ messagePayload: pdu.message })),
    limits: { inboundWindowMax: 10 },
  });
  sockets.client.write(pduOctets(bind));
  const message = Buffer.alloc(250, 1);
  const total = 40_000;
  let sent = 0;
  const push = () => {
    while (sent < total)
      if (!sockets.client.write(pduOctets(makePdu('submit_sm', { sequence: ++sent, message })))) return;
  };
  sockets.client.on('drain', push);
  push();
  await until(() => sockets.server.isPaused());
  assert.ok(sockets.server.writableLength < 3 * 1024 * 1024, 'answers wait within their bound');
  // Now the peer reads after all.
  const peer = new RawPeer(sockets.client);
  await until(() => peer.heard.length === total + 1);
  for (const pdu of peer.heard) answered.push(pdu.sequence);
  assert.equal(new Set(answered.slice(1)).size, total);
  server.close('test over');
});

test('a request that waits in a full socket is held back unsent, and the window says there is no room', async () => {
  const sockets = await socketPair();
  sockets.server.pause();
  const client = connectSession(sockets.client, {
    timers: new ManualTimers(),
    limits: { windowMax: 1_000_000 },
  });
  const bound = client.bind({ mode: 'transmitter', systemId: 'x', password: 'y' });
  sockets.server.write(pduOctets(makePdu('bind_transmitter_resp', { sequence: 1 })));
  await bound;
  let taken = 0;
  const lost: boolean[] = [];
  const message = Buffer.alloc(250, 1);
  const submit = () =>
    client.submit(makePdu('submit_sm', { message }), (outcome) => {
      if (outcome.kind === 'lost') lost.push(outcome.written);
    });
  while (submit() !== 0) {
    taken++;
    if (taken % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(taken < 100_000, 'back-pressure must show');
  }
  assert.equal(client.windowFree, 0);
  client.close('test over');
  assert.equal(lost.length, taken);
  sockets.server.destroy();
});

test('every state admits what SMPP lists for it, and refuses the rest with 0x04 or 0x05', () => {
  assert.deepEqual([...MAY_SEND.esme.bound_tx].sort(), [
    'cancel_sm',
    'data_sm',
    'enquire_link',
    'query_sm',
    'replace_sm',
    'submit_multi',
    'submit_sm',
    'unbind',
  ]);
  assert.deepEqual([...MAY_SEND.smsc.bound_rx].sort(), [
    'alert_notification',
    'data_sm',
    'deliver_sm',
    'enquire_link',
    'unbind',
  ]);
  assert.equal(refusalOf('esme', 'bound_rx', 'submit_sm'), STATUS.RINVBNDSTS);
  assert.equal(refusalOf('esme', 'bound_tx', 'bind_receiver'), STATUS.RALYBND);
  assert.equal(refusalOf('smsc', 'bound_tx', 'deliver_sm'), STATUS.RINVBNDSTS);
  assert.equal(refusalOf('smsc', 'unbound', 'deliver_sm'), STATUS.RX_T_APPN);
  assert.equal(refusalOf('esme', 'open', 'bind_receiver'), 0);
});

test('whatever a client sends, a server answers or closes; it never throws and never stops answering', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(anyPdu.map(pduOctets), fc.uint8Array({ minLength: 1, maxLength: 64 })), {
        minLength: 1,
        maxLength: 10,
      }),
      async (parts) => {
        const { peer, server } = await rawClient();
        for (const part of parts) peer.socket.write(part);
        peer.socket.end(pduOctets(makePdu('enquire_link', { sequence: 1 })));
        await server.closed();
        assert.equal(server.openSubmits >= 0, true);
        peer.socket.destroy();
      },
    ),
    { numRuns: 30 * SWEEP },
  );
});

test('every known request gets exactly one answer of its own kind', async () => {
  const { peer, server } = await rawClient();
  const requests = (Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[]).filter(
    (command) => `${command}_resp` in LAYOUTS && command !== 'unbind',
  );
  for (const [index, command] of requests.entries())
    peer.send(makePdu(command, { sequence: 100 + index }) as Pdu);
  const heard = await Promise.all(requests.map((_, index) => peer.hear(1 + index)));
  const bySequence = new Map(heard.map((pdu) => [pdu.sequence, pdu.command]));
  for (const [index, command] of requests.entries())
    assert.equal(bySequence.get(100 + index), `${command}_resp`);
  server.close('test over');
});
