// The connector against the simulated message centre: what carriers really do to ids, receipts and rates.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type IdSpelling,
  type ReceiptBehaviour,
  type Smsc,
  type SmscOptions,
  startSmsc,
} from '@sotto/simulator';
import type { PartOutcome, PartToSubmit } from '../port.ts';
import { aPart, bound, outcomesOf, startConnector, until } from '../test/under-test.ts';

const started: Smsc[] = [];
after(async () => {
  for (const smsc of started) await smsc.stop();
});

async function simulated(options: SmscOptions): Promise<Smsc> {
  const smsc = await startSmsc({ port: 0, seed: 7, ...options });
  started.push(smsc);
  return smsc;
}

const SPELLINGS: readonly IdSpelling[] = ['decimal', 'hex', 'upper_hex', 'padded'];
const WAYS: readonly Partial<ReceiptBehaviour>[] = [
  { order: 'after', carriedBy: 'both' },
  { order: 'before', carriedBy: 'text' },
  { order: 'after', carriedBy: 'tlv', copies: 2, shuffle: 8 },
  { order: 'after', carriedBy: 'both', command: 'data_sm', intermediate: true },
];

test('F14, F15: whatever base and zeros ids are written in, every accepted part finds its receipt', async () => {
  for (const responseId of SPELLINGS) {
    const smsc = await simulated({ behaviour: { responseId } });
    const { connector, receipts } = startConnector(smsc.port, { windowSize: 100 });
    await bound(connector);
    for (const [at, way] of WAYS.entries()) {
      receipts.length = 0;
      smsc.set({
        receipts: {
          copies: 1,
          shuffle: 0,
          command: 'deliver_sm',
          intermediate: false,
          ...way,
          textId: SPELLINGS[at]!,
          tlvId: SPELLINGS[3 - at]!,
        },
      });
      const outcomes = await outcomesOf(
        connector,
        Array.from({ length: 20 }, () => aPart()),
      );
      await smsc.idle();
      for (const outcome of outcomes) {
        assert.equal(outcome.kind, 'accepted');
        const id = outcome.kind === 'accepted' ? outcome.carrierMessageId : '';
        const mine = receipts.filter(({ final, messageIds }) => final && messageIds.includes(id));
        assert.ok(
          mine.length >= (way.copies ?? 1),
          `no receipt for ${id} (${responseId}, ${JSON.stringify(way)})`,
        );
        assert.ok(mine.every(({ state }) => state === 'delivered'));
      }
    }
    await connector.stop();
    await smsc.stop();
  }
});

test('a simulated carrier without transceivers carries both ways over pairs', async () => {
  const smsc = await simulated({ behaviour: { transceivers: false } });
  const refused = startConnector(smsc.port, { bindMode: 'trx' });
  await until(() => refused.connector.health.lastError === 'ESME_RBINDFAIL');
  await refused.connector.stop();
  const { connector, receipts } = startConnector(smsc.port, { bindMode: 'tx_rx', binds: 2 });
  await bound(connector, 2);
  await outcomesOf(
    connector,
    Array.from({ length: 10 }, () => aPart()),
  );
  await smsc.idle();
  assert.equal(receipts.length, 10);
  await connector.stop();
  await smsc.stop();
});

test('F12: throttled parts that are queued again all arrive, and the connector finds the rate', async () => {
  const smsc = await simulated({ behaviour: { partsPerSecond: 200, receipts: { send: 'never' } } });
  const { connector } = startConnector(smsc.port, { windowSize: 50, otpWindowReserve: 5 });
  await bound(connector);
  const queue: PartToSubmit[] = Array.from({ length: 500 }, () => aPart({ lane: 'marketing' }));
  let accepted = 0;
  let throttled = 0;
  const onOutcome = (part: PartToSubmit, outcome: PartOutcome) => {
    if (outcome.kind === 'accepted') accepted += 1;
    else {
      assert.ok(outcome.kind === 'refused' && outcome.severity === 'throttled', outcome.kind);
      throttled += 1;
      queue.push(part);
    }
  };
  const feed = () => {
    const room = Math.min(queue.length, connector.capacity('marketing'));
    if (room > 0) connector.submit(queue.splice(0, room), onOutcome);
  };
  connector.onCapacity(feed);
  feed();
  await until(() => {
    feed();
    return accepted === 500;
  }, 15_000);
  assert.ok(throttled > 0 && throttled < 250, `${throttled} of ${500 + throttled} were throttled`);
  await connector.stop();
  await smsc.stop();
});

test('F11: over reconnects in the middle of PDUs no part is lost, doubled, or called not sent when it was', async () => {
  const smsc = await simulated({
    behaviour: {
      receipts: { send: 'never' },
      disconnect: { when: { octetsReceived: 1_501 }, how: 'rst', times: 6 },
    },
  });
  const { connector } = startConnector(smsc.port, { windowSize: 20, otpWindowReserve: 0 });
  const queue: PartToSubmit[] = Array.from({ length: 300 }, () => aPart());
  let accepted = 0;
  let unknown = 0;
  const onOutcome = (part: PartToSubmit, outcome: PartOutcome) => {
    if (outcome.kind === 'accepted') accepted += 1;
    else if (outcome.kind === 'unknown') unknown += 1;
    else if (outcome.kind === 'not_sent') queue.push(part);
    else assert.fail(outcome.errorCode);
  };
  const feed = () => {
    const room = Math.min(queue.length, connector.capacity('transactional'));
    if (room > 0) connector.submit(queue.splice(0, room), onOutcome);
  };
  connector.onCapacity(feed);
  feed();
  await until(() => accepted + unknown === 300, 10_000);
  const { submits } = smsc.counts();
  assert.ok(
    submits >= accepted && submits <= accepted + unknown,
    `${submits} for ${accepted} and ${unknown}`,
  );
  assert.ok(unknown > 0 && unknown <= 6 * 20);
  await connector.stop();
  await smsc.stop();
});
