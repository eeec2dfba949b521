// Payments of which nothing was heard for a while are read at the provider: a notice that was lost delays a credit, and
// does not lose it.
import { alignedNowMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { idFloor } from '#platform/ids';
import { applyFact } from './apply-fact.ts';
import { findQuiet } from './payment.sql.ts';
import type { PaymentProvider } from './port.ts';

/** Notices come within seconds; providers repeat them for days. */
const QUIET_MS = 15 * 60_000;
const GIVEN_UP_MS = 14 * 86_400_000;
/** Looked up in one run, each a call of its own. */
const AT_ONCE_MAX = 100;

/** Reads quiet payments of one provider and applies what it says; how many. May be repeated. */
export async function catchUp(db: Database, provider: PaymentProvider, signal: AbortSignal): Promise<number> {
  const now = alignedNowMs();
  const quiet = await db.batch((tx) =>
    findQuiet(tx, provider.feed, idFloor(now - GIVEN_UP_MS), idFloor(now - QUIET_MS), AT_ONCE_MAX),
  );
  let applied = 0;
  for (const { external_id } of quiet) {
    if (signal.aborted) break;
    const found = await provider.find(external_id);
    if (found.outcome === 'unknown') continue;
    for (const fact of found.facts) {
      const { outcome } = await db.batch((tx) => applyFact(tx, provider.feed, fact));
      if (outcome === 'applied') applied += 1;
    }
  }
  return applied;
}
