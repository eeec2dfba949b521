// Split brain: the process that submits is stopped with a full window, its leases run out, another one takes its
// claims over and binds; then the first wakes up, believing what it knew (F24). Its late outcomes must change nothing.
import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../dice.ts';
import type { Scenario } from '../scenario.ts';
import type { ServerProcess } from '../server-process.ts';
import { eventually } from '../waiting.ts';
import type { World } from '../world.ts';

const MESSAGES = 50;
const LANES = 24;
/** The stopped process holds unanswered submissions when it is stopped, and so does its successor when it wakes. */
const LATENCY_MS = 1_200;
const TAKEN_OVER_LIMIT_MS = 30_000;

/** Stops the first process, lets a second one take over, and returns the first, still stopped. */
async function succeed(world: World): Promise<ServerProcess> {
  const first = world.server;
  first.signal('SIGSTOP');
  try {
    await world.forgetTheDead();
    world.adoptServer(await world.launch());
    await world.bound();
    return first;
  } catch (error) {
    first.signal('SIGCONT');
    throw error;
  }
}

/** Wakes the first process for a while, then ends it. What it takes on meanwhile is left to its leases to run out. */
async function wakeAndEnd(first: ServerProcess, forMs: number): Promise<void> {
  first.signal('SIGCONT');
  await pause(forMs);
  await first.kill();
}

/** On waking it finds the answers to what it had submitted, for parts that others have submitted again. */
export const stoppedSender: Scenario = {
  name: 'a stopped sender wakes up',
  async run(world: World, dice: Dice) {
    await world.bound();
    await world.smsc.set({ latencyMs: LATENCY_MS });
    const load = world.client.sendAll(world.wanted.many(MESSAGES), LANES);
    await pause(dice.whole(300, 900));
    const first = await succeed(world);
    // Its successor has claims of the same parts under way by then, some answered and some not.
    await pause(dice.whole(200, 2_500));
    await wakeAndEnd(first, dice.whole(500, 2_000));
    await load;
    await world.smsc.set({ latencyMs: 0 });
  },
};

/** On waking it finds no answers, and would put parts back into the queue that others have just submitted again. */
export const stoppedUnanswered: Scenario = {
  name: 'a stopped sender wakes up unanswered',
  async run(world: World, dice: Dice) {
    await world.bound();
    await world.smsc.set({ withholdAnswers: true });
    const load = world.client.sendAll(
      world.wanted.many(MESSAGES, { class: 'transactional', parts: 1 }),
      LANES,
    );
    await pause(dice.whole(500, 900));
    const first = await succeed(world);
    const { submits } = await world.smsc.counts();
    await world.smsc.set({ withholdAnswers: false, latencyMs: 2 * LATENCY_MS });
    await eventually('the claims are taken over and submitted again', TAKEN_OVER_LIMIT_MS, async () => {
      const counts = await world.smsc.counts();
      return counts.submits > submits || undefined;
    });
    await wakeAndEnd(first, dice.whole(1_000, 2_000));
    await load;
    await world.smsc.set({ latencyMs: 0 });
  },
};
