// Issuing: one invoice for a payment, and a credit note for what went back of it for good. Each is issued under the lock of
// its payment, and takes its number last, under the lock of its series.
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { lockPayment } from '../payment.sql.ts';
import { readTakebacks, type TakebackRow } from '../takeback.sql.ts';
import { type BillingDetails, billingKey, findDetails, openBuyer, sealBuyer } from './billing-details.ts';
import { creditNotesOf, findInvoiceOf, type InvoiceRow, insertInvoice, takeNumber } from './invoice.sql.ts';
import type { InvoiceSettings } from './settings.ts';
import { taxationOf, taxReturned, taxWithin } from './tax.ts';

/** `unpaid`: nothing was credited; `sold_elsewhere`: a store sold it, and invoices it. */
export type Issued =
  | { readonly outcome: 'issued' | 'known'; readonly invoice: InvoiceRow }
  | { readonly outcome: 'unknown' | 'unpaid' | 'sold_elsewhere' };

/** Whose payments we invoice: with a store, the store is the seller. */
const OURS: ReadonlySet<string> = new Set(['stripe', 'btcpay', 'bank']);

/** The invoice of a payment. Needs a transaction of a batch; may be repeated, and finds the first one. */
export async function issueInvoice(
  tx: Tx,
  keyring: Keyring,
  { seller, series, taxRules }: InvoiceSettings,
  paymentId: string,
): Promise<Issued> {
  const payment = await lockPayment(tx, paymentId);
  if (payment === undefined) return { outcome: 'unknown' };
  const known = await findInvoiceOf(tx, paymentId);
  if (known !== undefined) return { outcome: 'known', invoice: known };
  if (!OURS.has(payment.provider)) return { outcome: 'sold_elsewhere' };
  if (payment.status !== 'paid' || payment.paid_at === null) return { outcome: 'unpaid' };
  const { workspace_id: workspaceId, currency, credited: total } = payment;
  const buyer = (await findDetails(tx, keyring, workspaceId)) ?? null;
  const id = newId();
  const sealedBuyer = buyer && sealBuyer(keyring, workspaceId, id, buyer);
  const number = await takeNumber(tx, series);
  const day = number.issued_at.toISOString().slice(0, 10);
  const { rate, reverseCharge } = taxationOf(taxRules, seller, buyer, day);
  const invoice = await insertInvoice(tx, {
    id,
    workspace_id: workspaceId,
    kind: 'invoice',
    series,
    ...number,
    payment_id: payment.id,
    supplied_at: payment.paid_at,
    seller_name: seller.name,
    seller_address: seller.address,
    seller_country: seller.country,
    seller_tax_id: seller.taxId,
    buyer: sealedBuyer,
    currency,
    total,
    tax: taxWithin(total, rate, currency),
    tax_rate: rate,
    reverse_charge: reverseCharge,
  });
  return { outcome: 'issued', invoice };
}

/**
 * A credit note for what went back of a payment since the last one; undefined where there is nothing, or no invoice. It
 * says what its invoice says. Needs a transaction of a batch; may be repeated.
 */
export async function issueCreditNote(
  tx: Tx,
  keyring: Keyring,
  paymentId: string,
): Promise<InvoiceRow | undefined> {
  const payment = await lockPayment(tx, paymentId);
  const invoice = payment && (await findInvoiceOf(tx, paymentId));
  if (payment === undefined || invoice === undefined) return undefined;
  const before = (await creditNotesOf(tx, paymentId)).reduce(
    (sum, { total, tax }) => ({ total: sum.total + total, tax: sum.tax + tax }),
    { total: 0n, tax: 0n },
  );
  const total = returnedMicros(await readTakebacks(tx, paymentId)) - before.total;
  if (total <= 0n) return undefined;
  const id = newId();
  const sealedBuyer = await resealed(keyring, invoice, id);
  const series = `${invoice.series}-CN`;
  const number = await takeNumber(tx, series);
  const { seller_name, seller_address, seller_country, seller_tax_id, currency, tax_rate } = invoice;
  return insertInvoice(tx, {
    id,
    workspace_id: invoice.workspace_id,
    kind: 'credit_note',
    series,
    ...number,
    payment_id: paymentId,
    corrects: invoice.id,
    supplied_at: number.issued_at,
    seller_name,
    seller_address,
    seller_country,
    seller_tax_id,
    buyer: sealedBuyer,
    currency,
    total,
    tax: taxReturned(invoice, before, total),
    tax_rate,
    reverse_charge: invoice.reverse_charge,
  });
}

/**
 * What went back for good: of a refund all of it, for the buyer has it. Of a dispute that was lost what left the balance;
 * what had been spent stays a claim, and its supply stands.
 */
export function returnedMicros(takebacks: readonly Pick<TakebackRow, 'kind' | 'state' | 'taken' | 'lost'>[]) {
  return takebacks
    .filter(({ state }) => state === 'final')
    .reduce((sum, { kind, taken, lost }) => sum + taken + (kind === 'refund' ? lost : 0n), 0n);
}

async function resealed(keyring: Keyring, invoice: InvoiceRow, id: string) {
  if (invoice.buyer === null) return null;
  const buyer = await buyerOf(keyring, invoice);
  return buyer && sealBuyer(keyring, invoice.workspace_id, id, buyer);
}

/** Whom an invoice is made out to; null where it names nobody, or no longer. */
export async function buyerOf(keyring: Keyring, invoice: InvoiceRow): Promise<BillingDetails | null> {
  if (invoice.buyer === null) return null;
  await keyring.load([billingKey(keyring, invoice.workspace_id)]);
  return openBuyer(keyring, invoice.workspace_id, invoice.id, invoice.buyer);
}

/** What an invoice is known by: `INV-2026-000042`. */
export const numberOf = ({
  series,
  year,
  sequence,
}: Pick<InvoiceRow, 'series' | 'year' | 'sequence'>): string =>
  `${series}-${year}-${String(sequence).padStart(6, '0')}`;
