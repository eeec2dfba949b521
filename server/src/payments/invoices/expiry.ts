// The end of invoices: when the law no longer wants them. With the last one of a workspace that is gone its billing key is
// destroyed, and with it every copy of what it was called.

import { isWorkspaceOpen } from '#accounts';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import type { ExpiryHandler } from '#privacy/retention';
import { deleteDetails, stillBilled } from './billing-details.sql.ts';
import { billingKey } from './billing-details.ts';
import { endInvoices, invoicesStanding } from './invoice.sql.ts';

/** Each may take a key along, and destroying those is slow: one file each. */
const INVOICES_AT_ONCE_MAX = 50;

export const invoiceExpiry = (keyring: Keyring): ExpiryHandler => ({
  key: 'invoice',
  table: 'payments.invoice',
  columns: 'row',
  counts: ['created', 'invoice_date'],
  async expire(tx, { before, held, limit }) {
    const most = Math.min(limit, INVOICES_AT_ONCE_MAX);
    const ended = await endInvoices(tx, before, held, most);
    const gone: string[] = [];
    for (const { workspace_id: id } of ended) if (!(await isWorkspaceOpen(tx, id))) gone.push(id);
    await destroyUnused(tx, keyring, gone);
    const rows = ended.reduce((sum, each) => sum + each.ended, 0);
    return { rows, partitions: 0, more: rows >= most };
  },
  standing: (tx, { before, held, limit }) => invoicesStanding(tx, before, held, limit),
});

/**
 * For workspaces that are erased, in the transaction that erases them: nobody is invoiced any more. The key stays while
 * invoices are kept.
 */
export const endBillingOf =
  (keyring: Keyring) =>
  async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
    await deleteDetails(tx, workspaceIds);
    await destroyUnused(tx, keyring, workspaceIds);
  };

async function destroyUnused(tx: Tx, keyring: Keyring, workspaceIds: readonly string[]): Promise<void> {
  if (workspaceIds.length === 0) return;
  const billed = await stillBilled(tx, workspaceIds);
  await keyring.destroy(workspaceIds.filter((id) => !billed.has(id)).map((id) => billingKey(keyring, id)));
}
