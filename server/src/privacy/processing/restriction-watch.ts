// Restricted workspaces in memory, for operations that happen thousands of times a second. Restrictions are rare, so
// the whole list is read every other second; what is older than STALE_MS_MAX is not trusted but read again first.
import { monotonicMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Log } from '#platform/log';
import { Poller } from '#platform/poller';
import { RESTRICTED_WORKSPACES_MAX, selectRestrictedWorkspaces } from './processing.sql.ts';
import { refusalOf, restrictedAmong } from './processing.ts';

export interface RestrictionWatch {
  /**
   * Throws `restricted` for a workspace whose processing is restricted, and `unavailable` when that cannot be known.
   * Answers from memory; a restriction is seen after two seconds in a healthy process and after ten at the latest.
   */
  demand(workspaceId: string): Promise<void>;
  /** Reads the list now: a process that restricts or lifts sees it at once. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface RestrictionWatchOptions {
  readonly db: Database;
  readonly log: Log;
  readonly pollMs?: number;
  readonly nowMs?: () => number;
  readonly workspacesMax?: number;
}

const POLL_MS = 2_000;
const STALE_MS_MAX = 10_000;

/** Reads the list once and keeps it fresh until stopped. */
export async function watchRestrictions(options: RestrictionWatchOptions): Promise<RestrictionWatch> {
  const { db, log, pollMs = POLL_MS, nowMs = monotonicMs } = options;
  const workspacesMax = options.workspacesMax ?? RESTRICTED_WORKSPACES_MAX;
  /** Null when there are too many to keep: then each is asked about. */
  let restricted: ReadonlySet<string> | null = new Set();
  let readAtMs = 0;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    // The age counts from before the statement: what was committed after its snapshot is not in it.
    const startedMs = nowMs();
    const ids = await db.batch(selectRestrictedWorkspaces);
    // A reading that began later has been here: this one knows less.
    if (startedMs < readAtMs) return;
    restricted = ids.length > workspacesMax ? null : new Set(ids);
    readAtMs = startedMs;
  }

  /** Requests that find the list stale share one reading; the one under way may have begun too early for `refresh`. */
  const readShared = () =>
    (reading ??= read().finally(() => {
      reading = undefined;
    }));

  const isStale = () => nowMs() - readAtMs > STALE_MS_MAX;

  await read();
  const poller = new Poller({
    work: async () => {
      await readShared();
      return false;
    },
    minMs: pollMs,
    maxMs: pollMs,
    onError: (error) => log.warn('privacy.restrictions_not_read', { error }),
  });
  poller.start();

  return {
    async demand(workspaceId) {
      if (isStale()) await readShared();
      // That reading may have been under way for long; the next one begins now.
      if (isStale()) await readShared();
      if (isStale())
        throw new AppError('unavailable', { internal: 'restrictions are too old', retryable: true });
      const isHeld = restricted
        ? restricted.has(workspaceId)
        : (await db.batch((tx) => restrictedAmong(tx, 'workspace', [workspaceId]))).has(workspaceId);
      if (isHeld) throw refusalOf('restricted');
    },
    refresh: read,
    stop: () => poller.stop(),
  };
}
