// Telling a workspace, by mail, that its check is decided. Neither the reason nor the kind of document is in the mail.
import { writeToMembers } from '#accounts';
import { queueMail } from '#mail';
import type { Tx } from '#platform/database';
import type { IdentityRoutesOptions } from './check-routes.ts';

/** Who may see how checks stand. */
const TOLD = ['owner', 'admin'] as const;

/** Queues the mails in the transaction that decides. Not to be repeated: each call is another mail. */
export async function tellDecided(
  tx: Tx,
  { keyring, mailBaseUrl }: Pick<IdentityRoutesOptions, 'keyring' | 'mailBaseUrl'>,
  workspaceId: string,
  outcome: 'approved' | 'rejected',
): Promise<void> {
  if (mailBaseUrl === null) return;
  await writeToMembers(tx, keyring, workspaceId, TOLD, (reader) =>
    queueMail(tx, keyring, {
      ...reader,
      template: 'identity_decided',
      purpose: 'service',
      params: { outcome, link: `${mailBaseUrl()}/` },
    }),
  );
}
