// When a balance tops itself up, without a database:
//
//   setting_up ──a card is stored──► on ──the bank wants to see somebody──► needs_you
//                                       ──declined three times in a row───► declined
//                                       ──money of it went back───────────► off
//
// Whoever sets it again, or stores another card, begins anew. While it is on, a balance below the threshold begins one
// payment, unless one is under way, the last try was a moment ago, or another would pass the cap of the month.

export type AutoTopUpStatus = 'off' | 'setting_up' | 'on' | 'needs_you' | 'declined';

/** Why it stopped by itself. */
export type Stop = 'needs_you' | 'declined' | 'refunded' | 'disputed';

/** Why an automatic payment failed: the bank said no, wants to see who pays, or was never asked. */
export type Failure = 'declined' | 'needs_you' | 'not_made';

/** Least one asks for, in micros of any currency: below it the fees eat the payment. */
export const AMOUNT_MICROS_MIN = 1_000_000n;

/** Between two tries, however they end. */
export const PAUSE_SECONDS = 900;
/** After the first, second, ... decline in a row; after the last it stops. */
const DECLINE_PAUSES_SECONDS = [3_600, 86_400] as const;

export interface Balance {
  /** What is left without credit: bonus and available. */
  readonly leftMicros: bigint;
  readonly thresholdMicros: bigint;
  readonly amountMicros: bigint;
  readonly capMicros: bigint;
  /** What automatic payments of this calendar month have come to, with what is under way. */
  readonly spentMicros: bigint;
  readonly underWay: boolean;
}

/** What to do about a balance that is looked at; all but `pay` begin nothing. */
export function stepOf(balance: Balance): 'pay' | 'balance' | 'payment' | 'month' {
  const { leftMicros, thresholdMicros, amountMicros, capMicros, spentMicros, underWay } = balance;
  if (leftMicros >= thresholdMicros) return 'balance';
  if (underWay) return 'payment';
  return spentMicros + amountMicros > capMicros ? 'month' : 'pay';
}

/** What follows from a failure, the `declines`th in a row. One that never reached the bank counts as a decline. */
export function afterFailure(
  because: Failure,
  declines: number,
): { readonly stop: Extract<Stop, 'needs_you' | 'declined'> } | { readonly pauseSeconds: number } {
  if (because === 'needs_you') return { stop: 'needs_you' };
  const pauseSeconds = DECLINE_PAUSES_SECONDS[declines - 1];
  return pauseSeconds === undefined ? { stop: 'declined' } : { pauseSeconds };
}

/** For how long a charge may be asked for under its key: the provider forgets keys after a day (Stripe: 24 hours). */
export const KEY_MS = 20 * 3_600_000;
/** After this a call that was begun has ended, and the provider's list shows what it did. */
export const CERTAIN_MS = 600_000;

export interface Asked {
  /** Since the payment was begun. */
  readonly ageMs: number;
  /** Since its card was dropped; null while it is stored. */
  readonly droppedMs: number | null;
}

/**
 * How an open payment is asked about. `pay`: asked for, under its key, so that it is made once. `look`: only looked
 * for. `give_up`: looked for, and where it is not there it will not come.
 */
export function wayToAsk({ ageMs, droppedMs }: Asked): 'pay' | 'look' | 'give_up' {
  if (droppedMs !== null) return droppedMs > CERTAIN_MS ? 'give_up' : 'look';
  if (ageMs <= KEY_MS) return 'pay';
  return ageMs > KEY_MS + CERTAIN_MS ? 'give_up' : 'look';
}

/** The wait before the next question about a payment, from seconds to half an hour as it grows old. */
export const waitMs = (ageMs: number): number => Math.min(1_800_000, Math.max(2_000, ageMs / 4));
