// Whether any suppression covers all classes. Nearly always none does, and then whoever sends codes has nothing to ask
// for each of them; this process learns within a second that there is one.
import { pause } from '#platform/clock';
import type { Database } from '#platform/database';
import { inTurn } from '#platform/in-turn';
import type { Log } from '#platform/log';
import { existsCoveringAll } from './suppression.sql.ts';

export interface SuppressionWatch {
  /** True when some number may be sent nothing at all. */
  coversAll(): boolean;
  /** Looks again now, for whoever has just recorded one. */
  refresh(): Promise<void>;
  stop(): void;
}

const POLL_MS = 1_000;

/** Looks once before it resolves, and every second until stopped. */
export async function watchSuppressions(db: Database, log: Log): Promise<SuppressionWatch> {
  const ended = new AbortController();
  let exists = false;

  const refresh = inTurn(async () => {
    exists = await db.batch(existsCoveringAll);
  });

  async function poll(): Promise<void> {
    while (!ended.signal.aborted) {
      await pause(POLL_MS, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      // With the database away nothing can be accepted, so what was known last does no harm.
      await refresh().catch((error) => log.warn('privacy.suppressions_not_read', { error }));
    }
  }

  await refresh();
  void poll();
  return { coversAll: () => exists, refresh, stop: () => ended.abort() };
}
