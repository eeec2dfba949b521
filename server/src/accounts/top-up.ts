// A top-up by hand: money that came some other way, booked by an operator with a reason, and recorded as such.
import { type Credit, credit } from '#ledger';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';

/**
 * Books a top-up as `credit` does and answers as it does. The audit trail gets an entry when something was booked, so
 * a repetition under the same key adds none.
 */
export async function topUpByHand(
  tx: Tx,
  keyring: Keyring,
  topUp: Credit,
  actor: Actor,
): ReturnType<typeof credit> {
  const posted = await credit(tx, 'top_up', topUp);
  if (posted.outcome !== 'posted') return posted;
  const { workspaceId } = topUp;
  await record(tx, keyring, {
    action: 'workspace.credited',
    actor,
    object: { kind: 'workspace', id: workspaceId },
    sealed: { workspaceId, ids: { transaction_id: posted.transactionId } },
  });
  return posted;
}
