// One request a hundred times at once under one key: once while all is well, once while the product is killed before
// its commit, once after it and before the answer. The kills are left out at half strength.
import type { Scenario } from '../scenario.ts';

const TIMES = 100;
const REACHED_LIMIT_MS = 30_000;

export const sameKey: Scenario = {
  name: 'one key a hundred times',
  async run(world, dice, strength) {
    await world.client.sendRepeatedly(world.wanted.next(), TIMES);
    const points = dice.shuffled(['submit.pre_commit', 'submit.post_commit']);
    for (const point of points.slice(0, Math.floor(strength) * points.length)) {
      if (world.server.alive) await world.killAndRestart(`${point}=kill@1`);
      else await world.restart(`${point}=kill@1`);
      const repeated = world.client.sendRepeatedly(world.wanted.next(), TIMES);
      await world.server.ended(REACHED_LIMIT_MS);
      await world.restart();
      await repeated;
    }
  },
};
