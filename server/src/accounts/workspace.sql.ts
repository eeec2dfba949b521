// Statements on accounts.workspace. All are rare, so they are Kysely queries; `tx` is a sotto_batch transaction.

import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import type { DB } from '#platform/tables';
import type { Sealed } from '#privacy';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { accounts } from './steward.ts';

const read = readerFor(accounts);
const COLUMNS = ['id', 'kind', 'name', 'currency', 'created_at', 'closed_at'] as const;
const WITH_ORGANISATION = [
  'w.id',
  'w.kind',
  'w.name',
  'w.currency',
  'w.created_at',
  'w.closed_at',
  'o.name as organisation',
] as const;

type Row = Pick<Selectable<DB['accounts.workspace']>, (typeof COLUMNS)[number]>;
/** `organisation` is what it calls itself, `name` what somebody else calls it. */
export type WorkspaceRow = Row & { readonly organisation: Buffer | null };

export async function insertWorkspace(
  tx: Tx,
  row: Pick<Row, 'id' | 'kind' | 'name' | 'currency'>,
): Promise<WorkspaceRow> {
  const [made] = await tx.run(q.insertInto('accounts.workspace').values(row).returning(COLUMNS));
  return { ...made!, organisation: null };
}

/** Sets what a personal workspace is called; a name that is null takes it away. */
export async function updateName(tx: Tx, id: string, name: Sealed | null): Promise<void> {
  await tx.run(q.updateTable('accounts.workspace').set({ name }).where('id', '=', id));
}

/** Sets what an organisation calls itself. */
export async function setOrganisation(tx: Tx, id: string, name: Sealed): Promise<void> {
  await tx.run(
    q
      .insertInto('accounts.organisation')
      .values({ workspace_id: id, name })
      .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet({ name })),
  );
}

/** By primary key. Unknown ids are left out of the answer. */
export const selectWorkspaces = (tx: Tx, ids: readonly string[]): Promise<WorkspaceRow[]> =>
  tx.run(
    read(tx, 'service')
      .selectFrom('accounts.workspace as w')
      .leftJoin('accounts.organisation as o', 'o.workspace_id', 'w.id')
      .select(WITH_ORGANISATION)
      .where('w.id', 'in', [...ids]),
  );

/** Newest first, from below `before`, along the primary key. */
export function selectWorkspacePage(tx: Tx, before: string | null, limit: number): Promise<WorkspaceRow[]> {
  const page = read(tx, 'service')
    .selectFrom('accounts.workspace as w')
    .leftJoin('accounts.organisation as o', 'o.workspace_id', 'w.id')
    .select(WITH_ORGANISATION)
    .orderBy('w.id', 'desc')
    .limit(limit);
  return tx.run(before === null ? page : page.where('w.id', '<', before));
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
