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
import { anyPdu, SWEEP } from './test/arbitrary-pdu.ts';
import { ManualTimers, RawPeer, socketPair, until } from './test/loopback.ts';
import { answered, bindPdu, rawClient } from './test/raw-client.ts';
import { makeTlvs } from './tlvs.ts';

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

test('a peer that does not read stops being read: memory stays bounded and nothing is lost', async () => {
  const answered: number[] = [];
  const sockets = await socketPair();
  const server = serveSession(sockets.server, {
    systemId: 'SMSC',
    onBind: () => 0,
    onSubmit: (pdu, answer) => answer(0, 'x'.repeat(64), makeTlvs({ messagePayload: pdu.message })),
    limits: { inboundWindowMax: 10 },
  });
  sockets.client.write(pduOctets(bindPdu));
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
