// Beginning a payment: the row first, then the provider, under our own id. Whoever repeats the request finds the row and
// asks the provider again for the same checkout, so one request begins one payment wherever it was cut off.
import { isAmount } from '#ledger';
import { alignedNowMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { idFloor, newId } from '#platform/ids';
import type { RequestMacs } from '#platform/route';
import { isPayable, type PaymentStatus } from './decide.ts';
import {
  countUnpaid,
  findByRequest,
  insertPayment,
  lockPayment,
  type PaymentRow,
  updatePayment,
} from './payment.sql.ts';
import type { Amount, CheckoutProvider, PaymentProvider } from './port.ts';

/** Unpaid payments a workspace may have begun within a day. */
export const UNPAID_MAX = 50;
const DAY_MS = 86_400_000;

export interface TopUpRequest {
  readonly workspaceId: string;
  /** In the currency of the workspace. */
  readonly amount: Amount;
  /** Undefined: the first that is offered. */
  readonly provider: CheckoutProvider | undefined;
  readonly returnUrl: string;
  readonly idempotency: RequestMacs | null;
}

export interface TopUpParts {
  readonly db: Database;
  /** Those set up here, in the order in which they are offered. */
  readonly providers: readonly PaymentProvider[];
}

/**
 * Begins a payment and gives it with its page. May be repeated with the same idempotency. Throws `invalid_request` for a
 * provider that is not offered or an amount it cannot take exactly, `conflict` when too many are unpaid or the provider
 * will not have it, `unavailable` when it does not answer, and `idempotency_mismatch`.
 */
export async function beginTopUp(parts: TopUpParts, asked: TopUpRequest): Promise<PaymentRow> {
  const provider = chosen(parts.providers, asked);
  const row = await insertOrFind(parts.db, asked, provider.feed);
  if (row.checkout_url !== null || !isPayable(row.status as PaymentStatus)) return row;
  const begun = await provider.begin({
    paymentId: row.id,
    amount: asked.amount,
    returnUrl: asked.returnUrl,
  });
  if (begun.outcome === 'unknown')
    throw new AppError('unavailable', { retryable: true, retryAfterSeconds: 5 });
  return parts.db.batch(async (tx) => {
    const locked = await lockPayment(tx, row.id);
    assertInvariant(locked !== undefined, 'a payment that begins is there');
    if (begun.outcome === 'refused') {
      if (locked.status === 'open') await updatePayment(tx, row.id, { status: 'failed' });
      throw new AppError('conflict', { detail: 'The payment provider does not take this payment.' });
    }
    const { externalId, checkoutUrl } = begun.begun;
    // A notice may have come first; a payment that is over needs no page.
    return updatePayment(tx, row.id, {
      external_id: locked.external_id ?? externalId,
      checkout_url: isPayable(locked.status as PaymentStatus) ? checkoutUrl : null,
    });
  });
}

function chosen(providers: readonly PaymentProvider[], { provider, amount }: TopUpRequest): PaymentProvider {
  const found = providers.find(({ feed }) => provider === undefined || feed === provider);
  if (found === undefined) {
    throw new AppError('invalid_request', {
      field: 'provider',
      detail: 'It is not set up on this platform.',
    });
  }
  if (!isAmount(amount.micros) || found.roundDown(amount) !== amount.micros) {
    throw new AppError('invalid_request', {
      field: 'amount.amount',
      detail: 'The payment provider does not take this amount.',
    });
  }
  return found;
}

async function insertOrFind(
  db: Database,
  { workspaceId, amount, idempotency }: TopUpRequest,
  provider: CheckoutProvider,
): Promise<PaymentRow> {
  return db.batch(async (tx) => {
    const since = idFloor(alignedNowMs() - DAY_MS);
    const unpaid = await countUnpaid(tx, workspaceId, since, UNPAID_MAX);
    const known = idempotency === null ? undefined : await findByRequest(tx, workspaceId, idempotency.keyMac);
    if (known === undefined && unpaid >= UNPAID_MAX) {
      throw new AppError('conflict', { detail: 'Too many top-ups of this workspace are not paid yet.' });
    }
    const made =
      known ??
      (await insertPayment(tx, {
        id: newId(),
        workspace_id: workspaceId,
        provider,
        currency: amount.currency,
        asked: amount.micros,
        request_key: idempotency?.keyMac ?? null,
        request_digest: idempotency?.requestMac ?? null,
      })) ??
      (await findByRequest(tx, workspaceId, idempotency!.keyMac));
    assertInvariant(made !== undefined, 'a payment is made or found');
    if (idempotency !== null && !made.request_digest?.equals(idempotency.requestMac)) {
      throw new AppError('idempotency_mismatch');
    }
    return made;
  });
}
