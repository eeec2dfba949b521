// The connector against carriers, wires and machines that fail. Figures such as F11 are faults of the fault list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS, type SubmitAnswer } from '@sotto/smpp';
import type { LateAnswer, PartOutcome } from '../port.ts';
import { HandTimers } from '../test/hand-timers.ts';
import { TestSmsc } from '../test/test-smsc.ts';
import { aPart, bound, outcomesOf, startConnector, until } from '../test/under-test.ts';
import { Wire } from '../test/wire.ts';

const parts = (count: number) => Array.from({ length: count }, () => aPart());

test('a wrong password is named in health, and the next attempt waits as after a refusal', async () => {
  const refusals: boolean[] = [];
  let password = 'wrong';
  const smsc = await TestSmsc.start({ onBind: () => (password === 'wrong' ? STATUS.RINVPASWD : 0) });
  const { connector } = startConnector(
    smsc.port,
    {},
    {
      backOff: (_failures, refused) => {
        refusals.push(refused);
        return 10;
      },
    },
  );
  await until(() => refusals.length >= 2);
  assert.deepEqual(refusals.slice(0, 2), [true, true]);
  assert.equal(connector.health.lastError, 'ESME_RINVPASWD');
  assert.equal(connector.health.state, 'connecting');
  assert.equal(connector.capacity('otp'), 0);
  password = 'right';
  await bound(connector);
  assert.equal(connector.health.lastError, null);
  await connector.stop();
  await smsc.stop();
});

test('a closed port is tried again, with failures counted', async () => {
  const smsc = await TestSmsc.start();
  const { port } = smsc;
  await smsc.stop();
  const failures: number[] = [];
  const { connector } = startConnector(
    port,
    {},
    {
      backOff: (failed) => {
        failures.push(failed);
        return 5;
      },
    },
  );
  await until(() => failures.length >= 3);
  assert.deepEqual(failures.slice(0, 3), [1, 2, 3]);
  assert.equal(connector.health.lastError, 'ECONNREFUSED');
  await connector.stop();
});

test('a host that is not declared is never called', async () => {
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(smsc.port, {}, { hostAllowed: () => false });
  await until(() => connector.health.lastError !== null);
  assert.equal(connector.health.lastError, 'HOST_NOT_DECLARED');
  assert.equal(smsc.sockets.size, 0);
  await connector.stop();
  await smsc.stop();
});

test('F11: a disconnect with a full window leaves what was written unknown and returns the rest', async () => {
  const smsc = await TestSmsc.start({ onSubmit: () => undefined });
  const { connector } = startConnector(smsc.port, { windowSize: 5, otpWindowReserve: 0 });
  await bound(connector);
  const outcomes = outcomesOf(connector, parts(8));
  await until(() => smsc.submits.length === 5);
  smsc.reset();
  assert.deepEqual(await outcomes, [
    ...Array<PartOutcome>(5).fill({ kind: 'unknown', reason: 'lost' }),
    ...Array<PartOutcome>(3).fill({ kind: 'not_sent' }),
  ]);
  assert.equal(new Set(smsc.texts).size, 5);
  await until(() => smsc.binds === 2 && connector.health.bindsBound === 1);
  await connector.stop();
  await smsc.stop();
});

test('with one of two binds gone, what waits goes over the other one', async () => {
  let hold = true;
  const answers: SubmitAnswer[] = [];
  const smsc = await TestSmsc.start({
    onSubmit: (_pdu, answer) => {
      if (hold) answers.push(answer);
      else answer(0, 'later');
    },
  });
  const { connector } = startConnector(
    smsc.port,
    { binds: 2, windowSize: 2, otpWindowReserve: 0 },
    { backOff: () => 60_000 },
  );
  await bound(connector, 2);
  const outcomes = outcomesOf(connector, parts(6));
  await until(() => answers.length === 4);
  hold = false;
  const [socket] = smsc.sockets;
  socket!.resetAndDestroy();
  for (const answer of answers) answer(0, 'first');
  const kinds = (await outcomes).map(({ kind }) => kind).sort();
  assert.deepEqual(kinds, ['accepted', 'accepted', 'accepted', 'accepted', 'unknown', 'unknown']);
  await connector.stop();
  await smsc.stop();
});

