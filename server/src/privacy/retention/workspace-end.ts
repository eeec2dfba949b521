// The end of a workspace as privacy hears of it. Whoever erases one says so in the same transaction: what stood as long
// as it could be processed counts from then.
import type { Tx } from '#platform/database';
import { noteEnded } from './workspace-end.sql.ts';

/**
 * Says that these workspaces are erased. Their consents, acceptances and what they said about age count from now on;
 * their restrictions and objections are closed. May be repeated. Needs the transaction that erases them.
 */
export async function endWorkspaces(tx: Tx, workspaceIds: readonly string[]): Promise<void> {
  await noteEnded(tx, workspaceIds);
}
