// Does ending what is past disturb sending? Single requests arrive at 60 % of the maximum, first with nothing to end,
// then while the content of a million old messages is being erased; and how large table and indexes are before and
// after.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeId, type IdPrefix } from '@sotto/contract/ids';
import type { Percentiles } from '../load/samples.ts';
import { type SottoRun, withSotto } from '../process/sotto-run.ts';
import { waitFor } from '../process/waiting.ts';
import type { Workshop } from '../process/workshop.ts';
import { type AgedTable, hasBegun, readAged, readErasures, writeAged } from './aged-messages.sql.ts';
import { singleRequest } from './sotto-requests.ts';
import { failedRequests } from './throughput.ts';

export interface ExpiryBenchOptions {
  /** Messages whose content is past. */
  readonly messages: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
}

export interface ExpiryBenchResult {
  readonly messages: number;
  readonly requestsPerSecond: number;
  /** Accept latency with nothing to end, and while contents were being erased. */
  readonly without: Percentiles;
  readonly during: Percentiles;
  readonly failedRequests: number;
  /** Contents erased while the second load ran: 0 would mean that nothing was measured. */
  readonly erasedDuringLoad: number;
  /** Contents erased in all, and a second from the first to the last. */
  readonly erased: number;
  readonly erasedPerSecond: number;
  readonly before: AgedTable;
  readonly after: AgedTable;
}

/** The job begins at multiples of 30 s. */
const BEGIN_LIMIT_MS = 90_000;
const END_LIMIT_MS = 3_600_000;
const LOOK_EVERY_MS = 250;
const WARM_UP_MS = 3_000;
const CONNECTIONS = 64;
const CONNECTIONS_MAX = 512;

export function measureExpiry(workshop: Workshop, options: ExpiryBenchOptions): Promise<ExpiryBenchResult> {
  return withSotto(workshop, {}, async (run) => {
    const { database, sotto, connectorId } = run;
    const without = await load(workshop, run, options, 0);
    await writeAged(database.url, options.messages, {
      workspaceId: workspaceOf(sotto.dataDir),
      connectorId: rowId('con', connectorId),
    });
    const before = await readAged(database.url);
    const begun = await waitFor(
      async () => ((await hasBegun(database.url)) ? true : undefined),
      BEGIN_LIMIT_MS,
      LOOK_EVERY_MS,
    );
    if (!begun) throw new Error('expiry did not begin in time');
    const during = await load(workshop, run, options, FIRST_DURING);
    const after = await untilErased(database.url);
    const erasures = await readErasures(database.url, during.startedAtMs, during.endedAtMs);
    return {
      messages: options.messages,
      requestsPerSecond: options.requestsPerSecond,
      without: without.latency,
      during: during.latency,
      failedRequests: failedRequests(without) + failedRequests(during),
      erasedDuringLoad: erasures.within,
      erased: erasures.total,
      erasedPerSecond: Math.round(erasures.total / Math.max(1, erasures.seconds)),
      before,
      after,
    };
  });
}

/** Recipients of the second load are others than those of the first. */
const FIRST_DURING = 5_000_000;

const load = (
  workshop: Workshop,
  { load: generator, sotto }: SottoRun,
  { requestsPerSecond, seconds }: ExpiryBenchOptions,
  firstIndex: number,
) =>
  generator.ask({
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
    firstIndex,
    keepTimes: false,
  });

async function untilErased(url: string): Promise<AgedTable> {
  const after = await waitFor(
    async () => {
      const table = await readAged(url);
      return table.left === 0 ? table : undefined;
    },
    END_LIMIT_MS,
    2_000,
  );
  if (!after) throw new Error('not every content was erased in time');
  // Counters of dead rows are written a moment after the transactions.
  await pause(2_000);
  return readAged(url);
}

function workspaceOf(dataDir: string): string {
  const { workspace_id: id } = JSON.parse(readFileSync(join(dataDir, 'dev-credentials.json'), 'utf8')) as {
    workspace_id: string;
  };
  return rowId('wrk', id);
}

function rowId(prefix: IdPrefix, id: string): string {
  const row = decodeId(prefix, id);
  if (row === null) throw new Error(`the server gave an id that is none: ${id}`);
  return row;
}
