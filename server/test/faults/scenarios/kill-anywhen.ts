// kill -9 of the product at moments nobody chose, under load.
import { setTimeout as pause } from 'node:timers/promises';
import { type Scenario, underLoad } from '../scenario.ts';

const KILLS = 2;

export const killAnywhen: Scenario = {
  name: 'kill at random moments',
  async run(world, dice, strength) {
    await world.smsc.set({ latencyMs: { minMs: 1, maxMs: 80 } });
    await underLoad(world, 6, async () => {
      for (let kill = 0; kill < KILLS * strength; kill++) {
        await pause(dice.whole(200, 1_500));
        await world.killAndRestart();
      }
      await world.measureRecovery();
    });
    await world.smsc.set({ latencyMs: 0 });
  },
};
