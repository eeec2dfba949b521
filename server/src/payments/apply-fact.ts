// What a fact changes. Facts may come twice, late, in any order and over several feeds; what they leave is the same. Each
// is applied in the caller's transaction, under the locks of its settlement, its wallet and its payment, in that order.
import { credit } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { emitAll } from '#platform/outbox';
import { applyPurchases } from './apply-purchases.ts';
import { applyEarly, applyToSettlement } from './apply-to-settlement.ts';
import { concludeFailed, concludePaid, concludeReview } from './auto-top-up/conclude.ts';
import { applyStored } from './auto-top-up/store-card.ts';
import { confirmLater } from './confirmations.ts';
import { advances, creditOf, hasRoom, isPayable, type PaymentStatus } from './decide.ts';
import { paymentCredited } from './events.ts';
import { type Locked, lockBoth } from './lock-both.ts';
import {
  findByExternal,
  findById,
  findBySettlement,
  lockPayment,
  lockSettlement,
  type PaymentRow,
  updatePayment,
} from './payment.sql.ts';
import type { Amount, Fact, Named, Provider } from './port.ts';
import { applySubscription, transferPurchases } from './subscriptions.ts';
import { takeEarly } from './takeback.sql.ts';

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
      return applyStatus(tx, provider, fact);
    case 'stored':
      return { outcome: await applyStored(tx, fact), paymentId: null };
    case 'paid':
    case 'odd':
      return applyPaid(tx, provider, fact);
    case 'purchased':
      return (await applyPurchases(tx, [{ provider, fact }]))[0]!;
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
export async function findNamed(tx: Tx, provider: Provider, named: Named): Promise<PaymentRow | undefined> {
  const found =
    named.paymentId === null
      ? await findByExternal(tx, provider, named.externalId)
      : await findById(tx, named.paymentId);
  if (found === undefined || found.provider !== provider) return undefined;
  return found.external_id === null || found.external_id === named.externalId ? found : undefined;
}

type StatusFact = Extract<Fact, { kind: 'pending' | 'expired' | 'failed' }>;

async function applyStatus(tx: Tx, provider: Provider, fact: StatusFact): Promise<Effect> {
  const { kind: to } = fact;
  const found = await findNamed(tx, provider, fact);
  if (found === undefined) return NOTHING;
  const payment = await lockPayment(tx, found.id);
  if (payment === undefined || !advances(payment.status as PaymentStatus, to)) {
    return { outcome: 'repeated', paymentId: found.id };
  }
  const because = fact.kind === 'failed' ? (fact.because ?? 'declined') : 'not_made';
  const fails = payment.instrument_id !== null && !isPayable(to);
  await updatePayment(tx, payment.id, {
    status: to,
    external_id: fact.externalId,
    ...(isPayable(to) ? {} : { checkout_url: null }),
    ...(fails ? { failed_because: because } : {}),
  });
  if (fails) await concludeFailed(tx, payment, because);
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

interface Settling {
  readonly amount: Amount;
  readonly named: { readonly external_id?: string; readonly settlement_id?: string };
  /** Not what was asked for: a person decides. */
  readonly odd: boolean;
}

/** What has to be known of a payment to credit it. */
type Creditable = Pick<PaymentRow, 'id' | 'workspace_id' | 'currency' | 'provider'>;

/** Credits what came, or keeps it for a person; then applies what was said of this money before. */
async function settle(tx: Tx, provider: Provider, locked: Locked, settling: Settling): Promise<Effect> {
  const { wallet, payment, isOpen } = locked;
  const { amount, named, odd } = settling;
  // A workspace that was closed meanwhile has nothing to spend it on: a person returns it.
  const micros = odd || !isOpen ? null : creditOf(amount, wallet.currency);
  const fits = micros !== null && hasRoom(wallet, micros);
  const to: PaymentStatus = fits ? 'paid' : 'review';
  if (!advances(payment.status as PaymentStatus, to)) return { outcome: 'repeated', paymentId: payment.id };
  const paid = { paid: amount.micros, paid_currency: amount.currency, checkout_url: null };
  if (!fits) {
    await updatePayment(tx, payment.id, { ...named, ...paid, status: to }, true);
    if (payment.instrument_id !== null) await concludeReview(tx, payment);
    return { outcome: 'applied', paymentId: payment.id };
  }
  if (payment.instrument_id !== null) await concludePaid(tx, payment);
  await creditAndCatchUp(tx, provider, payment, micros, { ...named, ...paid });
  return { outcome: 'applied', paymentId: payment.id };
}

/** Books the credit of a payment, and applies what was said of its settlement before it was known. */
export async function creditAndCatchUp(
  tx: Tx,
  provider: Provider,
  payment: Creditable,
  micros: bigint,
  change: Parameters<typeof updatePayment>[2] & { readonly settlement_id?: string },
): Promise<PaymentRow> {
  const { settlement_id: settlementId } = change;
  const [credited, early] = await Promise.all([
    creditPayment(tx, payment, micros, change),
    settlementId === undefined ? [] : takeEarly(tx, [{ provider, settlementId }]),
  ]);
  await applyEarly(tx, credited, early);
  return credited;
}

/** Books the credit of a payment that is locked, once in its life: its id is the key in the books. */
export async function creditPayment(
  tx: Tx,
  payment: Creditable,
  micros: bigint,
  change: Parameters<typeof updatePayment>[2],
): Promise<PaymentRow> {
  const payload = { workspace_id: payment.workspace_id, payment_id: payment.id };
  // Sent together: whatever of it fails takes the whole transaction back.
  const [posted, updated] = await Promise.all([
    credit(tx, 'top_up', {
      workspaceId: payment.workspace_id,
      amountMicros: micros,
      currency: payment.currency,
      key: `payment:${payment.id}`,
      reason: payment.provider,
      reference: payment.id,
    }),
    updatePayment(tx, payment.id, { ...change, status: 'paid', credited: micros }, true),
    emitAll(tx, [{ name: paymentCredited.name, payload }]),
  ]);
  assertInvariant(posted.outcome === 'posted', 'a payment is credited once');
  return updated;
}
