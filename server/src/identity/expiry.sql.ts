// Statements that end documents and checks. They touch what is about nobody alone, and work under a policy that has no
// checks any more.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { OPEN_DAYS, SUBMITTED_DAYS } from './identity-check.ts';

export interface Past {
  readonly now: Date;
  /** What was decided (or created) then or before is past. */
  readonly before: Date;
  readonly counted: 'decided' | 'created';
  readonly held: readonly string[];
}

/** Whether the documents of a check are past, whoever it is of. */
const IS_PAST = `(case when $3::boolean then decided_at else created_at end <= $2::timestamptz
       or ended_at is not null
       or state = 'open' and created_at <= $1::timestamptz - interval '${OPEN_DAYS} days'
       or state = 'submitted' and submitted_at <= $1::timestamptz - interval '${SUBMITTED_DAYS} days')`;

const LOCK_PAST = statement<{ id: string; workspace_id: string }>(
  'identity.lock_past_checks',
  'operations',
  `select id, workspace_id
     from identity.identity_check
    where documents_ended_at is null
      and workspace_id <> all($4::uuid[])
      and ${IS_PAST}
    order by id
    limit $5::integer
      for update skip locked`,
);

/** Checks whose documents are past, oldest first, locked; by identity_check_with_documents. */
export const lockPast = (tx: Tx, { now, before, counted, held }: Past, limit: number) =>
  tx.exec(LOCK_PAST, [now, before, counted === 'decided', arrays.uuid(held), limit]);

const EXPIRE_WAITING = statement<never>(
  'identity.expire_waiting_checks',
  'operations',
  `update identity.identity_check
      set state = 'expired', ended_at = $2::timestamptz, place_in_line = null
    where id = any($1::uuid[])
      and state in ('open', 'submitted')`,
);

/** Ends what was neither submitted nor decided. */
export const expireWaiting = (tx: Tx, ids: readonly string[], now: Date) =>
  tx.exec(EXPIRE_WAITING, [arrays.uuid(ids), now]);

const DELETE_WINDOWS = statement<never>(
  'identity.delete_windows_of_checks',
  'operations',
  'delete from identity.access_window where check_id = any($1::uuid[])',
);
const DELETE_CHUNKS = statement<never>(
  'identity.delete_chunks_of_checks',
  'operations',
  `delete from identity.document_chunk c
    using identity.document d
    where d.check_id = any($1::uuid[])
      and c.document_id = d.id`,
);
const DELETE_DOCUMENTS = statement<never>(
  'identity.delete_documents_of_checks',
  'operations',
  'delete from identity.document where check_id = any($1::uuid[])',
);

/** All that was handed in for these checks, and who may look at it. */
export const deleteDocuments = (tx: Tx, ids: readonly string[]) =>
  Promise.all(
    [DELETE_WINDOWS, DELETE_CHUNKS, DELETE_DOCUMENTS].map((each) => tx.exec(each, [arrays.uuid(ids)])),
  );

const MARK_DOCUMENTS_ENDED = statement<never>(
  'identity.mark_documents_ended',
  'operations',
  `update identity.identity_check
      set documents_ended_at = $2::timestamptz, documents_count = 0
    where id = any($1::uuid[])`,
);

export const markDocumentsEnded = (tx: Tx, ids: readonly string[], now: Date) =>
  tx.exec(MARK_DOCUMENTS_ENDED, [arrays.uuid(ids), now]);

const LOCK_OF_ENDED = statement<{ id: string }>(
  'identity.lock_checks_of_ended_workspaces',
  'operations',
  `select id
     from identity.identity_check
    where workspace_ended_at is not null
    order by workspace_ended_at
    limit $1::integer
      for update skip locked`,
);

/** Checks whose workspace is erased, locked; by identity_check_workspace_ended. */
export const lockOfEnded = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(LOCK_OF_ENDED, [limit])).map(({ id }) => id);

const DELETE_CHECKS = statement<never>(
  'identity.delete_checks',
  'operations',
  'delete from identity.identity_check where id = any($1::uuid[])',
);

/** Checks whose documents are deleted. */
export const deleteChecks = (tx: Tx, ids: readonly string[]) => tx.exec(DELETE_CHECKS, [arrays.uuid(ids)]);

const MARK_ENDED = statement<never>(
  'identity.mark_checks_of_ended_workspaces',
  'operations',
  `update identity.identity_check
      set workspace_ended_at = (select platform.clock())
    where workspace_id = any($1::uuid[])
      and workspace_ended_at is null`,
);

/** By identity_check_of_workspace. */
export const markEnded = (tx: Tx, workspaceIds: readonly string[]) =>
  tx.exec(MARK_ENDED, [arrays.uuid(workspaceIds)]);

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

const DOCUMENTS_STANDING = statement<StandingRow>(
  'identity.standing_of_documents',
  'operations',
  `select min(began) filter (where not held) as oldest,
          count(*) filter (where past and not held)::integer as overdue,
          count(*) filter (where past and held)::integer as held
     from (select case when $3::boolean then decided_at else created_at end as began,
                  ${IS_PAST} as past,
                  workspace_id = any($4::uuid[]) as held
             from identity.identity_check
            where documents_ended_at is null
            order by id
            limit $5::integer) living`,
);

export const documentsStanding = async (tx: Tx, { now, before, counted, held }: Past, limit: number) =>
  (await tx.exec(DOCUMENTS_STANDING, [now, before, counted === 'decided', arrays.uuid(held), limit]))[0]!;

const ENDED_STANDING = statement<StandingRow>(
  'identity.standing_of_checks',
  'operations',
  `select min(workspace_ended_at) as oldest, count(*)::integer as overdue, 0 as held
     from (select workspace_ended_at
             from identity.identity_check
            where workspace_ended_at is not null
            order by workspace_ended_at
            limit $1::integer) ended`,
);

export const endedStanding = async (tx: Tx, limit: number) => (await tx.exec(ENDED_STANDING, [limit]))[0]!;
