// Statements of the outbox. Outcomes go with the end of the job that carries the lease, in one transaction, and change a
// row that still waits or none.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';

export interface NewRow {
  readonly id: string;
  readonly workspaceId: string | null;
  readonly personId: string | null;
  readonly ticketId: string | null;
  readonly template: string;
  readonly locale: string;
  readonly purpose: string;
  readonly address: Sealed;
  readonly params: Sealed;
  readonly lifeMs: number;
}

const INSERT = statement<{ id: string }>(
  'mail.queue_mail',
  'service',
  `insert into mail.outbox (id, workspace_id, person_id, ticket_id, template, locale, purpose, address, params,
                            expires_at)
   values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::text, $8::bytea, $9::bytea,
           (select platform.clock()) + $10::bigint * interval '1 millisecond')
   returning id`,
);

export const insertMail = (tx: Tx, row: NewRow) =>
  tx.exec(INSERT, [
    row.id,
    row.workspaceId,
    row.personId,
    row.ticketId,
    row.template,
    row.locale,
    row.purpose,
    row.address,
    row.params,
    row.lifeMs,
  ]);

export interface WaitingRow {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly person_id: string | null;
  readonly ticket_id: string | null;
  readonly template: string;
  readonly locale: string;
  readonly purpose: string;
  readonly address: Buffer;
  readonly params: Buffer;
  readonly attempts: number;
  readonly expired: boolean;
}

const WAITING = statement<WaitingRow>(
  'mail.read_waiting',
  'service',
  `select id, workspace_id, person_id, ticket_id, template, locale, purpose, address, params, attempts,
          expires_at <= (select platform.clock()) as expired
     from mail.outbox
    where id = $1::uuid
      and state = 'waiting'`,
);

/** The mail, while it waits. */
export const selectWaiting = async (tx: Tx, id: string): Promise<WaitingRow | undefined> =>
  (await tx.exec(WAITING, [id]))[0];

/** How a mail ends; each takes address and params along. */
export type MailEnd = 'sent' | 'refused' | 'dropped' | 'expired';

const END = statement<{ id: string }>(
  'mail.end_mail',
  'service',
  `update mail.outbox
      set state = $2::text, address = null, params = null, attempts = attempts + $3::smallint,
          answer = coalesce($4::smallint, answer), ended_at = (select platform.clock())
    where id = $1::uuid
      and state = 'waiting'
   returning id`,
);

/** Ends a mail; `attempts` are those this end adds. */
export const endMail = (tx: Tx, id: string, end: MailEnd, attempts: number, answer: number | null) =>
  tx.exec(END, [id, end, attempts, answer]);

const ATTEMPT = statement<{ id: string }>(
  'mail.note_attempt',
  'service',
  `update mail.outbox
      set attempts = attempts + 1, answer = $2::smallint
    where id = $1::uuid
      and state = 'waiting'
   returning id`,
);

export const noteAttempt = (tx: Tx, id: string, answer: number | null) => tx.exec(ATTEMPT, [id, answer]);

const END_OF_SUBJECTS = statement<{ id: string }>(
  'mail.end_mails_of_subjects',
  'service',
  `delete from mail.outbox
    where workspace_id = any($1::uuid[])
       or person_id = any($1::uuid[])
       or ticket_id = any($1::uuid[])
   returning id`,
);

/** Deletes every mail of these workspaces, persons or tickets, by their indexes. */
export const deleteMailsOf = (tx: Tx, subjectIds: readonly string[]) =>
  tx.exec(END_OF_SUBJECTS, [arrays.uuid(subjectIds)]);

const EXPIRE = statement<{ id: string }>(
  'mail.expire_mails',
  'service',
  `delete from mail.outbox
    where id in (
      select id
        from mail.outbox
       where created_at <= $1::timestamptz
         and coalesce(workspace_id, person_id, ticket_id) <> all($2::uuid[])
       order by created_at
       limit $3::integer
         for update skip locked)
   returning id`,
);

/** Deletes mails queued at or before a moment, oldest first, by outbox_age; returns how many. */
export const expireMails = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<number> => (await tx.exec(EXPIRE, [before, arrays.uuid(held), limit])).length;

const STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'mail.standing_of_mails',
  'service',
  `select min(created_at) filter (where not held) as oldest,
          count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
     from (
       select created_at, coalesce(workspace_id, person_id, ticket_id) = any($2::uuid[]) as held
         from mail.outbox
        order by created_at
        limit $3::integer) oldest`,
);

export const mailsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [before, arrays.uuid(held), limit]))[0]!;
