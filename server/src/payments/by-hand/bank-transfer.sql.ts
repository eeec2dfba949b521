// Statements on payments.bank_transfer.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const COLUMNS = [
  'id',
  'workspace_id',
  'state',
  'amount',
  'currency',
  'reference',
  'entered_by_person',
  'entered_by_key',
  'created_at',
  'decided_at',
] as const;

type Row = Selectable<DB['payments.bank_transfer']>;
export type BankTransferRow = Pick<Row, (typeof COLUMNS)[number]>;

/** Undefined when one with this reference is there and not rejected; waits for one that is being entered. */
export const insertTransfer = async (
  tx: Tx,
  row: Omit<BankTransferRow, 'state' | 'created_at' | 'decided_at'>,
): Promise<BankTransferRow | undefined> =>
  (
    await tx.run(
      q
        .insertInto('payments.bank_transfer')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning(COLUMNS),
    )
  )[0];

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.bank_transfer');

export const findTransfer = async (tx: Tx, id: string): Promise<BankTransferRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('id', '=', id)))[0];

/** Locked until the transaction ends; the wallet's lock is taken before. */
export const lockTransfer = async (tx: Tx, id: string): Promise<BankTransferRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('id', '=', id).forUpdate()))[0];

/** Decides one that is locked and waits. */
export async function updateDecided(
  tx: Tx,
  id: string,
  decision: Pick<Row, 'state' | 'decided_by_person' | 'decided_by_key'>,
): Promise<BankTransferRow> {
  const [decided] = await tx.run(
    q
      .updateTable('payments.bank_transfer')
      .set({ ...decision, decided_at: DATABASE_CLOCK })
      .where('id', '=', id)
      .returning(COLUMNS),
  );
  return decided!;
}

/** A page of all, newest first; those that wait by bank_transfer_waiting. */
export const pageOfTransfers = (
  tx: Tx,
  before: string | null,
  limit: number,
  waiting: boolean,
): Promise<BankTransferRow[]> =>
  tx.run(
    from(tx)
      .select(COLUMNS)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .$if(waiting, (page) => page.where('state', '=', 'waiting'))
      .orderBy('id', 'desc')
      .limit(limit),
  );
