// kill -9 of PostgreSQL under load, several times: the postmaster, which is then started again, and single
// backends, after which the postmaster ends all sessions and recovers by itself.
import { setTimeout as pause } from 'node:timers/promises';
import { type Scenario, underLoad } from '../scenario.ts';

const KILLS = 2;

export const killDatabase: Scenario = {
  name: 'kill the database',
  async run(world, dice, strength) {
    await world.smsc.set({ latencyMs: { minMs: 1, maxMs: 40 } });
    await underLoad(world, 6, async () => {
      for (let kill = 0; kill < KILLS * strength; kill++) {
        await pause(dice.whole(200, 1_200));
        if (kill % 2 === 0) {
          await world.database.kill();
          // Sometimes the server notices at leisure, sometimes it is back before anybody asked.
          await pause(dice.whole(0, 800));
          // Either the product starts its database again by itself, or a supervisor was faster.
          if (dice.chance(0.5)) await world.database.start();
          else await world.database.answers();
        } else {
          await world.database.killBackend();
          await world.database.answers();
        }
        await world.measureRecovery();
      }
    });
    await world.smsc.set({ latencyMs: 0 });
  },
};
