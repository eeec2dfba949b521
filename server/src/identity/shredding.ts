// The end of documents: their key is destroyed, so that copies in backups and in the log of the database end as well,
// and then the rows go. The check and its outcome stay.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { deleteDocuments, markDocumentsEnded } from './expiry.sql.ts';
import { documentsKey } from './sealed-documents.ts';

interface Ending {
  readonly id: string;
  readonly workspace_id: string;
}

/**
 * Destroys the documents of checks that the caller has locked and that take no more of them. The keys die before the
 * commit: if that fails, the documents are unreadable and their rows go the next time. May be repeated.
 */
export async function shredDocuments(
  tx: Tx,
  keyring: Keyring,
  checks: readonly Ending[],
  now: Date,
  actor: Actor,
): Promise<void> {
  const ids = checks.map(({ id }) => id);
  await keyring.destroy(ids.map((id) => documentsKey(keyring, id)));
  await deleteDocuments(tx, ids);
  await markDocumentsEnded(tx, ids, now);
  for (const { id, workspace_id: workspaceId } of checks) {
    await record(tx, keyring, {
      action: 'identity_check.shredded',
      actor,
      object: { kind: 'identity_check', id },
      sealed: { workspaceId, ids: { identity_check: id } },
    });
  }
}
