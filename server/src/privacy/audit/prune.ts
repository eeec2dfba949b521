// Retention of the trail: pseudonyms are personal data as long as their key lives, so the trail ends too. Whole months
// go; of their segments the signed heads stay, so that the check goes on from them. That a month went is itself
// signed and recorded, or anybody could call a deletion retention.
import type { Database } from '#platform/database';
import type { Keyring } from '../keys/keyring.ts';
import { pruningContent } from './canonical.ts';
import { lockChain } from './chain.sql.ts';
import { SYSTEM } from './entry.ts';
import { dropMonth, findPrunable, insertPruning, monthBefore } from './prune.sql.ts';
import { record } from './record.ts';

export interface Pruned {
  /** YYYYMM; null when there was nothing to prune. */
  readonly month: number | null;
  readonly segments: number;
  readonly entries: number;
}

/**
 * Removes the oldest month of which every entry is older than `keptDays`, in one transaction. May be repeated until
 * `month` is null, and run beside sealers. Throws when the tables are busy (SQLSTATE 55P03); then nothing happened.
 */
export const pruneAudit = (db: Database, keyring: Keyring, keptDays: number): Promise<Pruned> =>
  db.batch(async (tx) => {
    const [chain, cutoff] = await Promise.all([lockChain(tx), monthBefore(tx, keptDays)]);
    const segments = await findPrunable(tx, cutoff);
    const [first] = segments;
    if (first === undefined) return { month: null, segments: 0, entries: 0 };
    await Promise.all(
      segments.map(({ segment, headHash }) =>
        insertPruning(tx, segment, chain.now, keyring.sign(pruningContent(segment, headHash, chain.now))),
      ),
    );
    await dropMonth(tx, first.month);
    const entries = Number(segments.reduce((sum, { links }) => sum + links, 0n));
    await record(tx, keyring, { action: 'audit.pruned', actor: SYSTEM, affected: entries });
    return { month: first.month, segments: segments.length, entries };
  });
