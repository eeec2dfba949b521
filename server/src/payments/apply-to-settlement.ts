// Refunds and disputes: they name the money that came, and may be told before it is known that it did.

import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import type { Effect } from './apply-fact.ts';
import { shareOf } from './decide.ts';
import { type Locked, lockBoth } from './lock-both.ts';
import { findBySettlement, lockSettlement, type PaymentRow } from './payment.sql.ts';
import type { Provider, SettlementFact } from './port.ts';
import { applyDisputeClosed, applyDisputed, applyRefunded, applyRefundReversed } from './take-back.ts';
import { type EarlyFact, keepEarly } from './takeback.sql.ts';

/** Refunds and disputes of a settlement each see what the ones before them left. */
export async function applyEarly(tx: Tx, payment: PaymentRow, facts: readonly EarlyFact[]): Promise<void> {
  const { settlement_id: settlementId } = payment;
  if (settlementId === null) return;
  for (const early of facts) {
    const fact = factOf(settlementId, early);
    const again = await lockBoth(tx, payment);
    assertInvariant(again !== undefined, 'a payment just credited has a wallet');
    await applyLocked(tx, again, fact);
  }
}

/** What is said of money that came; it waits for the payment it is about where that is not known yet. May be repeated. */
export async function applyToSettlement(tx: Tx, provider: Provider, fact: SettlementFact): Promise<Effect> {
  await lockSettlement(tx, provider, fact.settlementId);
  const found = await findBySettlement(tx, provider, fact.settlementId);
  const locked = found === undefined ? undefined : await lockBoth(tx, found);
  if (locked === undefined || locked.payment.status !== 'paid') {
    await keepEarly(tx, provider, fact.settlementId, earlyOf(fact), found?.id ?? null);
    return { outcome: 'kept', paymentId: found?.id ?? null };
  }
  const changed = await applyLocked(tx, locked, fact);
  return { outcome: changed ? 'applied' : 'repeated', paymentId: locked.payment.id };
}

function applyLocked(tx: Tx, locked: Locked, told: SettlementFact): Promise<boolean> {
  const fact = inOurMoney(locked.payment, told);
  switch (fact.kind) {
    case 'refunded':
      return applyRefunded(tx, locked, fact.totalMicros);
    case 'refund_reversed':
      return applyRefundReversed(tx, locked);
    case 'disputed':
      return applyDisputed(tx, locked, fact.disputeId, fact.micros);
    case 'dispute_closed':
      return applyDisputeClosed(tx, locked, fact);
  }
}

/** Amounts are told in what was paid; the balance knows what was credited for it. */
function inOurMoney({ credited, paid }: PaymentRow, fact: SettlementFact): SettlementFact {
  const share = (micros: bigint) => shareOf(credited, paid ?? 0n, micros);
  if (fact.kind === 'refund_reversed') return fact;
  if (fact.kind !== 'refunded') return { ...fact, micros: share(fact.micros) };
  return { ...fact, totalMicros: fact.totalMicros === null ? null : share(fact.totalMicros) };
}

function earlyOf(fact: SettlementFact): EarlyFact {
  if (fact.kind === 'refunded') {
    return { external_id: fact.settlementId, kind: 'refunded', amount: fact.totalMicros };
  }
  if (fact.kind === 'refund_reversed') {
    return { external_id: fact.settlementId, kind: 'refund_reversed', amount: null };
  }
  const kind = fact.kind === 'disputed' ? 'disputed' : fact.won ? 'dispute_won' : 'dispute_lost';
  return { external_id: fact.disputeId, kind, amount: fact.micros };
}

function factOf(settlementId: string, { external_id, kind, amount }: EarlyFact): SettlementFact {
  if (kind === 'refunded') return { kind, settlementId, totalMicros: amount };
  if (kind === 'refund_reversed') return { kind, settlementId };
  const dispute = { settlementId, disputeId: external_id, micros: amount ?? 0n };
  return kind === 'disputed'
    ? { kind, ...dispute }
    : { kind: 'dispute_closed', ...dispute, won: kind === 'dispute_won' };
}
