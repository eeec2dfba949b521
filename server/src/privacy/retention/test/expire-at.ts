// One run of handlers as the engine does it, decided by a moment that the test names: the clock of the database goes on
// meanwhile, and a second before a limit it may be past on a busy machine.
import type { Database } from '#platform/database';
import type { ExpiryHandler } from '../handler.ts';
import { cutoffOf } from '../limit.ts';
import type { IsoDuration } from '../rule.ts';

export async function expireAt(
  db: Database,
  handlers: readonly ExpiryHandler[],
  duration: IsoDuration,
  now: Date,
  limit = 500,
): Promise<void> {
  for (const handler of handlers) {
    const due = {
      now,
      before: cutoffOf(duration, now),
      from: handler.counts[0]!,
      until: null,
      limit,
      held: [],
      progress: { after: null },
      onErased: async () => undefined,
    };
    await db.batch((tx) => handler.expire(tx, due));
  }
}
