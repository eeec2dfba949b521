// The rules of payments, without a database. A payment only moves to the right, whatever the order in which notices come:
//
//   open ──► pending ──► expired ──► failed ──► review ──► paid
//
// Any state may be left out. `paid` alone credits, and nothing leaves it; what comes back is told by amounts.
import { BALANCE_MICROS_MAX, isAmount, type Wallet } from '#ledger';
import type { Amount } from './port.ts';

export type PaymentStatus = 'open' | 'pending' | 'expired' | 'failed' | 'review' | 'paid';

const RANK: Readonly<Record<PaymentStatus, number>> = {
  open: 0,
  pending: 1,
  expired: 2,
  failed: 3,
  review: 4,
  paid: 5,
};

/** Whether a payment that stands at `from` goes to `to`. */
export const advances = (from: PaymentStatus, to: PaymentStatus): boolean => RANK[to] > RANK[from];

/** Whether its page at the provider can still be paid on. */
export const isPayable = (status: PaymentStatus): boolean => status === 'open' || status === 'pending';

/** What is credited of money that came: all of it when it is in the workspace's currency, else nothing yet. */
export function creditOf(came: Amount, currency: string): bigint | null {
  return came.currency === currency && came.micros > 0n && isAmount(came.micros) ? came.micros : null;
}

/** Whether a wallet can hold so much more. */
export const hasRoom = ({ availableMicros, heldMicros, bonusMicros }: Wallet, micros: bigint): boolean =>
  availableMicros + heldMicros + bonusMicros + micros <= BALANCE_MICROS_MAX;

/**
 * What an amount of the provider's is of what was credited: the same, unless a person said what a payment under review was
 * worth, in another currency maybe. Rounded up, so that nothing stays credited for money that is gone.
 */
export function shareOf(creditedMicros: bigint, paidMicros: bigint, micros: bigint): bigint {
  if (paidMicros === creditedMicros || paidMicros <= 0n) return micros;
  return (micros * creditedMicros + paidMicros - 1n) / paidMicros;
}

export interface Standing {
  /** What was credited in all. */
  readonly creditedMicros: bigint;
  /** What is gone of it, out of the balance or lost. */
  readonly goneMicros: bigint;
  /** What the workspace has paid in and not spent; below zero it is credit drawn. */
  readonly availableMicros: bigint;
}

export interface Taking {
  readonly takenMicros: bigint;
  readonly lostMicros: bigint;
}

/** Math.min takes no bigint. */
function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
const notBelowZero = (amount: bigint): bigint => (amount < 0n ? 0n : amount);

/**
 * What of a refund or dispute leaves the balance, and what is lost because it was spent: never more than the payment
 * credited, and never a balance below zero, nor credit of the platform's.
 */
export function takingOf(standing: Standing, micros: bigint): Taking {
  const left = notBelowZero(standing.creditedMicros - standing.goneMicros);
  const wanted = smaller(micros, left);
  const takenMicros = smaller(wanted, notBelowZero(standing.availableMicros));
  return { takenMicros, lostMicros: wanted - takenMicros };
}

/** What can be returned of a payment when somebody asks for it: what is left of it and unspent. */
export const refundableMicros = (standing: Standing): bigint =>
  takingOf(standing, standing.creditedMicros).takenMicros;
