// What a fact changes. Facts may come twice, late, in any order and over several feeds; what they leave is the same. Each
// is applied in the caller's transaction, under the locks of its settlement, its wallet and its payment, in that order.
import { isWorkspaceOpen } from '#accounts';
import { BALANCE_MICROS_MAX, credit, lockWallets } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { emitAll } from '#platform/outbox';
import { confirmLater } from './confirmations.ts';
import { advances, creditOf, isPayable, type PaymentStatus, shareOf } from './decide.ts';
import { paymentCredited } from './events.ts';
import { type Locked, lockBoth } from './lock-both.ts';
import {
  findByExternal,
  findById,
  findBySettlement,
  insertPayment,
  lockPayment,
  lockSettlement,
  type PaymentRow,
  updatePayment,
} from './payment.sql.ts';
import type { Amount, Fact, Named, Provider, SettlementFact } from './port.ts';
import { applySubscription, ownerOf, transferPurchases } from './subscriptions.ts';
import { applyDisputeClosed, applyDisputed, applyRefunded, applyRefundReversed } from './take-back.ts';
import { type EarlyFact, keepEarly, takeEarly } from './takeback.sql.ts';

/**
 * - `applied`: it changed something.
 * - `repeated`: what it says was known.
 * - `ignored`: it is about nothing of ours.
 * - `kept`: it waits for the payment it is about.
 */
export interface Effect {
  readonly outcome: 'applied' | 'repeated' | 'ignored' | 'kept';
  readonly paymentId: string | null;
}

const NOTHING: Effect = { outcome: 'ignored', paymentId: null };

/** Applies one fact. May be repeated. */
export async function applyFact(tx: Tx, provider: Provider, fact: Fact): Promise<Effect> {
  switch (fact.kind) {
    case 'pending':
    case 'expired':
    case 'failed':
      return applyStatus(tx, provider, fact, fact.kind);
    case 'paid':
    case 'odd':
      return applyPaid(tx, provider, fact);
    case 'purchased':
      return applyPurchase(tx, provider, fact);
    case 'subscription':
      return applySubscription(tx, provider, fact);
    case 'transferred':
      return transferPurchases(tx, provider, fact);
    case 'unconfirmed':
      return confirmLater(tx, fact);
    default:
      return applyToSettlement(tx, provider, fact);
  }
}

/** The payment a checkout belongs to, without a lock. One that names another checkout is none. */
async function findNamed(tx: Tx, provider: Provider, named: Named): Promise<PaymentRow | undefined> {
  const found =
    named.paymentId === null
      ? await findByExternal(tx, provider, named.externalId)
      : await findById(tx, named.paymentId);
  if (found === undefined || found.provider !== provider) return undefined;
  return found.external_id === null || found.external_id === named.externalId ? found : undefined;
}

async function applyStatus(tx: Tx, provider: Provider, named: Named, to: PaymentStatus): Promise<Effect> {
  const found = await findNamed(tx, provider, named);
  if (found === undefined) return NOTHING;
  const payment = await lockPayment(tx, found.id);
  if (payment === undefined || !advances(payment.status as PaymentStatus, to)) {
    return { outcome: 'repeated', paymentId: found.id };
  }
  await updatePayment(tx, payment.id, {
    status: to,
    external_id: named.externalId,
    ...(isPayable(to) ? {} : { checkout_url: null }),
  });
  return { outcome: 'applied', paymentId: payment.id };
}

type PaidFact = Extract<Fact, { kind: 'paid' | 'odd' }>;

async function applyPaid(tx: Tx, provider: Provider, fact: PaidFact): Promise<Effect> {
  const { settlementId, amount } = fact;
  await lockSettlement(tx, provider, settlementId);
  const found = await findNamed(tx, provider, fact);
  if (found === undefined) return NOTHING;
  const settled = await findBySettlement(tx, provider, settlementId);
  // One movement of money is credited once, whichever checkout claims it.
  if (settled !== undefined && settled.id !== found.id) return { outcome: 'repeated', paymentId: settled.id };
  const locked = await lockBoth(tx, found);
  if (locked === undefined) return NOTHING;
  const { external_id } = locked.payment;
  const named = { external_id: external_id ?? fact.externalId, settlement_id: settlementId };
  return settle(tx, provider, locked, { amount, named, odd: fact.kind === 'odd' });
}

type PurchaseFact = Extract<Fact, { kind: 'purchased' }>;

