// What a posting is, and the rules it must keep before it reaches the books. Pure.
//
// A posting moves amounts between accounts of one currency; what it adds to some it takes from others, so its
// entries sum to zero. Money that comes from or goes to the world outside passes through an account of the
// platform: `deposits` below zero is what customers have paid in, `revenue` what the platform has earned.
import { createHash } from 'node:crypto';
import { assertInvariant } from '#platform/errors';
import { BALANCE_MICROS_MAX } from './amounts.ts';
import type { Wallet } from './wallet.ts';

/** Accounts of a workspace; `held` moves through holds alone. */
export type WalletAccount = 'available' | 'held' | 'bonus';

/** Accounts of the platform, one of each in every currency. */
export type PlatformAccount = 'deposits' | 'revenue' | 'bonus_granted' | 'adjustments';

export type Account = WalletAccount | PlatformAccount;

/** Why the books moved. The last four belong to holds. */
export type TransactionKind =
  | 'top_up'
  | 'bonus'
  | 'adjustment'
  | 'refund'
  | 'reversal'
  | 'hold'
  | 'capture'
  | 'release'
  | 'expire';

/** One account and what is added to it, in micros; a negative amount takes away. Never zero. */
export type Entry =
  | { readonly account: WalletAccount; readonly workspaceId: string; readonly amountMicros: bigint }
  | { readonly account: PlatformAccount; readonly amountMicros: bigint };

/** A posting as a caller asks for it. */
export interface Posting {
  /** The caller's key: one key, one transaction, for ever. Made of ids, 1 to 200 characters. */
  readonly key: string;
  readonly kind: 'top_up' | 'bonus' | 'adjustment' | 'refund';
  /** Whose wallet is moved, and whose keys these are; null for a posting between accounts of the platform. */
  readonly workspaceId: string | null;
  readonly currency: string;
  readonly entries: readonly Entry[];
  /** A code such as `goodwill`, never free text. */
  readonly reason?: string;
  /** Id (UUID) of what it is for: a payment, a ticket. */
  readonly reference?: string;
}

/** Where keys of postings without a workspace live. */
export const PLATFORM_SCOPE = '00000000-0000-0000-0000-000000000000';

const KEY = /^[\x21-\x7e]{1,200}$/;
const REASON = /^[a-z][a-z0-9_.]{0,63}$/;

export const workspaceOf = (entry: Entry): string | null =>
  'workspaceId' in entry ? entry.workspaceId : null;

/** Throws unless the posting keeps the rules: a caller that breaks them has a fault. */
export function assertPosting(posting: Posting): void {
  assertInvariant(KEY.test(posting.key), 'a posting key is 1 to 200 visible ASCII characters');
  assertInvariant(
    posting.reason === undefined || REASON.test(posting.reason),
    'the reason of a posting is a code, not a text',
  );
  assertInvariant(posting.entries.length >= 2, 'a posting has two sides');
  const seen = new Set<string>();
  let sum = 0n;
  for (const entry of posting.entries) {
    const { account, amountMicros } = entry;
    assertInvariant(account !== 'held', 'held amounts move through holds alone');
    assertInvariant(
      amountMicros !== 0n && amountMicros <= BALANCE_MICROS_MAX && amountMicros >= -BALANCE_MICROS_MAX,
      'an entry moves something, within the bounds of a balance',
    );
    const owner = workspaceOf(entry);
    assertInvariant(
      owner === null || owner === posting.workspaceId,
      'a posting moves the wallet of its own workspace',
    );
    assertInvariant(!seen.has(account), 'a posting names an account once');
    seen.add(account);
    sum += amountMicros;
  }
  assertInvariant(sum === 0n, 'the entries of a posting sum to zero');
}

/** SHA-256 of everything a posting asks for, whatever the order of its entries. Tells a repeat from another request. */
export function digestOf(posting: Posting): Buffer {
  const entries = posting.entries
    .map((entry) => [entry.account, workspaceOf(entry), entry.amountMicros.toString()])
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  const canonical = JSON.stringify([
    posting.kind,
    posting.workspaceId,
    posting.currency,
    entries,
    posting.reason ?? null,
    posting.reference ?? null,
  ]);
  return createHash('sha256').update(canonical).digest();
}

export type Fit = 'fits' | 'insufficient_funds' | 'balance_too_large';

/** A wallet as entries of its own leave it. */
export function withEntries(wallet: Wallet, entries: readonly Entry[]): Wallet {
  const change = (account: WalletAccount) =>
    entries.filter((entry) => entry.account === account).reduce((sum, entry) => sum + entry.amountMicros, 0n);
  return {
    ...wallet,
    availableMicros: wallet.availableMicros + change('available'),
    heldMicros: wallet.heldMicros + change('held'),
    bonusMicros: wallet.bonusMicros + change('bonus'),
  };
}

/** Whether a locked wallet can take these entries within its credit limit and bounds. */
export function fitOf(wallet: Wallet, entries: readonly Entry[]): Fit {
  const { availableMicros, bonusMicros, heldMicros } = withEntries(wallet, entries);
  if (availableMicros + wallet.creditLimitMicros < 0n || bonusMicros < 0n) return 'insufficient_funds';
  // What is held will return to these two or be earned, so it counts towards the bound now.
  return availableMicros + bonusMicros + heldMicros > BALANCE_MICROS_MAX ? 'balance_too_large' : 'fits';
}
