// Guessing is bounded: an attempt is charged before it is judged and given back when it succeeds, so that a hundred at
// once are let through no more than one after another (ASVS 5.0.0 V6.3.1).

import { type Ask, demandAllowed, type LimitName, type Throttle } from '#abuse';
import type { Tx } from '#platform/database';

/** What somebody tries to open or to make. */
export type AttemptKind = 'sign_in' | 'present' | 'second_factor' | 'sign_up' | 'register' | 'reset';

export interface Attempting {
  /** The caller's network address. */
  readonly address: string;
  /** The account tried: an address in its spelling for the index, or the id of who is signed in; null where none is. */
  readonly account: string | null;
}

export interface Attempts {
  /** Charges an attempt. Throws `rate_limited` when there were too many, before anything else is done. */
  begin(kind: AttemptKind, who: Attempting): Promise<Attempt>;
  /** Ends what is counted of an account that is closed. Needs the transaction that closes it. */
  forget(tx: Tx, who: { readonly personId: string; readonly email: string | null }): Promise<void>;
}

export interface Attempt {
  /** It succeeded: it is given back, in the transaction that acts on it where there is one. */
  succeeded(tx?: Tx): Promise<void>;
}

interface Limits {
  readonly address: LimitName;
  readonly account: LimitName | null;
}

const LIMITS: Readonly<Record<AttemptKind, Limits>> = {
  sign_in: { address: 'sign_in.address', account: 'sign_in.email' },
  present: { address: 'sign_in.address', account: 'sign_in.account' },
  second_factor: { address: 'second_factor.address', account: 'second_factor.account' },
  sign_up: { address: 'sign_up.address', account: 'sign_up.email' },
  register: { address: 'sign_up.address', account: null },
  reset: { address: 'reset.address', account: 'reset.email' },
};

export const attemptsUnder = (throttle: Throttle): Attempts => ({
  async begin(kind, { address, account }) {
    const limits = LIMITS[kind];
    const asks: Ask[] = [{ limit: limits.address, subject: address }];
    if (limits.account !== null && account !== null) asks.push({ limit: limits.account, subject: account });
    const taken = await throttle.take(asks);
    demandAllowed(taken);
    return { succeeded: (tx) => throttle.giveBack(taken.tokens, tx) };
  },
  async forget(tx, { personId, email }) {
    await throttle.forget(tx, 'account', personId);
    if (email !== null) await throttle.forget(tx, 'email', email);
  },
});
