// The connector against a message centre over real sockets: what it does with a carrier that is well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePdu, makeTlvs, STATUS, type SubmitAnswer } from '@sotto/smpp';
import { TEST_ONLY_CERTIFICATE, TEST_ONLY_PRIVATE_KEY } from '@sotto/smpp/test/test-only-certificate';
import { handsetMessage, receiptFor, TestSmsc } from '../test/test-smsc.ts';
import { aPart, bound, outcomesOf, startConnector, until } from '../test/under-test.ts';

test('a message centre that offers only transmitter and receiver binds carries both ways', async () => {
  const modes: string[] = [];
  const smsc = await TestSmsc.start({
    version: 0x33,
    onBind: ({ mode }) => {
      modes.push(mode);
      return 0;
    },
  });
  const { connector, receipts } = startConnector(smsc.port, { bindMode: 'tx_rx', interfaceVersion: 0x33 });
  await bound(connector);
  assert.deepEqual(modes, ['receiver', 'transmitter']);
  assert.deepEqual(await outcomesOf(connector, [aPart()]), [{ kind: 'accepted', carrierMessageId: 'id-1' }]);
  assert.deepEqual(await smsc.deliver(receiptFor('id-1')).then(({ kind }) => kind), 'response');
  assert.equal(receipts[0]?.messageIds[0], 'id-1');
  await connector.stop();
  await smsc.stop();
});

test('when one session of a pair ends, both are bound again', async () => {
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(smsc.port, { bindMode: 'tx_rx' });
  await bound(connector);
  const [receiver] = [...smsc.sessions].filter(({ state }) => state === 'bound_rx');
  receiver!.close('test');
  await until(() => smsc.binds === 4 && connector.health.bindsBound === 1);
  assert.deepEqual([...smsc.sessions].map(({ state }) => state).sort(), ['bound_rx', 'bound_tx']);
  await connector.stop();
  await smsc.stop();
});

test('several binds share the load, and health counts them', async () => {
  const smsc = await TestSmsc.start({ onSubmit: () => undefined });
  const { connector } = startConnector(smsc.port, { binds: 3, windowSize: 4, otpWindowReserve: 0 });
  await bound(connector, 3);
  connector.submit(
    Array.from({ length: 12 }, () => aPart()),
    () => undefined,
  );
  await until(() => smsc.submits.length === 12);
  assert.deepEqual(
    [...smsc.sessions].map(({ openSubmits }) => openSubmits),
    [4, 4, 4],
  );
  const { health } = connector;
  assert.deepEqual([health.state, health.windowUsed, health.windowMax], ['bound', 12, 12]);
  await connector.stop();
  await smsc.stop();
});

test('a receipt that comes before the answer to its submission is handed on at once', async () => {
  let answerLater: SubmitAnswer | undefined;
  const smsc = await TestSmsc.start({
    onSubmit: (_pdu, answer) => {
      answerLater = answer;
    },
  });
  const { connector, receipts } = startConnector(smsc.port);
  await bound(connector);
  const outcome = outcomesOf(connector, [aPart()]);
  await until(() => answerLater !== undefined);
  await smsc.deliver(receiptFor('early-1'));
  assert.equal(receipts[0]?.messageIds[0], 'early-1');
  answerLater!(0, 'early-1');
  assert.deepEqual(await outcome, [{ kind: 'accepted', carrierMessageId: 'early-1' }]);
  await connector.stop();
  await smsc.stop();
});

test('a delivery is answered OK after it was stored, and "again" when it was not', async () => {
  const settles: ((stored: boolean) => void)[] = [];
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(
    smsc.port,
    {},
    {
      onReceipt: (_receipt, settle) => settles.push(settle),
      onInbound: (_inbound, settle) => settles.push(settle),
    },
  );
  await bound(connector);
  const answers = [smsc.deliver(receiptFor('1')), smsc.deliver(handsetMessage())];
  await until(() => settles.length === 2);
  let answered = 0;
  for (const answer of answers) void answer.then(() => (answered += 1));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(answered, 0);
  settles[1]!(true);
  settles[0]!(false);
  assert.deepEqual(
    (await Promise.all(answers)).map((outcome) =>
      outcome.kind === 'response' ? outcome.status : outcome.kind,
    ),
    [STATUS.RX_T_APPN, STATUS.ROK],
  );
  await connector.stop();
  await smsc.stop();
});

test('receipts arrive as data_sm too and are answered as such', async () => {
  const smsc = await TestSmsc.start();
  const { connector, receipts } = startConnector(smsc.port);
  await bound(connector);
  const outcome = await smsc.deliver(
    makePdu('data_sm', { esmClass: 0x04, tlvs: makeTlvs({ receiptedMessageId: 'd1', messageState: 2 }) }),
  );
  assert.ok(outcome.kind === 'response' && outcome.pdu.command === 'data_sm_resp' && outcome.status === 0);
  assert.equal(receipts[0]?.messageIds[0], 'd1');
  await connector.stop();
  await smsc.stop();
});

