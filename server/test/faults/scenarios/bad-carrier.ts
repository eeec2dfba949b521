// A carrier that is slow, that throttles, whose queue is full, that fails now and then, that refuses some numbers,
// that stops answering submissions, and that becomes a black hole.
import { setTimeout as pause } from 'node:timers/promises';
import type { BehaviourChange } from '@sotto/simulator/behaviour';
import { STATUS } from '@sotto/smpp';
import { type Scenario, underLoad } from '../scenario.ts';

/** Each for a while; what a connector learned under one is still there under the next. */
const MOODS: readonly { readonly name: string; readonly change: BehaviourChange; readonly forMs: number }[] =
  [
    { name: 'slow', change: { latencyMs: { minMs: 200, maxMs: 1_500 } }, forMs: 1_000 },
    { name: 'throttling', change: { partsPerSecond: 25 }, forMs: 1_000 },
    { name: 'queue full', change: { queueMax: 3, receipts: { delayMs: 300 } }, forMs: 1_000 },
    { name: 'failing', change: { errors: [{ status: STATUS.RSYSERR, probability: 0.2 }] }, forMs: 1_000 },
    { name: 'refusing', change: { errors: [{ status: STATUS.RINVDSTADR, probability: 0.2 }] }, forMs: 1_000 },
    { name: 'not answering', change: { withholdAnswers: true }, forMs: 4_000 },
    { name: 'black hole', change: { blackHole: true }, forMs: 3_000 },
  ];

const CALM: BehaviourChange = {
  latencyMs: 0,
  partsPerSecond: null,
  queueMax: null,
  errors: [],
  withholdAnswers: false,
  blackHole: false,
  receipts: { delayMs: 0 },
};

export const badCarrier: Scenario = {
  name: 'a bad carrier',
  async run(world, dice) {
    await underLoad(world, 5, async () => {
      for (const mood of dice.shuffled(MOODS)) {
        await world.smsc.set({ ...CALM, ...mood.change });
        await pause(mood.forMs);
        await world.smsc.set(CALM);
        const fellMs = performance.now();
        await world.bound();
        world.recoveries.push((performance.now() - fellMs) / 1000);
      }
    });
  },
};
