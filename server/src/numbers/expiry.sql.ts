// Statements that end texts that arrived and old assignments. Days go as partitions once all of them is past.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface ExpiredRow {
  readonly id: string;
  readonly workspace_id: string;
}

const EXPIRE_INBOUND = statement<ExpiredRow>(
  'numbers.expire_inbound',
  'delivery',
  `delete from numbers.inbound
    where id in (
      select id
        from numbers.inbound
       where id < $1::uuid
         and id > $5::uuid
         and received_at <= $2::timestamptz
         and workspace_id <> all($3::uuid[])
       order by id
       limit $4::integer)
      and id < $1::uuid
      and id > $5::uuid
   returning id, workspace_id`,
);

/** Deletes the oldest texts received at or before a moment; by the primary key, between two ids. */
export const expireInbound = (
  tx: Tx,
  after: string,
  below: string,
  before: Date,
  held: readonly string[],
  limit: number,
) => tx.exec(EXPIRE_INBOUND, [below, before, arrays.uuid(held), limit, after]);

const OLDEST_HELD = statement<{ id: string }>(
  'numbers.find_oldest_held_inbound',
  'delivery',
  `select h.id
     from unnest($1::uuid[]) as w(id)
    cross join lateral (
      select i.id
        from numbers.inbound i
       where i.workspace_id = w.id
         and i.id < $2::uuid
       order by i.id
       limit 1) h
    order by h.id
    limit 1`,
);

export const findOldestHeld = async (
  tx: Tx,
  held: readonly string[],
  below: string,
): Promise<string | null> => (await tx.exec(OLDEST_HELD, [arrays.uuid(held), below]))[0]?.id ?? null;

const DROP_DAYS = statement<{ dropped: number }>(
  'numbers.drop_inbound_days',
  'operations',
  `select platform.drop_partitions('numbers.inbound', $1::timestamptz) as dropped`,
);

export const dropInboundDays = async (tx: Tx, before: Date): Promise<number> =>
  (await tx.exec(DROP_DAYS, [before]))[0]!.dropped;

const EXPIRE_SETS = statement<ExpiredRow>(
  'numbers.expire_sets',
  'delivery',
  `delete from numbers.inbound_set
    where id in (
      select id
        from numbers.inbound_set
       where opened_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by opened_at
       limit $3::integer
         for update skip locked)
   returning id, workspace_id`,
);

/** Deletes texts that never became whole, with their parts; by inbound_set_age. */
export const expireSets = (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  tx.exec(EXPIRE_SETS, [before, arrays.uuid(held), limit]);

const EXPIRE_ASSIGNMENTS = statement<{ id: string }>(
  'numbers.expire_assignments',
  'delivery',
  `delete from numbers.assignment
    where id in (
      select id
        from numbers.assignment
       where taken_back_at <= $1::timestamptz
         and upper(during) <= (select platform.clock())
         and workspace_id <> all($2::uuid[])
       order by taken_back_at
       limit $3::integer
         for update skip locked)
   returning id`,
);

/** Deletes assignments taken back at or before a moment whose cooling is over; by assignment_taken_back. */
export const expireAssignments = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<number> => (await tx.exec(EXPIRE_ASSIGNMENTS, [before, arrays.uuid(held), limit])).length;

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

const standingOf = (name: string, oldest: string) =>
  statement<StandingRow>(
    name,
    'delivery',
    `select min(began) filter (where not held) as oldest,
            count(*) filter (where not held and began <= $1::timestamptz)::integer as overdue,
            count(*) filter (where held and began <= $1::timestamptz)::integer as held
       from (${oldest}) oldest`,
  );

const INBOUND_STANDING = standingOf(
  'numbers.standing_of_inbound',
  `select received_at as began, workspace_id = any($2::uuid[]) as held
     from numbers.inbound order by id limit $3::integer`,
);
const SETS_STANDING = standingOf(
  'numbers.standing_of_sets',
  `select opened_at as began, workspace_id = any($2::uuid[]) as held
     from numbers.inbound_set order by opened_at limit $3::integer`,
);
const ASSIGNMENTS_STANDING = standingOf(
  'numbers.standing_of_assignments',
  `select taken_back_at as began, workspace_id = any($2::uuid[]) as held
     from numbers.assignment where taken_back_at is not null order by taken_back_at limit $3::integer`,
);

const readStanding =
  (of: typeof INBOUND_STANDING) =>
  async (tx: Tx, before: Date, held: readonly string[], limit: number): Promise<StandingRow> =>
    (await tx.exec(of, [before, arrays.uuid(held), limit]))[0]!;

export const inboundStanding = readStanding(INBOUND_STANDING);
export const setsStanding = readStanding(SETS_STANDING);
export const assignmentsStanding = readStanding(ASSIGNMENTS_STANDING);

const IN_USE = statement<{ at: number }>(
  'numbers.find_inbound_days_in_use',
  'delivery',
  `select d.at::integer as at
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as d(workspace_id, first, after, at)
    where exists (
            select from numbers.inbound i
             where i.workspace_id = d.workspace_id and i.id >= d.first and i.id < d.after)
       or exists (
            select from numbers.inbound_set s
             where s.id >= d.first and s.id < d.after and s.workspace_id = d.workspace_id)`,
);

/** Which days of a workspace have sealed rows, by their place. */
export const findDaysInUse = async (
  tx: Tx,
  days: readonly { readonly workspaceId: string; readonly first: string; readonly after: string }[],
): Promise<Set<number>> => {
  const rows = await tx.exec(IN_USE, [
    arrays.uuid(days.map((day) => day.workspaceId)),
    arrays.uuid(days.map((day) => day.first)),
    arrays.uuid(days.map((day) => day.after)),
  ]);
  return new Set(rows.map((row) => row.at - 1));
};
