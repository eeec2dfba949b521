import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePdu, type RequestOutcome, STATUS } from '@sotto/smpp';
import { answerOf, bindClient, until, withSmsc } from './test/client.ts';

const NUMBER = '491512345';
const statusOf = (outcome: RequestOutcome) => (outcome.kind === 'response' ? outcome.status : outcome.kind);

test('a submission that asks for a receipt gets one, under the id it was answered with', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const outcome = await client.submit(`${NUMBER}0001`);
    await smsc.idle();
    assert.equal(client.receipts.length, 1);
    assert.equal(client.receipts[0]?.state, 'delivered');
    assert.deepEqual(answerOf(outcome), [0, client.receipts[0]?.messageIds[0]]);
    const receipt = client.delivered[0]!;
    assert.deepEqual([receipt.source, receipt.destination], [`${NUMBER}0001`, 'SOTTO']);
    const { submits, accepted, receiptsSent, receiptsAcked, receiptsPending } = smsc.counts();
    assert.deepEqual([submits, accepted, receiptsSent, receiptsAcked, receiptsPending], [1, 1, 1, 1, 0]);
  }));

test('no receipt is sent where none was asked for, and failures alone where only they were', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    await client.submit(`${NUMBER}1000`, { registeredDelivery: 0 });
    await client.submit(`${NUMBER}1000`, { registeredDelivery: 2 });
    smsc.set({ receipts: { state: 'undeliverable', errorCode: '011' } });
    await client.submit(`${NUMBER}1000`, { registeredDelivery: 2 });
    await smsc.idle();
    assert.deepEqual(
      client.receipts.map(({ state, errorCode }) => [state, errorCode]),
      [['undeliverable', '011']],
    );
  }));

test('receipts come early when told so: before the answer of their submission', () =>
  withSmsc({ behaviour: { receipts: { order: 'before' } } }, async (smsc) => {
    const order: string[] = [];
    const client = await bindClient(smsc, 'transceiver', {
      onDeliver: (_pdu, answer) => {
        order.push('receipt');
        answer(0);
      },
    });
    await client.submit(`${NUMBER}1000`);
    order.push('answer');
    assert.deepEqual(order, ['receipt', 'answer']);
  }));

test('receipts come late, twice, and after an ENROUTE notice when told so', () =>
  withSmsc({ behaviour: { receipts: { delayMs: 40, copies: 2, intermediate: true } } }, async (smsc) => {
    const client = await bindClient(smsc);
    const start = performance.now();
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.ok(performance.now() - start >= 35);
    assert.deepEqual(
      client.receipts.map(({ state, final }) => [state, final]),
      [
        ['enroute', false],
        ['delivered', true],
        ['delivered', true],
      ],
    );
  }));

test('receipts come in another order than their submissions when shuffled, and none is missing', () =>
  withSmsc({ behaviour: { receipts: { shuffle: 50 } } }, async (smsc) => {
    const client = await bindClient(smsc);
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => client.submit(`${NUMBER}1000`)));
    await smsc.idle();
    const submitted = outcomes.map((outcome) => outcome.kind === 'response' && outcome.messageId);
    const receipted = client.receipts.map(({ messageIds }) => messageIds[0]);
    assert.notDeepEqual(receipted, submitted);
    assert.deepEqual([...receipted].sort(), [...submitted].sort());
  }));

test('ids are spelled one way in the answer and another in text and parameter', () =>
  withSmsc(
    { behaviour: { responseId: 'hex', receipts: { textId: 'padded', tlvId: 'upper_hex' } } },
    async (smsc) => {
      const client = await bindClient(smsc);
      const [, hex] = answerOf(await client.submit(`${NUMBER}1000`)) as [number, string];
      await smsc.idle();
      const [tlv, text] = client.receipts[0]!.messageIds;
      assert.equal(tlv, hex.toUpperCase());
      assert.equal(BigInt(text!), BigInt(`0x${hex}`));
      assert.match(text!, /^0+/);
    },
  ));

