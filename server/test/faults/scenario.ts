// What a scenario is: faults done to a world under load. It resolves when it has done its worst and every request it
// made has its answer; coming to rest and comparing the truths is the run's work.
import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import type { World } from './world.ts';

export interface Scenario {
  readonly name: string;
  /** `strength` multiplies how often it does its worst: a half in `npm test`, more in sweeps. */
  run(world: World, dice: Dice, strength: number): Promise<void>;
}

/** A lane pauses so long after each answer: enough load to have everything under way, not to exhaust the numbers. */
const LANE_PAUSE_MS = 60;
const BATCH_OF = 12;

/** Runs `work` while `lanes` clients send without end, then waits for every answer. */
export async function underLoad(world: World, lanes: number, work: () => Promise<void>): Promise<void> {
  let going = true;
  const lane = async (number: number): Promise<void> => {
    while (going) {
      if (number === 0) await world.client.sendBatch(world.wanted.many(BATCH_OF));
      else await world.client.sendOne(world.wanted.next());
      await pause(number === 0 ? LANE_PAUSE_MS * BATCH_OF : LANE_PAUSE_MS);
    }
  };
  const lanesDone = Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  try {
    await work();
  } finally {
    going = false;
    await lanesDone;
  }
}
