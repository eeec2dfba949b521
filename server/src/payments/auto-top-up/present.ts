// How an automatic top-up stands, as the API shows it.
import { encodeId, moneyOf } from '@sotto/contract';
import type { AutoTopUp } from '@sotto/contract/auto-top-up';
import type { LastTry, OwnAutoTopUp, Spending } from './auto-top-up.sql.ts';
import { type AutoTopUpStatus, type Stop, stepOf } from './decide-auto-top-up.ts';

export interface Shown {
  readonly row: OwnAutoTopUp | undefined;
  readonly spending: Spending;
  readonly lastTry: LastTry | undefined;
  /** What is left without credit. */
  readonly leftMicros: bigint;
  readonly currency: string;
  readonly nowMs: number;
}

export function presentAutoTopUp(shown: Shown): AutoTopUp {
  const { row, spending, lastTry, currency } = shown;
  const waits = waitsFor(shown);
  const money = (micros: bigint | undefined) => (micros === undefined ? null : moneyOf(micros, currency));
  return {
    status: (row?.status ?? 'off') as AutoTopUpStatus,
    stopped_by: (row?.stopped_by ?? null) as Stop | null,
    threshold: money(row?.threshold),
    amount: money(row?.amount),
    monthly_cap: money(row?.monthly_cap),
    spent_this_month: moneyOf(spending.spentMicros, currency),
    waits_for: waits,
    next_try_at:
      row?.status === 'on' && (waits === null || waits === 'pause') ? row.look_at.toISOString() : null,
    last_try:
      lastTry === undefined
        ? null
        : {
            top_up_id: encodeId('top', lastTry.id),
            at: lastTry.created_at.toISOString(),
            outcome: outcomeOf(lastTry),
          },
  };
}

function waitsFor({ row, spending, leftMicros, nowMs }: Shown): AutoTopUp['waits_for'] {
  switch (row?.status) {
    case 'setting_up':
      return 'card';
    case 'needs_you':
    case 'declined':
      return 'you';
    case 'on': {
      const step = stepOf({
        leftMicros,
        thresholdMicros: row.threshold,
        amountMicros: row.amount,
        capMicros: row.monthly_cap,
        ...spending,
      });
      if (step !== 'pay') return step;
      return row.look_at.getTime() > nowMs + TURN_MS ? 'pause' : null;
    }
    default:
      return null;
  }
}

/** A look that comes within this is no pause, only its turn. */
const TURN_MS = 60_000;

function outcomeOf({
  status,
  failed_because: because,
}: LastTry): NonNullable<AutoTopUp['last_try']>['outcome'] {
  if (status === 'open' || status === 'pending') return 'under_way';
  if (status === 'paid' || status === 'review') return status;
  return because ?? 'not_made';
}
