// Statements on accounts.workspace. All are rare, so they are Kysely queries; `tx` is a sotto_batch transaction.

import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { accounts } from './steward.ts';

const read = readerFor(accounts);
const COLUMNS = ['id', 'kind', 'name', 'currency', 'created_at', 'closed_at'] as const;

export type WorkspaceRow = Pick<Selectable<DB['accounts.workspace']>, (typeof COLUMNS)[number]>;

export async function insertWorkspace(
  tx: Tx,
  row: Pick<WorkspaceRow, 'id' | 'kind' | 'name' | 'currency'>,
): Promise<WorkspaceRow> {
  const [made] = await tx.run(q.insertInto('accounts.workspace').values(row).returning(COLUMNS));
  return made!;
}

/** By primary key. Unknown ids are left out of the answer. */
export const selectWorkspaces = (tx: Tx, ids: readonly string[]): Promise<WorkspaceRow[]> =>
  tx.run(
    read(tx, 'service')
      .selectFrom('accounts.workspace')
      .select(COLUMNS)
      .where('id', 'in', [...ids]),
  );

/** Newest first, from below `before`, along the primary key. */
export function selectWorkspacePage(tx: Tx, before: string | null, limit: number): Promise<WorkspaceRow[]> {
  const page = read(tx, 'service')
    .selectFrom('accounts.workspace')
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .limit(limit);
  return tx.run(before === null ? page : page.where('id', '<', before));
}

/** Sets the end of a workspace once; false when it is unknown or has ended before. */
export async function updateClosed(tx: Tx, id: string): Promise<boolean> {
  const closed = await tx.run(
    q
      .updateTable('accounts.workspace')
      .set({ closed_at: DATABASE_CLOCK })
      .where('id', '=', id)
      .where('closed_at', 'is', null)
      .returning('id'),
  );
  return closed.length > 0;
}
