// Statements on what stores still have to be told.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import type { DB } from '#platform/tables';
import { readerFor } from '#privacy/reading';
import { payments } from './steward.ts';

const read = readerFor(payments);
const COLUMNS = ['id', 'act', 'product_id', 'token', 'created_at'] as const;

export type ConfirmationRow = Pick<Selectable<DB['payments.confirmation']>, (typeof COLUMNS)[number]>;

export interface NewConfirmation {
  readonly id: string;
  readonly workspace_id: string;
  readonly act: string;
  readonly product_id: string;
  readonly token: string;
}

/** False when it is there already; waits for one that is being written. */
export const insertConfirmation = async (tx: Tx, row: NewConfirmation): Promise<boolean> =>
  (
    await tx.run(
      q
        .insertInto('payments.confirmation')
        .values(row)
        .onConflict((conflict) => conflict.columns(['token', 'product_id']).doNothing())
        .returning('id'),
    )
  ).length > 0;

export const findConfirmation = async (tx: Tx, id: string): Promise<ConfirmationRow | undefined> =>
  (
    await tx.run(read(tx, 'billing').selectFrom('payments.confirmation').select(COLUMNS).where('id', '=', id))
  )[0];

export async function deleteConfirmation(tx: Tx, id: string): Promise<void> {
  await tx.run(q.deleteFrom('payments.confirmation').where('id', '=', id));
}
