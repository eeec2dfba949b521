// Receipts as carriers send them: before the answer to their submission, twice, late, in any order, with ids written
// otherwise than they were given out, in parameters alone, in text alone, and for messages nobody sent.
import type { ReceiptBehaviour } from '@sotto/simulator/behaviour';
import type { Scenario } from '../scenario.ts';

const HABITS: readonly Partial<ReceiptBehaviour>[] = [
  { order: 'before' },
  { copies: 2 },
  { shuffle: 8, delayMs: { minMs: 0, maxMs: 300 } },
  { delayMs: { minMs: 500, maxMs: 2_000 } },
  { textId: 'hex', carriedBy: 'text' },
  { textId: 'upper_hex', tlvId: 'padded' },
  { carriedBy: 'tlv' },
  { carriedBy: 'text', excerpt: false },
  { intermediate: true },
  { command: 'data_sm', carriedBy: 'tlv' },
  { failing: { probability: 0.4, state: 'undeliverable', errorCode: '001' }, copies: 2, order: 'before' },
];

const USUAL: Partial<ReceiptBehaviour> = {
  order: 'after',
  copies: 1,
  shuffle: 0,
  delayMs: 0,
  textId: 'decimal',
  tlvId: 'decimal',
  carriedBy: 'both',
  excerpt: true,
  intermediate: false,
  command: 'deliver_sm',
  failing: null,
};

const MESSAGES = 12;
const STRAYS = 3;

export const oddReceipts: Scenario = {
  name: 'odd receipts',
  async run(world, dice, strength) {
    await world.bound();
    await world.smsc.set({ latencyMs: { minMs: 0, maxMs: 20 } });
    const strays: Promise<number>[] = [];
    for (const habit of dice.shuffled(HABITS)) {
      await world.smsc.set({ receipts: { ...USUAL, ...habit } });
      await world.client.sendAll(world.wanted.many(Math.ceil(MESSAGES * strength)), 8);
    }
    for (let stray = 0; stray < STRAYS; stray++) {
      const messageId = `9${dice.whole(100_000_000, 999_999_999)}`;
      world.strays.add(messageId);
      // A number the run never writes to.
      strays.push(world.smsc.strayReceipt({ messageId, from: '4915123599999', to: 'Sotto' }));
    }
    const answered = await Promise.all(strays);
    if (answered.some((status) => status !== 0))
      throw new Error(`receipts for unknown ids were answered ${answered.join(', ')}`);
    await world.smsc.set({ latencyMs: 0, receipts: USUAL });
  },
};
