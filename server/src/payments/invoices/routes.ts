// The routes of invoices: a workspace reads its own, as the tenant, asks for one, and says whom they are made out to.
import { decodeId } from '@sotto/contract';
import {
  createInvoice as createOperation,
  getBilling as getBillingOperation,
  getInvoice as getOperation,
  getInvoicePage as getPageOperation,
  listInvoices as listOperation,
  updateBilling as updateBillingOperation,
} from '@sotto/contract/invoices';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads, withHeaders } from '#platform/route';
import type { Keyring } from '#privacy';
import { findById } from '../payment.sql.ts';
import { billingKey, changeDetails, findDetails } from './billing-details.ts';
import { findInvoice, type InvoiceRow, pageOfInvoices } from './invoice.sql.ts';
import { INVOICE_PAGE_HEADERS, invoicePage } from './invoice-page.ts';
import { buyerOf, issueCreditNote, issueInvoice, numberOf } from './issue.ts';
import { presentBilling, presentInvoice } from './present.ts';
import type { InvoiceSettings } from './settings.ts';

export interface InvoiceRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Null while the operator has not said who sells. */
  readonly invoices: InvoiceSettings | null;
}

interface Owner {
  readonly workspaceId: string;
}

export function invoiceRoutes({ db, keyring, invoices }: InvoiceRoutesOptions): readonly Route[] {
  const one = async (workspaceId: string, publicId: string): Promise<InvoiceRow> => {
    const id = decodeId('inv', publicId);
    const row = id && (await db.tenant(workspaceId, (tx) => findInvoice(tx, workspaceId, id)));
    if (!row) throw new AppError('not_found');
    return row;
  };
  const shown = async (row: InvoiceRow) => presentInvoice(row, await buyerOf(keyring, row));
  return [
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, Owner>) => {
      const { workspaceId } = caller;
      const before = positionOf(query.cursor);
      const rows = await db.tenant(workspaceId, (tx) =>
        pageOfInvoices(tx, workspaceId, before, query.limit + 1),
      );
      await keyring.load(rows.some(({ buyer }) => buyer !== null) ? [billingKey(keyring, workspaceId)] : []);
      const invoicesShown = new Map(
        await Promise.all(rows.map(async (row) => [row.id, await shown(row)] as const)),
      );
      return pageAnswer(
        rows,
        query.limit,
        ({ id }) => id,
        ({ id }) => invoicesShown.get(id)!,
      );
    }),
    inTransaction(createOperation, async ({ caller, body }: Call<typeof createOperation, Owner>, tx) => {
      if (invoices === null)
        throw new AppError('conflict', { detail: 'The operator has not said who sells.' });
      const id = decodeId('top', body.top_up_id);
      const payment = id === null ? undefined : await findById(tx, id);
      if (payment?.workspace_id !== caller.workspaceId) throw new AppError('not_found');
      const issued = await issueInvoice(tx, keyring, invoices, payment.id);
      if (!('invoice' in issued)) {
        const isUnpaid = issued.outcome !== 'sold_elsewhere';
        throw new AppError('conflict', {
          detail: isUnpaid ? 'The top-up was not paid.' : 'The store that sold it invoices it.',
        });
      }
      await issueCreditNote(tx, keyring, payment.id);
      return shown(issued.invoice);
    }),
    reads(getOperation, async ({ caller, params }: Call<typeof getOperation, Owner>) =>
      shown(await one(caller.workspaceId, params.id)),
    ),
    reads(getPageOperation, async ({ caller, params }: Call<typeof getPageOperation, Owner>) => {
      const { workspaceId } = caller;
      const row = await one(workspaceId, params.id);
      const { corrects } = row;
      const corrected =
        corrects === null
          ? undefined
          : await db.tenant(workspaceId, (tx) => findInvoice(tx, workspaceId, corrects));
      const page = invoicePage(await shown(row), corrected === undefined ? null : numberOf(corrected));
      return withHeaders(INVOICE_PAGE_HEADERS, page);
    }),
    reads(getBillingOperation, async ({ caller }: Call<typeof getBillingOperation, Owner>) => {
      const { workspaceId } = caller;
      const details = await db.tenant(workspaceId, (tx) => findDetails(tx, keyring, workspaceId));
      if (details === undefined) throw new AppError('not_found');
      return presentBilling(details);
    }),
    inTransaction(
      updateBillingOperation,
      async ({ caller, body }: Call<typeof updateBillingOperation, Owner>, tx) => {
        const { legal_name: legalName, address, country, tax_id: taxId } = body;
        const change = {
          ...(legalName === undefined ? {} : { legalName }),
          ...(address === undefined ? {} : { address }),
          ...(country === undefined ? {} : { country }),
          ...(taxId === undefined ? {} : { taxId }),
        };
        return presentBilling(await changeDetails(tx, keyring, caller.workspaceId, change));
      },
    ),
  ];
}