test('F13: a black hole is found within two enquire intervals, and bound anew', async () => {
  const smsc = await TestSmsc.start();
  const wire = await Wire.to(smsc.port);
  const timers = new HandTimers();
  const { connector } = startConnector(
    wire.port,
    { enquireLinkSeconds: 30, responseTimeoutSeconds: 30 },
    { timers },
  );
  await bound(connector);
  wire.silent = true;
  timers.advance(30_000);
  timers.advance(29_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(connector.health.bindsBound, 1, 'the carrier still has time to answer');
  timers.advance(1_000);
  await until(() => connector.health.bindsBound === 0);
  assert.equal(connector.health.binds[0]?.lastError, 'enquire_link_timeout');
  wire.silent = false;
  await bound(connector);
  assert.equal((await outcomesOf(connector, [aPart()]))[0]?.kind, 'accepted');
  await connector.stop();
  await wire.stop();
  await smsc.stop();
});

test('F12: a slow carrier is never given more than the window, and loses nothing', async () => {
  let open = 0;
  let openMax = 0;
  const smsc = await TestSmsc.start({
    onSubmit: (_pdu, answer) => {
      openMax = Math.max(openMax, ++open);
      setTimeout(() => {
        open -= 1;
        answer(0, 'slow');
      }, 20);
    },
  });
  const { connector } = startConnector(smsc.port, { windowSize: 3, otpWindowReserve: 1 });
  await bound(connector);
  let left = 30;
  const kinds: string[] = [];
  const feed = () => {
    const room = Math.min(left, connector.capacity('marketing'));
    if (room === 0) return;
    left -= room;
    connector.submit(
      Array.from({ length: room }, () => aPart({ lane: 'marketing' })),
      (_part, outcome) => kinds.push(outcome.kind),
    );
  };
  connector.onCapacity(feed);
  feed();
  await until(() => kinds.length === 30);
  assert.deepEqual(new Set(kinds), new Set(['accepted']));
  assert.equal(openMax, 2);
  await connector.stop();
  await smsc.stop();
});

test('F12: an answer that comes too late names the carrier’s id of the part that was given up, once', async () => {
  const answers: SubmitAnswer[] = [];
  const smsc = await TestSmsc.start({ onSubmit: (_pdu, answer) => answers.push(answer) });
  const late: LateAnswer[] = [];
  const timers = new HandTimers();
  const { connector } = startConnector(
    smsc.port,
    { responseTimeoutSeconds: 30 },
    { timers, onLate: (answer) => late.push(answer) },
  );
  await bound(connector);
  const [one, other, inTime] = [aPart(), aPart(), aPart()];
  const outcomes = outcomesOf(connector, [one, other]);
  await until(() => answers.length === 2);
  timers.advance(30_000);
  assert.deepEqual(await outcomes, Array(2).fill({ kind: 'unknown', reason: 'timeout' }));
  answers[0]!(0, '00AB');
  answers[1]!(STATUS.RINVDSTADR);
  await until(() => late.length === 2);
  assert.deepEqual(late, [
    { connectorId: connector.id, partId: one.id, outcome: { kind: 'accepted', carrierMessageId: 'ab' } },
    {
      connectorId: connector.id,
      partId: other.id,
      outcome: { kind: 'refused', status: 0x0b, errorCode: 'ESME_RINVDSTADR', severity: 'permanent' },
    },
  ]);
  await until(() => {
    timers.advance(100);
    return connector.capacity('otp') > 0;
  });
  const outcome = outcomesOf(connector, [inTime]);
  await until(() => answers.length === 3);
  answers[2]!(0, 'in-time');
  assert.equal((await outcome)[0]?.kind, 'accepted');
  assert.equal(late.length, 2);
  await connector.stop();
  await smsc.stop();
});

test('F12: throttling comes back to the caller, pauses the connector, and passes', async () => {
  let throttle = true;
  const smsc = await TestSmsc.start({
    onSubmit: (_pdu, answer) => {
      answer(throttle ? STATUS.RTHROTTLED : 0, throttle ? '' : 'ok');
    },
  });
  const { connector } = startConnector(smsc.port, { windowSize: 20 });
  await bound(connector);
  let heard = 0;
  connector.onCapacity(() => (heard += 1));
  const outcomes = await outcomesOf(connector, parts(10));
  for (const outcome of outcomes)
    assert.deepEqual(outcome, {
      kind: 'refused',
      status: STATUS.RTHROTTLED,
      errorCode: 'ESME_RTHROTTLED',
      severity: 'throttled',
    });
  assert.equal(connector.capacity('otp'), 0);
  const { health } = connector;
  assert.equal(health.state, 'throttled');
  assert.ok(health.throttledForMs > 0);
  assert.ok(health.partsPerSecondLimit !== null && health.partsPerSecondLimit <= 10);
  throttle = false;
  heard = 0;
  await until(() => heard > 0);
  assert.ok(connector.capacity('otp') > 0);
  assert.equal((await outcomesOf(connector, [aPart()]))[0]?.kind, 'accepted');
  await connector.stop();
  await smsc.stop();
});

test('a configured rate counts parts, and codes overtake the bulk that waits for it', async () => {
  const smsc = await TestSmsc.start();
  const timers = new HandTimers();
  const { connector } = startConnector(smsc.port, { windowSize: 100, partsPerSecond: 50 }, { timers });
  await bound(connector);
  await until(() => connector.capacity('marketing') === 5);
  const bulk = outcomesOf(
    connector,
    Array.from({ length: 25 }, (_, at) => aPart({ lane: 'marketing', text: `bulk ${at}` })),
  );
  await until(() => smsc.submits.length === 5);
  const code = outcomesOf(connector, [aPart({ lane: 'otp', text: 'code' })]);
  // A fiftieth of a second lets one part through, and that is the code.
  timers.advance(20);
  await code;
  assert.equal(smsc.texts.at(-1), 'code');
  assert.equal(smsc.submits.length, 6);
  for (let sent = 7; sent <= 26; sent++) {
    timers.advance(20);
    await until(() => smsc.submits.length === sent);
  }
  await bulk;
  await connector.stop();
  await smsc.stop();
});

test('a carrier that answers "not bound" is bound anew', async () => {
  let lost = true;
  const smsc = await TestSmsc.start({
    onSubmit: (_pdu, answer) => {
      answer(lost ? STATUS.RINVBNDSTS : 0, 'ok');
      lost = false;
    },
  });
  const { connector } = startConnector(smsc.port);
  await bound(connector);
  const [outcome] = await outcomesOf(connector, [aPart()]);
  assert.ok(outcome?.kind === 'refused' && outcome.severity === 'temporary');
  await until(() => smsc.binds === 2 && connector.health.bindsBound === 1);
  assert.equal((await outcomesOf(connector, [aPart()]))[0]?.kind, 'accepted');
  await connector.stop();
  await smsc.stop();
});

test('a connector stopped while it is still connecting stops at once', async () => {
  const smsc = await TestSmsc.start({ onBind: () => new Promise(() => undefined) });
  const { connector } = startConnector(smsc.port);
  await until(() => smsc.sockets.size === 1);
  const startMs = performance.now();
  await connector.stop();
  assert.ok(performance.now() - startMs < 5_000);
  await smsc.stop();
});
