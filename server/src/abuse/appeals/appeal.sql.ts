// Statements on abuse.appeal. Rare, and each by an index.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';

export interface AppealRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly reason: string;
  readonly state: string;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly tier: string | null;
  readonly granted_until: Date | null;
}

export interface WordedRow extends AppealRow {
  readonly body: Sealed;
}

const COLUMNS = 'id, workspace_id, reason, state, created_at, closed_at, tier, granted_until';

const INSERT = statement<AppealRow>(
  'abuse.insert_appeal',
  'support',
  `insert into abuse.appeal (id, workspace_id, reason, body, state, created_at)
   values ($1::uuid, $2::uuid, $3::text, $4::bytea, 'waiting', (select platform.clock()))
   on conflict (workspace_id, reason) where state = 'waiting' do nothing
   returning ${COLUMNS}`,
);

/** Undefined while another one for the reason waits. */
export const insertAppeal = async (
  tx: Tx,
  row: { readonly id: string; readonly workspaceId: string; readonly reason: string; readonly body: Sealed },
): Promise<AppealRow | undefined> =>
  (await tx.exec(INSERT, [row.id, row.workspaceId, row.reason, row.body]))[0];

/** How long appeals are kept, ISO 8601, and what that counts from: what is past it is shown no more, to the second. */
export interface Kept {
  readonly duration: string;
  readonly from: 'closed' | 'created';
}

/** One that waits is not past a rule that counts from its decision. */
const OF_WORKSPACE = `from abuse.appeal
    where workspace_id = $1::uuid
      and ($2::text is null
           or ((case when $3::boolean then closed_at else created_at end) at time zone 'UTC' + $2::interval)
                at time zone 'UTC' > (select platform.clock())
           or ($3::boolean and closed_at is null))`;

const PAGE = statement<AppealRow>(
  'abuse.list_appeals',
  'support',
  `select ${COLUMNS}
     ${OF_WORKSPACE}
      and id < $4::uuid
    order by id desc
    limit $5::integer`,
);
const ONE = statement<WordedRow>(
  'abuse.get_appeal',
  'support',
  `select ${COLUMNS}, body
     ${OF_WORKSPACE}
      and id = $4::uuid`,
);

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const keptValues = (kept: Kept | null) => [kept?.duration ?? null, kept?.from === 'closed'] as const;

/** A workspace's own, newest first, along appeal_of_workspace. */
export const selectAppeals = (
  tx: Tx,
  workspaceId: string,
  kept: Kept | null,
  below: string | null,
  limit: number,
): Promise<AppealRow[]> => tx.exec(PAGE, [workspaceId, ...keptValues(kept), below ?? HIGHEST_ID, limit]);

export const selectAppeal = async (
  tx: Tx,
  workspaceId: string,
  kept: Kept | null,
  id: string,
): Promise<WordedRow | undefined> => (await tx.exec(ONE, [workspaceId, ...keptValues(kept), id]))[0];

const WAITING = statement<AppealRow>(
  'abuse.list_waiting_appeals',
  'support',
  `select ${COLUMNS}
     from abuse.appeal
    where state = 'waiting'
      and workspace_ended_at is null
      and id > $1::uuid
    order by id
    limit $2::integer`,
);

/** What waits, oldest first, along appeal_waiting. */
export const selectWaiting = (tx: Tx, above: string | null, limit: number): Promise<AppealRow[]> =>
  tx.exec(WAITING, [above ?? LOWEST_ID, limit]);

const LOCK = statement<WordedRow>(
  'abuse.lock_appeal',
  'support',
  `select ${COLUMNS}, body
     from abuse.appeal
    where id = $1::uuid
      and workspace_ended_at is null
      for update`,
);

/** The appeal under a lock; undefined when there is none, or its workspace is erased. */
export const lockAppeal = async (tx: Tx, id: string): Promise<WordedRow | undefined> =>
  (await tx.exec(LOCK, [id]))[0];

const DECIDE = statement<AppealRow>(
  'abuse.decide_appeal',
  'support',
  `update abuse.appeal
      set state = case when $2::integer is null then 'refused' else 'granted' end,
          closed_at = (select platform.clock()),
          tier = $3::text,
          granted_until = (select platform.clock()) + $2::integer * interval '1 day'
    where id = $1::uuid
      and state = 'waiting'
   returning ${COLUMNS}`,
);

/** Null days refuse. Undefined when it was decided before. */
export const updateDecided = async (
  tx: Tx,
  id: string,
  days: number | null,
  tier: string | null,
): Promise<AppealRow | undefined> => (await tx.exec(DECIDE, [id, days, tier]))[0];

const GRANTS = statement<{ reason: string; tier: string | null }>(
  'abuse.list_grants',
  'security',
  `select reason, tier
     from abuse.appeal
    where workspace_id = $1::uuid
      and granted_until > (select platform.clock())
    order by id desc
    limit 100`,
);

/** What holds now, the latest first. */
export const selectGrants = (
  tx: Tx,
  workspaceId: string,
): Promise<{ reason: string; tier: string | null }[]> => tx.exec(GRANTS, [workspaceId]);
