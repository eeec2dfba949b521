// Compensation: the books are never edited, a wrong transaction is undone by its opposite.
import { createHash } from 'node:crypto';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { type PostingOutcome, postKeyed } from './post.ts';
import { type PostedEntryRow, readPostedEntries } from './posting.sql.ts';
import { type Entry, PLATFORM_SCOPE } from './posting.ts';

/**
 * What became of a reversal: `posted` now or `replayed` from an earlier call; `insufficient_funds` when the wallet
 * no longer has what would go; `not_found` when there is no such transaction; `not_reversible` for a transaction of
 * holds (their amounts have their own way back) and for a reversal.
 */
export type ReversalOutcome =
  | { readonly outcome: 'posted' | 'replayed'; readonly transactionId: string }
  | { readonly outcome: 'insufficient_funds' | 'not_found' | 'not_reversible' };

const REVERSIBLE = new Set<string>(['top_up', 'bonus', 'adjustment', 'refund']);

/**
 * Posts the opposite of a transaction. The transaction itself is the key, so it is undone once however often and
 * by whomever this is called. Needs a transaction of the database; locks the wallet concerned.
 */
export async function reverse(
  tx: Tx,
  asked: { readonly transactionId: string; readonly reason?: string; readonly reference?: string },
): Promise<ReversalOutcome> {
  const posted = await readPostedEntries(tx, asked.transactionId);
  const first = posted[0];
  if (!first) return { outcome: 'not_found' };
  if (!REVERSIBLE.has(first.kind)) return { outcome: 'not_reversible' };
  const outcome: PostingOutcome = await postKeyed(tx, {
    scope: first.owner ?? PLATFORM_SCOPE,
    // A space cannot stand in a caller's key, so no caller can take this one.
    key: `reversal ${asked.transactionId}`,
    digest: createHash('sha256').update(asked.transactionId).digest(),
    kind: 'reversal',
    workspaceId: first.owner,
    reverses: asked.transactionId,
    reason: asked.reason ?? null,
    reference: asked.reference ?? null,
    currency: first.currency,
    entries: posted.map(opposite),
  });
  if (outcome.outcome === 'insufficient_funds') return outcome;
  assertInvariant(outcome.outcome !== 'conflict', 'the key of a reversal stands for that reversal');
  return { outcome: outcome.outcome, transactionId: outcome.transactionId };
}

const opposite = (row: PostedEntryRow): Entry =>
  ({
    account: row.account,
    amountMicros: -row.amount,
    ...(row.workspace_id === null ? {} : { workspaceId: row.workspace_id }),
  }) as Entry;
