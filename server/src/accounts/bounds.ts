// How much of something a workspace may have. What plans allow is decided above; here it is asked and kept.
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { countLivingKeys, lockCounting } from './bounds.sql.ts';

/** Null: no bound but the platform's own. */
export interface WorkspaceBounds {
  readonly membersMax: number | null;
  /** API keys that work. */
  readonly keysMax: number | null;
}

/** Asked in the transaction that makes another member or key; registered by whoever knows plans. */
export type BoundsOf = (tx: Tx, workspaceId: string) => Promise<WorkspaceBounds>;

/**
 * Throws `plan_limit` when a workspace has as many API keys as it may. `replaced` is a key that another follows and is not
 * counted. Before any other lock: of many at once each counts what the ones before it made.
 */
export async function demandRoomForKey(
  tx: Tx,
  boundsOf: BoundsOf,
  workspaceId: string,
  replaced: string | null = null,
): Promise<void> {
  const { keysMax } = await boundsOf(tx, workspaceId);
  if (keysMax === null) return;
  await lockCounting(tx, workspaceId, 'keys');
  if ((await countLivingKeys(tx, workspaceId, replaced, keysMax)) < keysMax) return;
  throw new AppError('plan_limit', { detail: `The workspace may have ${keysMax} API keys that work.` });
}

/** What is said where a workspace has as many members as it may. */
export const membersFull = (membersMax: number) =>
  new AppError('plan_limit', { detail: `The workspace may have ${membersMax} members.` });
