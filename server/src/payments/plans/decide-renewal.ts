// The life of a subscription, without a database:
//
//   active ──its period is over, and paid for──► active, in the period of this moment
//     ├──its period is over, and the balance does not reach──► grace ──paid within the days of grace──► active
//     │                                                          └──the days are over──► ended (unpaid)
//     ├──cancelled, and its end has come──► ended (cancelled)
//     └──its workspace has ended──► ended (workspace_closed)
//
// What is charged is the period a moment lies in. Periods that passed while nobody looked were not given and are not
// charged: whoever was down for three months finds one renewal to be made.
import { type Period, periodOf } from './periods.ts';

export type EndReason = 'cancelled' | 'unpaid' | 'workspace_closed';

export interface Standing {
  readonly state: 'active' | 'grace';
  readonly anchor: Date;
  /** The end of the last period that was paid for. */
  readonly periodEnd: Date;
  /** When it ends because it was cancelled; null: it renews. */
  readonly endsAt: Date | null;
  /** Null unless in grace. */
  readonly graceUntil: Date | null;
  /** Whether its workspace has not ended. */
  readonly isOpen: boolean;
}

export type Step =
  | { readonly kind: 'stay' }
  | { readonly kind: 'end'; readonly reason: EndReason }
  | { readonly kind: 'renew'; readonly period: Period };

/** What is to be done with a subscription at a moment. Pure; deciding again changes nothing. */
export function stepOf({ state, anchor, periodEnd, endsAt, graceUntil, isOpen }: Standing, now: Date): Step {
  if (!isOpen) return { kind: 'end', reason: 'workspace_closed' };
  if (endsAt !== null && endsAt <= now) return { kind: 'end', reason: 'cancelled' };
  if (state === 'grace' && graceUntil !== null && graceUntil <= now) return { kind: 'end', reason: 'unpaid' };
  // Also where a clock was set back: what is paid is not over.
  if (now < periodEnd) return { kind: 'stay' };
  return { kind: 'renew', period: periodOf(anchor, now) };
}

export type Unpaid =
  | { readonly kind: 'end' }
  | { readonly kind: 'grace'; readonly graceUntil: Date; readonly lookAt: Date; readonly isNew: boolean };

const DAY_MS = 86_400_000;

/** What follows when a renewal was not paid: grace from the first time on, with a try each day, or the end. Pure. */
export function unpaidAt(
  { state, graceUntil }: Pick<Standing, 'state' | 'graceUntil'>,
  now: Date,
  graceDays: number,
): Unpaid {
  const isNew = state === 'active' || graceUntil === null;
  const until = isNew ? new Date(now.getTime() + graceDays * DAY_MS) : graceUntil;
  if (until <= now) return { kind: 'end' };
  const tomorrow = new Date(now.getTime() + DAY_MS);
  return { kind: 'grace', graceUntil: until, lookAt: tomorrow < until ? tomorrow : until, isNew };
}
