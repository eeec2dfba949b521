// How long acceptance takes when the system is busy and not flooded: open loop at a share of its measured maximum.
import type { Percentiles } from '../load/samples.ts';
import { withSotto } from '../process/sotto-run.ts';
import type { Workshop } from '../process/workshop.ts';
import { singleRequest } from './sotto-requests.ts';
import { failedRequests } from './throughput.ts';

export interface LatencyResult {
  readonly requestsPerSecond: number;
  /** From the planned begin of a request to its answer. */
  readonly accept: Percentiles;
  readonly failedRequests: number;
  /** Requests that found no free connection; above 0 the client was at its limit. */
  readonly waited: number;
}

/** The load of the promise: 60 % of what single requests reach. */
export const LOAD_SHARE = 0.6;

/** Past the first full garbage collection, after which much of the code is compiled anew. */
const WARM_UP_MS = 20_000;
const CONNECTIONS = 64;
const CONNECTIONS_MAX = 512;

export function measureLatency(
  workshop: Workshop,
  requestsPerSecond: number,
  seconds: number,
): Promise<LatencyResult> {
  return withSotto(workshop, {}, async ({ sotto, load }) => {
    const result = await load.ask({
      kind: 'open',
      host: sotto.host,
      port: sotto.port,
      connections: CONNECTIONS,
      connectionsMax: CONNECTIONS_MAX,
      request: singleRequest(sotto, 'transactional'),
      requestsPerSecond,
      durationMs: seconds * 1_000,
      warmUpMs: WARM_UP_MS,
      seed: workshop.seed,
      firstIndex: 0,
      keepTimes: false,
    });
    return {
      requestsPerSecond,
      accept: result.latency,
      failedRequests: failedRequests(result),
      waited: result.waited,
    };
  });
}
