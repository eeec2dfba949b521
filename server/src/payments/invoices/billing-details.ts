// Whom invoices are made out to: sealed under the billing key of the workspace. What an invoice says of its buyer is sealed
// under the same key for its own row, so that the details can change and the invoice cannot.
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Keyring, Place, Sealed } from '#privacy';
import { lockDetails, selectDetails, upsertDetails } from './billing-details.sql.ts';

export interface BillingDetails {
  readonly legalName: string;
  readonly address: string;
  readonly country: string;
  readonly taxId: string | null;
}

const keyRef = (workspaceId: string) => ({ class: 'billing', subjectId: workspaceId }) as const;

export const billingKey = (keyring: Keyring, workspaceId: string) => keyring.keyId(keyRef(workspaceId));

const place = (keyring: Keyring, workspaceId: string): Place => ({
  column: 'payments.billing_details.details',
  rowId: workspaceId,
  ownerId: workspaceId,
  keyId: billingKey(keyring, workspaceId),
});

const buyerPlace = (keyring: Keyring, workspaceId: string, invoiceId: string): Place => ({
  column: 'payments.invoice.buyer',
  rowId: invoiceId,
  ownerId: workspaceId,
  keyId: billingKey(keyring, workspaceId),
});

/** As they stand; undefined while nobody has said. */
export async function findDetails(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
): Promise<BillingDetails | undefined> {
  const sealed = await selectDetails(tx, workspaceId);
  if (sealed === undefined) return undefined;
  await keyring.load([billingKey(keyring, workspaceId)]);
  return opened(keyring, place(keyring, workspaceId), sealed) ?? undefined;
}

/**
 * Writes what is given over what stands. Needs a transaction; may be repeated. Throws `invalid_request` when the first
 * word leaves something out that an invoice needs.
 */
export async function changeDetails(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  change: Partial<BillingDetails>,
): Promise<BillingDetails> {
  await keyring.ensure([keyRef(workspaceId)]);
  await lockDetails(tx, workspaceId);
  const merged = { taxId: null, ...(await findDetails(tx, keyring, workspaceId)), ...change };
  const { legalName, address, country, taxId } = merged;
  if (legalName === undefined || address === undefined || country === undefined) {
    throw new AppError('invalid_request', {
      field: legalName === undefined ? 'legal_name' : address === undefined ? 'address' : 'country',
      detail: 'The first time name, address and country are needed.',
    });
  }
  const details: BillingDetails = { legalName, address, country, taxId };
  await upsertDetails(tx, workspaceId, keyring.seal(place(keyring, workspaceId), JSON.stringify(details)));
  return details;
}

/** For the row of an invoice. The key must be ready. */
export const sealBuyer = (
  keyring: Keyring,
  workspaceId: string,
  invoiceId: string,
  buyer: BillingDetails,
): Sealed => keyring.seal(buyerPlace(keyring, workspaceId, invoiceId), JSON.stringify(buyer));

/** What an invoice says of its buyer; null once the key is destroyed. The key must be ready. */
export const openBuyer = (
  keyring: Keyring,
  workspaceId: string,
  invoiceId: string,
  sealed: Buffer,
): BillingDetails | null => opened(keyring, buyerPlace(keyring, workspaceId, invoiceId), sealed);

function opened(keyring: Keyring, at: Place, sealed: Buffer): BillingDetails | null {
  const found = keyring.open(at, sealed);
  return found.state === 'open' ? (JSON.parse(found.plaintext.toString()) as BillingDetails) : null;
}
