// kill -9 of the product at its failpoints, one after the other in drawn order: before and after the commit of a
// request, after a claim, after the socket write, after the carrier's answer, around the storing of answers and
// receipts. Each start on the same data directory arms the next point.
import { setTimeout as pause } from 'node:timers/promises';
import { FAILPOINTS, type Failpoint } from '#platform/failpoints';
import type { Scenario } from '../scenario.ts';

/** A point is passed many times a second under load; one that is not passed at all is a fault of the run. */
const REACHED_LIMIT_MS = 30_000;
/** More than the window, so that part of the load goes through the queue. */
const MESSAGES = 36;
const LANES = 10;
/** Receipts of a load come this long after its answers. */
const RECEIPTS_MS = 150;

export function killAt(points: readonly Failpoint[], name: string): Scenario {
  return {
    name,
    async run(world, dice) {
      // Slow enough that windows fill and answers are on their way when the kill comes.
      await world.smsc.set({ latencyMs: { minMs: 5, maxMs: 60 } });
      const loads: Promise<void>[] = [];
      for (const point of dice.shuffled(points)) {
        const armed = `${point}=kill@${dice.whole(1, 4)}`;
        if (world.server.alive) await world.killAndRestart(armed);
        else await world.restart(armed);
        // Flushes are shared, so that a load may pass a point fewer times than it has messages: go on until it dies.
        const limitMs = performance.now() + REACHED_LIMIT_MS;
        while (world.server.alive && performance.now() < limitMs) {
          const load = world.client.sendAll(world.wanted.many(MESSAGES), LANES, 10);
          loads.push(load);
          await Promise.race([load.then(() => pause(RECEIPTS_MS)), world.server.ended(REACHED_LIMIT_MS)]);
        }
        if (world.server.alive) throw new Error(`${armed} was never reached`);
      }
      await world.restart();
      await Promise.all(loads);
      await world.smsc.set({ latencyMs: 0 });
    },
  };
}

export const killAtEveryPoint: Scenario = killAt(FAILPOINTS, 'kill at every failpoint');
