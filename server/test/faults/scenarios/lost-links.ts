// The carrier's connection lost at the worst moments: in the middle of a PDU in either direction, by reset, by FIN,
// half closed, silenced, and with a full window of submissions that wait for their answers.
import { setTimeout as pause } from 'node:timers/promises';
import { type Scenario, underLoad } from '../scenario.ts';

const CUTS = 2;
/** Small enough to come soon; PDUs here have 60 to 250 octets, so most cuts fall inside one. */
const OCTETS_MAX = 3_000;
/** Of a window of twenty, two are kept for one-time codes. */
const FULL_WINDOW = 18;
const FIRED_LIMIT_MS = 15_000;

export const lostLinks: Scenario = {
  name: 'links lost mid-PDU',
  async run(world, dice, strength) {
    await world.smsc.set({ latencyMs: { minMs: 5, maxMs: 60 } });
    await underLoad(world, 8, async () => {
      for (let cut = 0; cut < CUTS * strength; cut++) {
        const fired = world.network.arm({
          direction: dice.pick(['outward', 'homeward']),
          octets: dice.whole(1, OCTETS_MAX),
          how: dice.pick(['rst', 'fin', 'half_close', 'swallow']),
        });
        // A link that is still being bound anew carries nothing to cut.
        await Promise.race([fired, pause(FIRED_LIMIT_MS)]);
        world.network.disarm();
        const fellMs = performance.now();
        await world.bound();
        world.recoveries.push((performance.now() - fellMs) / 1000);
        // Silence is noticed after a while, and until then everything looks well.
        await pause(dice.whole(200, 2_500));
      }
    });
    world.network.endSilence();
    await world.smsc.set({ latencyMs: 0 });
  },
};

export const fullWindowLost: Scenario = {
  name: 'a full window lost',
  async run(world, dice) {
    await world.bound();
    await world.smsc.set({
      disconnect: { when: { openSubmits: FULL_WINDOW }, how: dice.pick(['fin', 'rst']), times: 1 },
    });
    // Not one is answered before the window is full, so all of it is lost at once.
    await world.client.sendAll(world.wanted.many(3 * FULL_WINDOW), 2 * FULL_WINDOW, 10);
    await world.bound();
    await world.smsc.set({ disconnect: null });
  },
};
