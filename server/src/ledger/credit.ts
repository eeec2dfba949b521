// Money and bonus coming into a wallet.
import type { Tx } from '#platform/database';
import { assertPositive } from './amounts.ts';
import { type PostingOutcome, post, postAll } from './post.ts';
import type { Posting } from './posting.ts';

export interface Credit {
  readonly workspaceId: string;
  /** Micros, above zero. */
  readonly amountMicros: bigint;
  /** ISO 4217; must be the wallet's. */
  readonly currency: string;
  /** The caller's key, made of ids: `payment:<id>`. */
  readonly key: string;
  /** A code such as `goodwill`, never free text. */
  readonly reason?: string;
  /** Id (UUID) of the payment, ticket or grant. */
  readonly reference?: string;
}

/** How a credit came about, and the account of the platform on its other side. */
const SOURCES = { top_up: 'deposits', adjustment: 'adjustments', refund: 'revenue' } as const;
type Source = keyof typeof SOURCES;

/**
 * Adds to `available`: a payment (`top_up`), a correction by the operator (`adjustment`), or money earned that is
 * given back (`refund`). May be repeated with the same key. Needs a transaction. Outcomes and errors as `post`;
 * it never answers `insufficient_funds`.
 */
export const credit = (tx: Tx, source: Source, given: Credit): Promise<PostingOutcome> =>
  post(tx, creditPosting(source, given));

/** Several credits, each decided by itself; their outcomes in order. Otherwise as {@link credit}. */
export const creditAll = (tx: Tx, source: Source, given: readonly Credit[]): Promise<PostingOutcome[]> =>
  postAll(
    tx,
    given.map((each) => creditPosting(source, each)),
  );

function creditPosting(source: Source, given: Credit): Posting {
  assertPositive(given.amountMicros);
  const { workspaceId, amountMicros, ...rest } = given;
  return {
    ...rest,
    kind: source,
    workspaceId,
    entries: [
      { account: 'available', workspaceId, amountMicros },
      { account: SOURCES[source], amountMicros: -amountMicros },
    ],
  };
}

/** Adds to `bonus`, which is spent first and cannot be paid out. Otherwise as {@link credit}. */
export async function grantBonus(tx: Tx, given: Credit): Promise<PostingOutcome> {
  assertPositive(given.amountMicros);
  const { workspaceId, amountMicros, ...rest } = given;
  return post(tx, {
    ...rest,
    kind: 'bonus',
    workspaceId,
    entries: [
      { account: 'bonus', workspaceId, amountMicros },
      { account: 'bonus_granted', amountMicros: -amountMicros },
    ],
  });
}
