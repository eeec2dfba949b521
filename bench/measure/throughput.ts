// How many messages a second go all the way: accepted, charged, submitted, receipt stored. Closed loop, then a
// bounded drain; the rate counts from the first request to the last receipt.
import type { Percentiles } from '../load/samples.ts';
import {
  type CpuUse,
  cpuBetween,
  cpuOf,
  type SottoRun,
  type SottoRunOptions,
  withSotto,
} from '../process/sotto-run.ts';
import { PRICE_MICROS } from '../process/sotto-server.ts';
import { waitFor, wallMs } from '../process/waiting.ts';
import type { Workshop } from '../process/workshop.ts';
import { judge, readBooks, type Verdict } from './books.sql.ts';
import { BATCH_ACCEPTED, batchRequest, singleRequest } from './sotto-requests.ts';

export interface ThroughputOptions {
  readonly seconds: number;
  readonly connections: number;
  /** Left out of the rate; `WARM_UP_MS` when absent. */
  readonly warmUpMs?: number;
}

export interface Throughput extends Verdict {
  readonly system: 'sotto' | 'kannel';
  readonly shape: 'singles' | 'batch';
  readonly accepted: number;
  readonly completed: number;
  /** Completed messages over the time from the first request to the last receipt. */
  readonly perSecond: number;
  /** Accepted messages over the time from the first request to the last answer. */
  readonly acceptedPerSecond: number;
  readonly drainSeconds: number;
  /** From request to answer, in the closed loop: it grows with the number of connections. */
  readonly accept: Percentiles;
  /** Submissions the SMSC accepted beyond the accepted messages, each of which is one part. */
  readonly duplicates: number;
  /** Requests that were refused or lost their connection. */
  readonly failedRequests: number;
  readonly cpuSeconds: CpuUse;
}

/**
 * The same load for so long before the one that counts, on every system: code is compiled, plans are made, pages are
 * read. What it accepted is waited for and left out of the rate, and stays in the books.
 */
export const WARM_UP_MS = 4_000;
/** Longest wait for the last receipt, and for the books to agree with it. */
export const DRAIN_LIMIT_MS = 120_000;
/** Recipients of the load that counts are others than those of the warm-up. */
export const FIRST_COUNTED = 5_000_000;
const BOOKS_LIMIT_MS = 10_000;
const COUNT_EVERY_MS = 10;

export const BATCH_ITEMS = 1_000;
/** Batches carry so much that a few connections keep everything busy; more would only measure waiting. */
export const BATCH_CONNECTIONS = 8;

/** What is started otherwise than usual, and who watches. */
export interface Watching extends Pick<SottoRunOptions, 'nodeOptions' | 'settings' | 'prepare'> {
  /** Called before the load; what it returns is awaited after the last receipt, and is part of no rate. */
  readonly watch?: (run: SottoRun, folder: string) => Promise<() => Promise<void>>;
}

/** One run of ours on a fresh database. */
export function measureSotto(
  workshop: Workshop,
  shape: 'singles' | 'batch',
  options: ThroughputOptions,
  { watch, ...started }: Watching = {},
): Promise<Throughput> {
  return withSotto(workshop, started, async (run, folder) => {
    const send = (durationMs: number, firstIndex: number) =>
      run.load.ask({
        kind: 'closed',
        host: run.sotto.host,
        port: run.sotto.port,
        connections: shape === 'singles' ? options.connections : BATCH_CONNECTIONS,
        request:
          shape === 'singles'
            ? singleRequest(run.sotto, 'transactional')
            : batchRequest(run.sotto, 'marketing', BATCH_ITEMS),
        durationMs,
        messagesMax: Number.MAX_SAFE_INTEGER,
        acceptedMark: shape === 'singles' ? null : BATCH_ACCEPTED,
        firstIndex,
      });
    const warm = await send(options.warmUpMs ?? WARM_UP_MS, 0);
    await untilReceipts(run, warm.accepted);
    const watched = await watch?.(run, folder);
    const before = cpuOf(run);
    const result = await send(options.seconds * 1_000, FIRST_COUNTED);
    const accepted = warm.accepted + result.accepted;
    const endedAtMs = await untilReceipts(run, accepted);
    const cpuSeconds = cpuBetween(before, cpuOf(run));
    await watched?.();
    const { books, verdict } = await settledBooks(run, accepted);
    const { accepted: submitted } = await run.smsc.counts();
    const completed = books.delivered - warm.accepted;
    return {
      system: 'sotto',
      shape,
      accepted: result.accepted,
      completed,
      perSecond: perSecond(completed, endedAtMs - result.startedAtMs),
      acceptedPerSecond: perSecond(result.accepted, result.endedAtMs - result.startedAtMs),
      drainSeconds: Math.max(0, endedAtMs - result.endedAtMs) / 1_000,
      accept: result.latency,
      duplicates: Math.max(0, submitted - accepted),
      failedRequests: failedRequests(warm) + failedRequests(result),
      cpuSeconds,
      ...verdict,
    };
  });
}

export const perSecond = (count: number, elapsedMs: number): number =>
  Math.round((count / Math.max(1, elapsedMs)) * 1_000);

export const failedRequests = (result: {
  readonly statuses: Readonly<Record<number, number>>;
  readonly unanswered: number;
}): number =>
  Object.entries(result.statuses)
    .filter(([status]) => status !== '202')
    .reduce((sum, [, count]) => sum + count, result.unanswered);

/**
 * Waits until the SMSC has an OK for as many receipts: our server answers them after the commit, so this is the
 * moment the last one is stored, and asking the SMSC costs the server nothing. Returns that moment.
 */
async function untilReceipts(run: SottoRun, wanted: number): Promise<number> {
  await waitFor(
    async () => ((await run.smsc.counts()).receiptsAcked >= wanted ? true : undefined),
    DRAIN_LIMIT_MS,
    COUNT_EVERY_MS,
  );
  return wallMs();
}

/** The books once they agree with what was accepted, or as they stand when they do not come to. */
async function settledBooks(run: SottoRun, accepted: number) {
  let last: { books: Awaited<ReturnType<typeof readBooks>>; verdict: Verdict } | undefined;
  await waitFor(
    async () => {
      const books = await readBooks(run.database.url);
      last = { books, verdict: judge(books, accepted, PRICE_MICROS) };
      return last.verdict.lost === 0 && last.verdict.mischarged === 0 ? true : undefined;
    },
    BOOKS_LIMIT_MS,
    500,
  );
  return last!;
}