test('stopping lets outstanding answers come, returns what waits, and unbinds', async () => {
  const answers: SubmitAnswer[] = [];
  const smsc = await TestSmsc.start({ onSubmit: (_pdu, answer) => answers.push(answer) });
  const { connector } = startConnector(smsc.port, { windowSize: 2, otpWindowReserve: 0 }, { drainMs: 5_000 });
  await bound(connector);
  const [session] = smsc.sessions;
  const outcomes = outcomesOf(connector, [aPart(), aPart(), aPart()]);
  await until(() => answers.length === 2);
  const stopped = connector.stop();
  assert.equal(connector.capacity('otp'), 0);
  answers.forEach((answer, at) => {
    answer(0, `id-${at}`);
  });
  assert.deepEqual(await outcomes, [
    { kind: 'accepted', carrierMessageId: 'id-0' },
    { kind: 'accepted', carrierMessageId: 'id-1' },
    { kind: 'not_sent' },
  ]);
  await stopped;
  await until(() => session!.closeReason !== null);
  assert.deepEqual(session!.closeReason, { kind: 'unbound', by: 'peer' });
  assert.equal(connector.health.state, 'stopped');
  assert.deepEqual(await outcomesOf(connector, [aPart()]), [{ kind: 'not_sent' }]);
  await smsc.stop();
});

test('a stop does not wait longer for a silent carrier than the drain limit', async () => {
  const smsc = await TestSmsc.start({ onSubmit: () => undefined });
  const { connector } = startConnector(smsc.port, {}, { drainMs: 100 });
  await bound(connector);
  const outcome = outcomesOf(connector, [aPart()]);
  await until(() => smsc.submits.length === 1);
  const startMs = performance.now();
  await connector.stop();
  assert.ok(performance.now() - startMs < 5_000);
  assert.deepEqual(await outcome, [{ kind: 'unknown', reason: 'lost' }]);
  await smsc.stop();
});

test('a part that fits no field of this carrier is refused without being sent', async () => {
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(smsc.port);
  await bound(connector);
  const outcomes = await outcomesOf(connector, [
    aPart({ from: 'far too long a name' }),
    aPart({ text: 'ok' }),
  ]);
  assert.deepEqual(outcomes, [
    { kind: 'refused', status: 0, errorCode: 'LOCAL_SENDER', severity: 'permanent' },
    { kind: 'accepted', carrierMessageId: 'id-1' },
  ]);
  assert.deepEqual(smsc.texts, ['ok']);
  await connector.stop();
  await smsc.stop();
});

test('an outcome handler that throws harms no other part', async () => {
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(smsc.port);
  await bound(connector);
  connector.submit([aPart()], () => {
    throw new Error('a defect above');
  });
  const [outcome] = await outcomesOf(connector, [aPart()]);
  assert.equal(outcome?.kind, 'accepted');
  await connector.stop();
  await smsc.stop();
});

test('TLS is verified against the given certificates, and another name or authority is refused (checklist 42)', async () => {
  const smsc = await TestSmsc.start({ tls: { cert: TEST_ONLY_CERTIFICATE, key: TEST_ONLY_PRIVATE_KEY } });
  const secure = startConnector(smsc.port, {
    tls: 'verify',
    tlsCa: TEST_ONLY_CERTIFICATE,
    tlsServerName: 'localhost',
  });
  await bound(secure.connector);
  assert.equal((await outcomesOf(secure.connector, [aPart()]))[0]?.kind, 'accepted');
  await secure.connector.stop();
  for (const settings of [
    { tls: 'verify', tlsCa: null, tlsServerName: 'localhost' },
    { tls: 'verify', tlsCa: TEST_ONLY_CERTIFICATE, tlsServerName: 'smsc.example.com' },
  ] as const) {
    const refused = startConnector(smsc.port, settings);
    await until(() => refused.connector.health.lastError !== null);
    assert.equal(refused.connector.health.bindsBound, 0);
    assert.match(refused.connector.health.lastError!, /CERT|ALTNAME/);
    await refused.connector.stop();
  }
  await smsc.stop();
});

test('a pinned certificate is trusted whatever name it carries', async () => {
  const smsc = await TestSmsc.start({ tls: { cert: TEST_ONLY_CERTIFICATE, key: TEST_ONLY_PRIVATE_KEY } });
  const { connector } = startConnector(smsc.port, {
    tls: 'pinned',
    tlsCa: TEST_ONLY_CERTIFICATE,
    tlsServerName: 'another.example.com',
  });
  await bound(connector);
  await connector.stop();
  await smsc.stop();
});