/** A purchase in a store makes its payment itself: its transaction there is what it is known by, over every feed. */
async function applyPurchase(tx: Tx, provider: Provider, fact: PurchaseFact): Promise<Effect> {
  const { settlementId, worth } = fact;
  // One round trip: the look begins once the lock is there.
  const [, settled] = await Promise.all([
    lockSettlement(tx, provider, settlementId),
    findBySettlement(tx, provider, settlementId),
  ]);
  if (settled !== undefined) return { outcome: 'repeated', paymentId: settled.id };
  const workspaceId = fact.workspaceId ?? (await ownerOf(tx, provider, fact.originalId));
  if (workspaceId === null) return NOTHING;
  const [[wallet], isOpen] = await Promise.all([
    lockWallets(tx, [workspaceId]),
    isWorkspaceOpen(tx, workspaceId),
  ]);
  if (wallet === undefined) return NOTHING;
  const payment = await insertPayment(tx, {
    id: newId(),
    workspace_id: workspaceId,
    provider,
    currency: wallet.currency,
    asked: null,
    settlement_id: settlementId,
  });
  assertInvariant(payment !== undefined, 'a settlement nobody knew has no payment');
  const amount = worth ?? { micros: 0n, currency: wallet.currency };
  return settle(tx, provider, { wallet, payment, isOpen }, { amount, named: {}, odd: worth === null });
}

interface Settling {
  readonly amount: Amount;
  readonly named: { readonly external_id?: string; readonly settlement_id?: string };
  /** Not what was asked for: a person decides. */
  readonly odd: boolean;
}

/** Credits what came, or keeps it for a person; then applies what was said of this money before. */
async function settle(tx: Tx, provider: Provider, locked: Locked, settling: Settling): Promise<Effect> {
  const { wallet, payment, isOpen } = locked;
  const { amount, named, odd } = settling;
  // A workspace that was closed meanwhile has nothing to spend it on: a person returns it.
  const micros = odd || !isOpen ? null : creditOf(amount, wallet.currency);
  const { availableMicros, heldMicros, bonusMicros } = wallet;
  const fits = micros !== null && availableMicros + heldMicros + bonusMicros + micros <= BALANCE_MICROS_MAX;
  const to: PaymentStatus = fits ? 'paid' : 'review';
  if (!advances(payment.status as PaymentStatus, to)) return { outcome: 'repeated', paymentId: payment.id };
  const paid = { paid: amount.micros, paid_currency: amount.currency, checkout_url: null };
  if (!fits) {
    await updatePayment(tx, payment.id, { ...named, ...paid, status: to }, true);
    return { outcome: 'applied', paymentId: payment.id };
  }
  const credited = await creditPayment(tx, payment, micros, { ...named, ...paid });
  await applyEarly(tx, provider, credited);
  return { outcome: 'applied', paymentId: payment.id };
}

/** Books the credit of a payment that is locked, once in its life: its id is the key in the books. */
export async function creditPayment(
  tx: Tx,
  payment: PaymentRow,
  micros: bigint,
  change: Parameters<typeof updatePayment>[2],
): Promise<PaymentRow> {
  const posted = await credit(tx, 'top_up', {
    workspaceId: payment.workspace_id,
    amountMicros: micros,
    currency: payment.currency,
    key: `payment:${payment.id}`,
    reason: payment.provider,
    reference: payment.id,
  });
  assertInvariant(posted.outcome === 'posted', 'a payment is credited once');
  const payload = { workspace_id: payment.workspace_id, payment_id: payment.id };
  const [updated] = await Promise.all([
    updatePayment(tx, payment.id, { ...change, status: 'paid', credited: micros }, true),
    emitAll(tx, [{ name: paymentCredited.name, payload }]),
  ]);
  return updated;
}

/** What was said of a settlement before it was known. Refunds and disputes each see what the ones before them left. */
export async function applyEarly(tx: Tx, provider: Provider, payment: PaymentRow): Promise<void> {
  const { settlement_id: settlementId } = payment;
  if (settlementId === null) return;
  for (const early of await takeEarly(tx, provider, settlementId)) {
    const fact = factOf(settlementId, early);
    const again = await lockBoth(tx, payment);
    assertInvariant(again !== undefined, 'a payment just credited has a wallet');
    await applyLocked(tx, again, fact);
  }
}

async function applyToSettlement(tx: Tx, provider: Provider, fact: SettlementFact): Promise<Effect> {
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
