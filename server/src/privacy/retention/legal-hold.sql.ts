// Statements on legal holds. Few rows, read once a batch.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface LegalHoldRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly reason: string;
  readonly placed_at: Date;
  readonly lifted_at: Date | null;
}

const INSERT = statement<LegalHoldRow>(
  'privacy.place_legal_hold',
  'legal',
  `insert into privacy.legal_hold (id, workspace_id, reason)
   values ($1::uuid, $2::uuid, $3::text)
   returning id, workspace_id, reason, placed_at, lifted_at`,
);

export const insertHold = async (tx: Tx, id: string, workspaceId: string, reason: string) =>
  (await tx.exec(INSERT, [id, workspaceId, reason]))[0]!;

const LIFT = statement<{ id: string }>(
  'privacy.lift_legal_hold',
  'legal',
  `update privacy.legal_hold
      set lifted_at = (select platform.clock())
    where id = $1::uuid
      and lifted_at is null
   returning id`,
);

export const liftHold = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.exec(LIFT, [id])).length === 1;

const LIST = statement<LegalHoldRow>(
  'privacy.list_legal_holds',
  'legal',
  `select id, workspace_id, reason, placed_at, lifted_at
     from privacy.legal_hold
    where lifted_at is null
    order by id
    limit $1::integer`,
);

/** Standing holds, oldest first, through the index legal_hold_standing. */
export const listHolds = (tx: Tx, limit: number) => tx.exec(LIST, [limit]);

const EXPIRE = statement<{ id: string }>(
  'privacy.expire_legal_holds',
  'legal',
  `delete from privacy.legal_hold
    where id in (
      select id
        from privacy.legal_hold
       where lifted_at <= $1::timestamptz
       order by lifted_at
       limit $2::integer)
   returning id`,
);

/** Forgets holds lifted at or before a moment. */
export const deleteLifted = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE, [before, limit])).length;

const STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'privacy.standing_of_legal_holds',
  'legal',
  `select min(lifted_at) as oldest,
          count(*) filter (where lifted_at <= $1::timestamptz)::integer as overdue
     from privacy.legal_hold
    where lifted_at is not null`,
);

export const liftedStanding = async (tx: Tx, before: Date) => (await tx.exec(STANDING, [before]))[0]!;

const NOW = statement<{ now: Date }>('privacy.read_clock', 'operations', 'select platform.clock() as now');

/** The database's time, which decides what is due. */
export const databaseNow = async (tx: Tx): Promise<Date> => (await tx.exec(NOW, []))[0]!.now;
