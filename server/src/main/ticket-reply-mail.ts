// That staff have answered, told by mail: to the owners of the workspace that asked, or to whoever wrote by mail. The
// mail says that there is an answer and not what it is, for the text is not what mail services are declared for.
import { encodeId } from '@sotto/contract';
import * as z from 'zod';
import { writeToMembers } from '#accounts';
import { queueMail } from '#mail';
import type { Tx } from '#platform/database';
import { defineJob } from '#platform/jobs';
import { counter } from '#platform/metrics';
import type { Keyring } from '#privacy';
import { replyTokenOf, senderOf } from '#support';
import { replyAddress } from './compose-inbound-mail.ts';

export interface TicketReplyMail {
  readonly keyring: Keyring;
  /** Where mail comes in; undefined where none does. */
  readonly mailDomain: string | undefined;
  /** Where people reach this installation. */
  readonly baseUrl: () => string;
  /** Whether the policy sends mail for support at all. */
  readonly sends: boolean;
}

const counted = counter({
  name: 'sotto_support_reply_mails_total',
  help: 'Answers of staff by whether they were told by mail',
  labels: { outcome: ['queued', 'no_address', 'not_sent'] },
});

/** Subscribes `support.replied`. What it queues is committed with its own end, so each answer is told once. */
export const ticketReplyJob = (parts: TicketReplyMail) =>
  defineJob<{ ticket_id: string; message_id: string; workspace_id: string | null }>({
    name: 'support.tell_of_answer',
    schema: z.strictObject({ ticket_id: z.uuid(), message_id: z.uuid(), workspace_id: z.uuid().nullable() }),
    attemptsMax: 20,
    backoff: { baseMs: 1_000, maxMs: 600_000 },
    leaseMs: 30_000,
    async handler(context, { ticket_id: ticketId, workspace_id: workspaceId }) {
      const outcomes = await context.db.batch(async (tx) => {
        await context.finishIn(tx);
        return parts.sends ? tell(tx, parts, ticketId, workspaceId) : (['not_sent'] as const);
      });
      for (const outcome of outcomes) counted.add(1, { outcome });
      return undefined;
    },
  });

type Told = 'queued' | 'no_address' | 'not_sent';

async function tell(
  tx: Tx,
  { keyring, mailDomain, baseUrl }: TicketReplyMail,
  ticketId: string,
  workspaceId: string | null,
): Promise<readonly Told[]> {
  const params = {
    reference: encodeId('tkt', ticketId),
    replyTo: replyAddress(mailDomain, replyTokenOf(keyring, ticketId)),
  };
  const common = { template: 'ticket_reply', purpose: 'support' } as const;
  if (workspaceId === null) {
    const to = await senderOf(tx, keyring, ticketId);
    if (to === null) return ['no_address'];
    const subject = { kind: 'ticket', id: ticketId } as const;
    const queued = await queueMail(tx, keyring, {
      ...common,
      to,
      locale: 'en',
      params: { ...params, link: null },
      subject,
    });
    return [queued.outcome === 'queued' ? 'queued' : 'not_sent'];
  }
  const told: Told[] = [];
  const owners = await writeToMembers(tx, keyring, workspaceId, ['owner'], async (reader) => {
    const queued = await queueMail(tx, keyring, {
      ...reader,
      ...common,
      params: { ...params, link: `${baseUrl()}/` },
    });
    told.push(queued.outcome === 'queued' ? 'queued' : 'not_sent');
  });
  return owners === 0 ? ['no_address'] : told;
}