test('receipts travel in text alone, in parameters alone, and as data_sm', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    for (const carriedBy of ['text', 'tlv'] as const) {
      smsc.set({ receipts: { carriedBy } });
      await client.submit(`${NUMBER}1000`);
    }
    smsc.set({ receipts: { carriedBy: 'both', command: 'data_sm' } });
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    const [text, tlv, data] = client.delivered;
    assert.equal(text?.tlvs.octets, 0);
    assert.equal(tlv?.command === 'deliver_sm' && tlv.message.length, 0);
    assert.equal(data?.command, 'data_sm');
    assert.deepEqual(
      client.receipts.map(({ state }) => state),
      ['delivered', 'delivered', 'delivered'],
    );
  }));

test('a receipt answered "later" comes again until it is taken, and is counted', () =>
  withSmsc({ behaviour: { receipts: { retryMs: 5 } } }, async (smsc) => {
    let tries = 0;
    const client = await bindClient(smsc, 'transceiver', {
      onDeliver: (_pdu, answer) => answer(++tries < 3 ? STATUS.RX_T_APPN : STATUS.ROK),
    });
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.equal(tries, 3);
    const { receiptsSent, receiptsRetried, receiptsAcked } = smsc.counts();
    assert.deepEqual([receiptsSent, receiptsRetried, receiptsAcked], [3, 2, 1]);
  }));

test('a receipt refused for good is given up', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc, 'transceiver', {
      onDeliver: (_pdu, answer) => answer(STATUS.RX_P_APPN),
    });
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.equal(smsc.counts().receiptsGivenUp, 1);
  }));

test('receipts wait for a bind that takes them, and outlive a lost connection', () =>
  withSmsc({ behaviour: { receipts: { retryMs: 1 } } }, async (smsc) => {
    const transmitter = await bindClient(smsc, 'transmitter');
    await transmitter.submit(`${NUMBER}1000`);
    assert.equal(smsc.counts().receiptsPending, 1);
    const silent = await bindClient(smsc, 'receiver', { onDeliver: () => undefined });
    await until(() => smsc.counts().receiptsSent === 1);
    silent.session.close('gone with an unanswered receipt');
    const receiver = await bindClient(smsc, 'receiver');
    await smsc.idle();
    assert.equal(receiver.receipts.length, 1);
  }));

test('a full queue is answered 0x14 until receipts have gone out', () =>
  withSmsc({ behaviour: { queueMax: 2, receipts: { delayMs: 30 } } }, async (smsc) => {
    const client = await bindClient(smsc);
    const outcomes = await Promise.all([1, 2, 3].map(() => client.submit(`${NUMBER}1000`)));
    assert.deepEqual(outcomes.map(statusOf), [0, 0, STATUS.RMSGQFUL]);
    await smsc.idle();
    assert.equal(statusOf(await client.submit(`${NUMBER}1000`)), 0);
  }));

test('ids differ between runs', async () => {
  const ids = new Set<string>();
  for (let run = 0; run < 3; run++)
    await withSmsc({}, async (smsc) => {
      const client = await bindClient(smsc);
      for (let index = 0; index < 5; index++)
        ids.add((answerOf(await client.submit(`${NUMBER}1000`)) as [number, string])[1]);
    });
  assert.equal(ids.size, 15);
});

test('a receipt for an id never given out, and any delivery at all, may be sent', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const stray = { messageId: 'never-seen', from: `${NUMBER}1000`, to: 'SOTTO' };
    assert.equal(await smsc.strayReceipt({ ...stray, state: 'expired' }), 0);
    assert.deepEqual(
      [client.receipts[0]?.messageIds, client.receipts[0]?.state],
      [['never-seen'], 'expired'],
    );
    const odd = makePdu('deliver_sm', { esmClass: 0x18, message: Buffer.from([0xff]) });
    assert.equal(await smsc.deliver(odd), 0);
    assert.equal(client.delivered[1]?.esmClass, 0x18);
    await assert.rejects(
      withSmsc({}, async (empty) => void (await empty.strayReceipt(stray))),
      /name the account/,
    );
  }));
