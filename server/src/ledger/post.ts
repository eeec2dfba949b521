// Posting with a caller's key: the same key and content is the same transaction, however often and however
// concurrently it is asked for; the same key with other content is refused.
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { claimPostingKey, insertTransaction, readPostingKey } from './posting.sql.ts';
import { assertPosting, digestOf, type Entry, fitOf, PLATFORM_SCOPE, type Posting } from './posting.ts';
import { lockWalletRows } from './wallet.sql.ts';

/**
 * What became of a posting.
 * - `posted`: this call did it.
 * - `replayed`: an earlier call with the same key and content did; nothing was posted now.
 * - `conflict`: the key stands for another posting, which is named; nothing was posted.
 * - `insufficient_funds`: it takes more than the wallet has. Not kept under the key: after a top-up the same call
 *   is decided anew.
 */
export type PostingOutcome =
  | { readonly outcome: 'posted' | 'replayed' | 'conflict'; readonly transactionId: string }
  | { readonly outcome: 'insufficient_funds' };

/**
 * Posts a transaction. Needs a transaction of the database, in which it locks the wallet it moves. May be
 * repeated with the same key. Throws `AppError('conflict')` when the wallet is in another currency, does not
 * exist or would exceed the bounds of a balance, and on a malformed posting, which is a fault of the caller.
 */
export async function post(tx: Tx, posting: Posting): Promise<PostingOutcome> {
  assertPosting(posting);
  return postKeyed(tx, {
    scope: posting.workspaceId ?? PLATFORM_SCOPE,
    key: posting.key,
    digest: digestOf(posting),
    kind: posting.kind,
    workspaceId: posting.workspaceId,
    reverses: null,
    reason: posting.reason ?? null,
    reference: posting.reference ?? null,
    currency: posting.currency,
    entries: posting.entries,
  });
}

export interface KeyedPosting {
  readonly scope: string;
  readonly key: string;
  readonly digest: Buffer;
  readonly kind: Posting['kind'] | 'reversal';
  readonly workspaceId: string | null;
  readonly reverses: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly currency: string;
  readonly entries: readonly Entry[];
}

/** Locks, looks the key up, decides, writes: two statements each, for a look in the lock's statement is too old. */
export async function postKeyed(tx: Tx, posting: KeyedPosting): Promise<PostingOutcome> {
  const { scope, key, workspaceId } = posting;
  const [wallets, known] = await Promise.all([
    workspaceId === null ? [] : lockWalletRows(tx, [workspaceId]),
    readPostingKey(tx, scope, key),
  ]);
  if (known) return compare(known, posting.digest);
  const wallet = wallets[0];
  if (workspaceId !== null) {
    if (!wallet) throw new AppError('conflict', { detail: 'The workspace has no wallet.' });
    if (wallet.currency !== posting.currency) {
      throw new AppError('conflict', { detail: `The wallet of the workspace is in ${wallet.currency}.` });
    }
    const fit = fitOf(wallet, posting.entries);
    if (fit === 'insufficient_funds') return { outcome: 'insufficient_funds' };
    if (fit === 'balance_too_large') {
      throw new AppError('conflict', { detail: 'The balance would exceed what a wallet can hold.' });
    }
  }
  const transactionId = newId();
  if (!(await claimPostingKey(tx, { scope, key, transactionId, requestDigest: posting.digest }))) {
    // Postings of the platform take no wallet's lock, so another of the same key may have come in between.
    return compare((await readPostingKey(tx, scope, key))!, posting.digest);
  }
  await insertTransaction(tx, { ...posting, id: transactionId });
  return { outcome: 'posted', transactionId };
}

const compare = (
  known: { readonly transaction_id: string; readonly request_digest: Buffer },
  digest: Buffer,
): PostingOutcome => ({
  outcome: known.request_digest.equals(digest) ? 'replayed' : 'conflict',
  transactionId: known.transaction_id,
});
