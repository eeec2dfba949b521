// Statements on payments.billing_details.

import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

export const selectDetails = async (tx: Tx, workspaceId: string): Promise<Buffer | undefined> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.billing_details')
        .select(['details'])
        .where('workspace_id', '=', workspaceId),
    )
  )[0]?.details;

export async function upsertDetails(tx: Tx, workspaceId: string, details: Sealed): Promise<void> {
  await tx.run(
    q
      .insertInto('payments.billing_details')
      .values({ workspace_id: workspaceId, details })
      .onConflict((conflict) =>
        conflict.column('workspace_id').doUpdateSet({ details, updated_at: DATABASE_CLOCK }),
      ),
  );
}

const LOCK = statement<never>(
  'payments.lock_billing_details',
  'operations',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 0))',
);

/** One change at a time: a part of the details is written over what stands. */
export const lockDetails = async (tx: Tx, workspaceId: string): Promise<void> => {
  await tx.exec(LOCK, [`payments billing ${workspaceId}`]);
};

const DELETE = statement<never>(
  'payments.delete_billing_details',
  'legal',
  'delete from payments.billing_details where workspace_id = any($1::uuid[])',
);
export const deleteDetails = async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
  await tx.exec(DELETE, [arrays.uuid(workspaceIds)]);
};

const INVOICED = statement<{ workspace_id: string }>(
  'payments.find_invoiced',
  'legal',
  `select w.workspace_id
     from unnest($1::uuid[]) w (workspace_id)
    where exists (select from payments.invoice i where i.workspace_id = w.workspace_id)
       or exists (select from payments.billing_details d where d.workspace_id = w.workspace_id)`,
);

/** Those of these workspaces of which something is sealed under their billing key. */
export const stillBilled = async (tx: Tx, workspaceIds: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await tx.exec(INVOICED, [arrays.uuid(workspaceIds)])).map(({ workspace_id }) => workspace_id));
