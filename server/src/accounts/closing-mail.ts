// What the owners of a workspace are told of its end: notices before it, and a last mail when it is decided, while there
// is still an address to send it to.
import * as z from 'zod';
import type { Tx } from '#platform/database';
import { defineJob } from '#platform/jobs';
import { counter } from '#platform/metrics';
import type { Keyring } from '#privacy';
import { endOf } from '#privacy/retention';
import { selectNotices } from './inactivity.sql.ts';
import { contactsOf } from './people/contacts.ts';
import type { AccountMail } from './sign-in/account-mail.ts';

const counted = counter({
  name: 'sotto_accounts_closing_mails_total',
  help: 'Mails about the end of accounts; no_address: nobody there has one, as with a device',
  labels: { outcome: ['queued', 'no_address'] },
});

export interface ClosingMail {
  readonly keyring: Keyring;
  readonly mail: AccountMail;
}

/** Subscribes `accounts.inactivity_notice`. What it queues is committed with its own end: a notice is mailed once. */
export const closingNoticeJob = ({ keyring, mail }: ClosingMail) =>
  defineJob<{ workspace_id: string; distance: string }>({
    name: 'accounts.tell_of_closing',
    schema: z.strictObject({ workspace_id: z.uuid(), distance: z.string().max(40) }),
    attemptsMax: 20,
    backoff: { baseMs: 1_000, maxMs: 600_000 },
    leaseMs: 30_000,
    async handler(context, { workspace_id: workspaceId, distance }) {
      await context.db.batch(async (tx) => {
        await context.finishIn(tx);
        // Used again meanwhile, or closed: there is nothing to tell any more.
        const notices = await selectNotices(tx, workspaceId);
        if (!notices.some((notice) => notice.distance === distance)) return;
        // Notices that went out late, together, announce different days: the first of them is told.
        const ends = notices.map((notice) => endOf(notice.distance, notice.sent_at).getTime());
        await tellOwners(tx, { keyring, mail }, workspaceId, {
          kind: 'account_closing',
          closesOn: new Date(Math.min(...ends)),
        });
      });
      return undefined;
    },
  });

/** Queues the last mail about a workspace, in the transaction that closes it and before it does. */
export const tellOfEnd = (tx: Tx, parts: ClosingMail, workspaceId: string): Promise<void> =>
  tellOwners(tx, parts, workspaceId, { kind: 'account_closed' });

async function tellOwners(
  tx: Tx,
  { keyring, mail }: ClosingMail,
  workspaceId: string,
  letter: { readonly kind: 'account_closed' } | { readonly kind: 'account_closing'; readonly closesOn: Date },
): Promise<void> {
  let queued = 0;
  for (const { email, personId, language } of await contactsOf(tx, keyring, workspaceId, ['owner'])) {
    if (email === null) continue;
    await mail.queue(tx, { ...letter, to: email, personId, language });
    queued++;
  }
  counted.add(Math.max(queued, 1), { outcome: queued === 0 ? 'no_address' : 'queued' });
}
