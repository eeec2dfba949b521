// Statements on identity.identity_check. Rare, and each by an index.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface CheckRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly kind: string;
  readonly country: string | null;
  readonly state: string;
  readonly rejection: string | null;
  readonly created_at: Date;
  readonly submitted_at: Date | null;
  readonly decided_at: Date | null;
  readonly documents_ended_at: Date | null;
}

/** A check locked to be changed, with the database's time. */
export interface LockedRow extends CheckRow {
  readonly documents_count: number;
  readonly now: Date;
}

const COLUMNS = `id, workspace_id, kind, country, state, rejection, created_at, submitted_at, decided_at,
          documents_ended_at`;

/** Opening counts what there is: one opener of a workspace at a time. */
const LOCK_OPENERS = statement<never>(
  'identity.lock_openers',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('identity.open ' || $1::text, 0))`,
);
const COUNT = statement<{ under_way: number; opened: number }>(
  'identity.count_checks',
  'service',
  `select count(*) filter (where state in ('open', 'submitted'))::integer as under_way,
          count(*) filter (where created_at > (select platform.clock()) - $2::integer * interval '1 day')::integer
            as opened
     from identity.identity_check
    where workspace_id = $1::uuid`,
);

/** How many checks a workspace has under way and opened of late, under a lock as long as the transaction. */
export async function lockAndCount(tx: Tx, workspaceId: string, days: number) {
  const [, counted] = await Promise.all([
    tx.exec(LOCK_OPENERS, [workspaceId]),
    tx.exec(COUNT, [workspaceId, days]),
  ]);
  return { underWay: counted[0]!.under_way, opened: counted[0]!.opened };
}

const INSERT = statement<CheckRow>(
  'identity.insert_check',
  'service',
  `insert into identity.identity_check (id, workspace_id, kind, country, state, documents_count, created_at)
   values ($1::uuid, $2::uuid, $3::text, $4::text, 'open', 0, (select platform.clock()))
   returning ${COLUMNS}`,
);

export const insertCheck = async (
  tx: Tx,
  id: string,
  workspaceId: string,
  kind: string,
  country: string | null,
): Promise<CheckRow> => (await tx.exec(INSERT, [id, workspaceId, kind, country]))[0]!;

const LOCKED = `select ${COLUMNS}, documents_count, platform.clock() as now
     from identity.identity_check
    where id = $1::uuid
      and workspace_ended_at is null
      for update`;
const LOCK = statement<LockedRow>('identity.lock_check', 'service', LOCKED);
const LOCK_FOR_REVIEW = statement<LockedRow>('identity.lock_check_for_review', 'security', LOCKED);

/** The check of this workspace under a lock; undefined when there is none, or the workspace is erased. */
export async function lockCheck(tx: Tx, workspaceId: string, id: string): Promise<LockedRow | undefined> {
  const [row] = await tx.exec(LOCK, [id]);
  return row?.workspace_id === workspaceId ? row : undefined;
}

/** As `lockCheck`, of whichever workspace, for staff. */
export const lockForReview = async (tx: Tx, id: string): Promise<LockedRow | undefined> =>
  (await tx.exec(LOCK_FOR_REVIEW, [id]))[0];

const COUNT_DOCUMENT = statement<never>(
  'identity.count_document',
  'service',
  'update identity.identity_check set documents_count = documents_count + 1 where id = $1::uuid',
);

/** One more document of a locked check. */
export const countDocument = (tx: Tx, id: string) => tx.exec(COUNT_DOCUMENT, [id]);

const SUBMIT = statement<never>(
  'identity.submit_check',
  'service',
  `update identity.identity_check
      set state = 'submitted', submitted_at = $2::timestamptz, place_in_line = $3::uuid
    where id = $1::uuid`,
);

export const submitLocked = (tx: Tx, id: string, now: Date, placeInLine: string) =>
  tx.exec(SUBMIT, [id, now, placeInLine]);

const WITHDRAW = statement<never>(
  'identity.withdraw_check',
  'service',
  `update identity.identity_check
      set state = 'withdrawn', ended_at = $2::timestamptz, place_in_line = null
    where id = $1::uuid`,
);

export const withdrawLocked = (tx: Tx, id: string, now: Date) => tx.exec(WITHDRAW, [id, now]);

const DECIDE = statement<never>(
  'identity.decide_check',
  'security',
  `update identity.identity_check
      set state = $2::text, rejection = $3::text, decided_at = $4::timestamptz, place_in_line = null
    where id = $1::uuid`,
);

export const decideLocked = (
  tx: Tx,
  id: string,
  state: 'approved' | 'rejected',
  rejection: string | null,
  now: Date,
) => tx.exec(DECIDE, [id, state, rejection, now]);

const PAGE = statement<CheckRow>(
  'identity.list_checks',
  'service',
  `select ${COLUMNS}
     from identity.identity_check
    where workspace_id = $1::uuid
      and workspace_ended_at is null
      and id < $2::uuid
    order by id desc
    limit $3::integer`,
);
const ONE = statement<CheckRow>(
  'identity.get_check',
  'service',
  `select ${COLUMNS}
     from identity.identity_check
    where workspace_id = $1::uuid
      and workspace_ended_at is null
      and id = $2::uuid`,
);

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A workspace's own, newest first, along identity_check_of_workspace. */
export const selectChecks = (tx: Tx, workspaceId: string, below: string | null, limit: number) =>
  tx.exec(PAGE, [workspaceId, below ?? HIGHEST_ID, limit]);

/** One of a workspace's own. */
export const selectCheck = async (tx: Tx, workspaceId: string, id: string): Promise<CheckRow | undefined> =>
  (await tx.exec(ONE, [workspaceId, id]))[0];

const APPROVED = statement<{ kind: string }>(
  'identity.list_approved_kinds',
  'security',
  `select distinct kind
     from identity.identity_check
    where workspace_id = $1::uuid
      and state = 'approved'
      and workspace_ended_at is null`,
);

/** Kinds of checks that a workspace has passed, along identity_check_of_workspace. */
export const selectApprovedKinds = async (tx: Tx, workspaceId: string): Promise<string[]> =>
  (await tx.exec(APPROVED, [workspaceId])).map(({ kind }) => kind);
