// The engine: what is past is ended, a batch a transaction, until nothing is due. Each batch decides by the database's
// time of its own transaction. Killed between batches, or within one, the next run finds what is left.
import { monotonicMs, pause } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Keyring } from '../keys/keyring.ts';
import { destroyEndedKeys, type KeyDayUser } from './ended-keys.ts';
import type { Due, Expired, ExpiryHandler, OnErased } from './handler.ts';
import { databaseNow } from './legal-hold.sql.ts';
import { listLegalHolds } from './legal-hold.ts';
import { cutoffOf, type RetentionLimit, type RetentionLimits } from './limit.ts';
import { batchDurations, partitionsDropped, rowsEnded } from './metrics.ts';
import type { RetentionKey } from './rule.ts';

export interface ExpiryOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly limits: RetentionLimits;
  readonly handlers: readonly ExpiryHandler[];
  readonly keyDayUsers: readonly KeyDayUser[];
  readonly onErased?: OnErased;
  /** Rows of one transaction. */
  readonly batchRows?: number;
  /** Rest after a batch, as a multiple of the time it took: sending has the database to itself that long. */
  readonly restFactor?: number;
}

export interface ExpiryRun {
  readonly rows: ReadonlyMap<RetentionKey, number>;
  readonly partitions: number;
  readonly keysDestroyed: number;
  /** What went wrong with single handlers; the others went on. */
  readonly failures: readonly unknown[];
  /** False when it was interrupted with something still due. */
  readonly complete: boolean;
}

const BATCH_ROWS = 500;
const REST_FACTOR = 2;
/** A batch that waited for a lock or a slow disk does not let the next one wait for ever. */
const REST_MS_MAX = 2_000;
const NOBODY: OnErased = async () => undefined;

/**
 * Ends everything that is past, then destroys the content keys under which nothing is left. Handlers take turns, so
 * that a million texts do not stand before one account, and one that fails is left for the next run without keeping the
 * others. May run twice at once: batches exclude each other row by row.
 */
export async function expireDue(options: ExpiryOptions, signal: AbortSignal): Promise<ExpiryRun> {
  const rows = new Map<RetentionKey, number>();
  const failures: unknown[] = [];
  let partitions = 0;
  const progress = new Map(
    options.handlers.map((handler): [ExpiryHandler, Due['progress']] => [handler, { after: null }]),
  );
  let waiting = options.handlers.filter(({ key }) => options.limits.has(key));
  while (waiting.length > 0 && !signal.aborted) {
    const again: ExpiryHandler[] = [];
    for (const handler of waiting) {
      if (signal.aborted) break;
      const startedMs = monotonicMs();
      let done: Expired;
      try {
        done = await expireBatch(options, handler, progress.get(handler)!);
      } catch (error) {
        failures.push(error);
        continue;
      }
      const tookMs = monotonicMs() - startedMs;
      rows.set(handler.key, (rows.get(handler.key) ?? 0) + done.rows);
      partitions += done.partitions;
      count(handler.key, done, tookMs);
      if (!done.more) continue;
      again.push(handler);
      const restMs = Math.min(REST_MS_MAX, tookMs * (options.restFactor ?? REST_FACTOR));
      await pause(restMs, signal).catch(() => undefined);
    }
    waiting = again;
  }
  const complete = !signal.aborted && failures.length === 0;
  const held = await options.db.batch(heldWorkspaces);
  const { db, keyring, keyDayUsers: users } = options;
  const keysDestroyed = await destroyEndedKeys({ db, keyring, users, held, signal });
  return { rows, partitions, keysDestroyed, failures, complete };
}

async function expireBatch(
  options: ExpiryOptions,
  handler: ExpiryHandler,
  progress: Due['progress'],
): Promise<Expired> {
  const limit = options.limits.get(handler.key)!;
  const { batchRows = BATCH_ROWS, onErased = NOBODY } = options;
  return options.db.batch(async (tx) =>
    handler.expire(tx, { ...(await dueOf(tx, limit, batchRows)), progress, onErased }),
  );
}

/** What is due under a limit at the time of this transaction. */
export async function dueOf(tx: Tx, limit: RetentionLimit, rowsMax: number): Promise<Due> {
  const [now, held] = await Promise.all([databaseNow(tx), heldWorkspaces(tx)]);
  const { from, until } = limit;
  return {
    now,
    before: cutoffOf(limit.duration, now),
    from,
    until,
    limit: rowsMax,
    held,
    progress: { after: null },
    onErased: NOBODY,
  };
}

/** Workspaces under a standing hold. */
export const heldWorkspaces = async (tx: Tx): Promise<string[]> => [
  ...new Set((await listLegalHolds(tx)).map(({ workspaceId }) => workspaceId)),
];

function count(key: RetentionKey, done: Expired, tookMs: number): void {
  batchDurations.observe(tookMs / 1_000, { key });
  if (done.rows > 0) rowsEnded.add(done.rows, { key });
  if (done.partitions > 0) partitionsDropped.add(done.partitions, { key });
}
