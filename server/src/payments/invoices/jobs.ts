// Issuing without being asked: organisations get an invoice for what they paid in, and whoever has one gets a credit note
// for what went back for good.
import * as z from 'zod';
import { findWorkspaces } from '#accounts';
import type { Database } from '#platform/database';
import { declareJob } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { issueCreditNote, issueInvoice } from './issue.ts';
import type { InvoiceSettings } from './settings.ts';

/** Subscribes to what is credited and what is returned for good, whose payload it takes. */
export const invoiceJob = declareJob({
  name: 'payments.invoice',
  schema: z.strictObject({ workspace_id: z.uuid(), payment_id: z.uuid() }),
  attemptsMax: 20,
  backoff: { baseMs: 1_000, maxMs: 600_000 },
  leaseMs: 60_000,
});

/** What is due for a payment. May be repeated, and come in any order. */
export async function invoicePayment(
  db: Database,
  keyring: Keyring,
  settings: InvoiceSettings,
  { workspace_id: workspaceId, payment_id: paymentId }: z.output<typeof invoiceJob.schema>,
): Promise<void> {
  await db.batch(async (tx) => {
    const [workspace] = await findWorkspaces(tx, keyring, [workspaceId]);
    if (workspace?.kind === 'organisation') await issueInvoice(tx, keyring, settings, paymentId);
    await issueCreditNote(tx, keyring, paymentId);
  });
}

export const invoiceJobs = (keyring: Keyring, settings: InvoiceSettings | null) => [
  {
    ...invoiceJob,
    async handler({ db }: { db: Database }, payload: z.output<typeof invoiceJob.schema>) {
      if (settings !== null) await invoicePayment(db, keyring, settings, payload);
      return undefined;
    },
  },
];
