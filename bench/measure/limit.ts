// The limit that batch submission is held against: bare SQL on a database of its own, with one connection and with as
// many as the product has transactions under way.
import { join } from 'node:path';
import { runBareWorkload } from '../limit/bare-workload.ts';
import type { Workshop } from '../process/workshop.ts';

export interface LimitResult {
  /** Messages a second over one connection: each transaction waits for the one before. */
  readonly oneLane: number;
  /** Over three at once, which keeps the machine busy: an acceptance, a batch of answers, a batch of receipts. */
  readonly severalLanes: number;
}

const LANES = 3;
const BATCH_ROWS = 500;
const WARM_UP_MS = 1_500;

export async function measureLimit(workshop: Workshop, seconds: number): Promise<LimitResult> {
  return {
    oneLane: await bareRate(workshop, seconds, 1),
    severalLanes: await bareRate(workshop, seconds, LANES),
  };
}

function bareRate(workshop: Workshop, seconds: number, lanes: number): Promise<number> {
  return workshop.inFolder((folder) =>
    workshop.onDatabase(join(folder, 'data'), async ({ url }) => {
      const result = await runBareWorkload({
        url,
        seconds,
        warmUpMs: WARM_UP_MS,
        batchRows: BATCH_ROWS,
        lanes,
      });
      if (result.delivered !== result.messages) {
        throw new Error(`the bare workload wrote ${result.messages} and ${result.delivered} are delivered`);
      }
      return result.perSecond;
    }),
  );
}
