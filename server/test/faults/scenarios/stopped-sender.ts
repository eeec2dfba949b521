// Split brain: the process that submits is stopped with a full window, its leases run out, another one takes its
// claims over and binds; then the first wakes up, believing what it knew (F24). Its late outcomes must change nothing.
import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';

const MESSAGES = 50;
/** The stopped process holds unanswered submissions when it is stopped, and so does its successor when it wakes. */
const LATENCY_MS = 1_200;

export const stoppedSender: Scenario = {
  name: 'a stopped sender wakes up',
  async run(world, dice) {
    await world.bound();
    await world.smsc.set({ latencyMs: LATENCY_MS });
    const load = world.client.sendAll(world.wanted.many(MESSAGES), 24);
    await pause(dice.whole(300, 900));
    const first = world.server;
    first.signal('SIGSTOP');
    let second: Awaited<ReturnType<typeof world.launch>>;
    try {
      await world.forgetTheDead();
      second = await world.launch();
      world.adoptServer(second);
      await world.bound();
      // Its successor has claims of the same parts under way by then, some answered and some not.
      await pause(dice.whole(200, 2_500));
    } finally {
      first.signal('SIGCONT');
    }
    await pause(dice.whole(500, 2_000));
    await first.kill();
    // Whatever the first one took on after it woke is left to its leases to run out, like everything else.
    await load;
    await world.smsc.set({ latencyMs: 0 });
  },
};
