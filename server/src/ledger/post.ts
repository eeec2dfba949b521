// Posting with a caller's key: the same key and content is the same transaction, however often and however
// concurrently it is asked for; the same key with other content is refused.
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { claimPostingKeys, insertTransactions, readPostingKeys } from './posting.sql.ts';
import {
  assertPosting,
  digestOf,
  type Entry,
  fitOf,
  PLATFORM_SCOPE,
  type Posting,
  withEntries,
} from './posting.ts';
import { lockWalletRows } from './wallet.sql.ts';
import type { Wallet } from './wallet.ts';

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
  return postKeyed(tx, keyed(posting));
}

/**
 * Posts several, each decided by itself in the order given, in as many round trips as one takes; their outcomes in that
 * order. Each names a workspace. Otherwise as {@link post}: what that throws for one takes all of them back.
 */
export async function postAll(tx: Tx, postings: readonly Posting[]): Promise<PostingOutcome[]> {
  return postToWallets(tx, postings.map(keyed));
}

function keyed(posting: Posting): KeyedPosting {
  assertPosting(posting);
  return {
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
  };
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

export async function postKeyed(tx: Tx, posting: KeyedPosting): Promise<PostingOutcome> {
  return posting.workspaceId === null
    ? postToPlatform(tx, posting)
    : (await postToWallets(tx, [posting]))[0]!;
}

/** Locks, looks keys up, decides, writes: two statements each, for a look in the lock's statement is too old. */
async function postToWallets(tx: Tx, postings: readonly KeyedPosting[]): Promise<PostingOutcome[]> {
  const [locked, found] = await Promise.all([
    lockWalletRows(tx, [...new Set(postings.map(({ workspaceId }) => workspaceId!))]),
    readPostingKeys(tx, postings),
  ]);
  const wallets = new Map(locked.map((wallet) => [wallet.workspaceId, wallet]));
  const known = new Map(found.map((row) => [`${row.scope} ${row.key}`, row]));
  const written: (KeyedPosting & { readonly id: string })[] = [];
  const outcomes = postings.map((posting): PostingOutcome => {
    const name = `${posting.scope} ${posting.key}`;
    const earlier = known.get(name);
    if (earlier !== undefined) return compare(earlier, posting.digest);
    const moved = movedBy(wallets.get(posting.workspaceId!), posting);
    if (moved === 'insufficient_funds') return { outcome: moved };
    wallets.set(moved.workspaceId, moved);
    const transactionId = newId();
    known.set(name, {
      scope: posting.scope,
      key: posting.key,
      transaction_id: transactionId,
      request_digest: posting.digest,
    });
    written.push({ ...posting, id: transactionId });
    return { outcome: 'posted', transactionId };
  });
  if (written.length > 0) {
    // Under the wallets' locks nobody can have taken a key since it was looked up, so both travel together.
    const [claimed] = await Promise.all([claimPostingKeys(tx, written), insertTransactions(tx, written)]);
    assertInvariant(claimed === written.length, 'a key that was free under the lock of its wallet is free');
  }
  return outcomes;
}

/** The wallet as a posting leaves it. */
function movedBy(wallet: Wallet | undefined, posting: KeyedPosting): Wallet | 'insufficient_funds' {
  if (!wallet) throw new AppError('conflict', { detail: 'The workspace has no wallet.' });
  if (wallet.currency !== posting.currency) {
    throw new AppError('conflict', { detail: `The wallet of the workspace is in ${wallet.currency}.` });
  }
  const fit = fitOf(wallet, posting.entries);
  if (fit === 'balance_too_large') {
    throw new AppError('conflict', { detail: 'The balance would exceed what a wallet can hold.' });
  }
  return fit === 'fits' ? withEntries(wallet, posting.entries) : fit;
}

/** Postings of the platform take no wallet's lock, so another of the same key may come in between. */
async function postToPlatform(tx: Tx, posting: KeyedPosting): Promise<PostingOutcome> {
  const [known] = await readPostingKeys(tx, [posting]);
  if (known !== undefined) return compare(known, posting.digest);
  const transactionId = newId();
  const written = [{ ...posting, id: transactionId }];
  if ((await claimPostingKeys(tx, written)) === 0) {
    return compare((await readPostingKeys(tx, [posting]))[0]!, posting.digest);
  }
  await insertTransactions(tx, written);
  return { outcome: 'posted', transactionId };
}

const compare = (
  known: { readonly transaction_id: string; readonly request_digest: Buffer },
  digest: Buffer,
): PostingOutcome => ({
  outcome: known.request_digest.equals(digest) ? 'replayed' : 'conflict',
  transactionId: known.transaction_id,
});
