// Statements that end decisions. The database decides what is history and deletes it: the tables only take additions.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const END_CONSENTS = statement<{ ended: number }>(
  'privacy.end_consents',
  'legal',
  'select privacy.end_consents($1::timestamptz, $2::uuid[], $3::integer) as ended',
);

/** Deletes records that are history since `before`, at most `limit` and what they withdraw; by consent_life_ended. */
export const endConsents = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<number> => (await tx.exec(END_CONSENTS, [before, arrays.uuid(held), limit]))[0]!.ended;

const FORGET_WORKSPACES = statement<{ ended: number }>(
  'privacy.forget_workspaces',
  'legal',
  'select privacy.forget_workspaces($1::timestamptz, $2::uuid[], $3::integer) as ended',
);

/** Deletes what ended workspaces accepted and said about age, once their consents are gone; by ended_workspace_age. */
export const forgetWorkspaces = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<number> => (await tx.exec(FORGET_WORKSPACES, [before, arrays.uuid(held), limit]))[0]!.ended;

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

/** History, oldest first: by itself, or because its workspace is gone. */
const CONSENTS_STANDING = statement<StandingRow>(
  'privacy.standing_of_consents',
  'legal',
  `select min(ended_at) filter (where not held) as oldest,
          count(*) filter (where not held and ended_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and ended_at <= $1::timestamptz)::integer as held
     from (
       (select l.ended_at, c.workspace_id = any($2::uuid[]) as held
          from privacy.consent_life l
          join privacy.consent_record c on c.id = l.record_id
         where l.ended_at <= (select platform.clock())
         order by l.ended_at
         limit $3::integer)
        union all
       (select e.ended_at, e.workspace_id = any($2::uuid[]) as held
          from privacy.ended_workspace e
          join privacy.consent_record c on c.workspace_id = e.workspace_id
          join privacy.consent_life l on l.record_id = c.id
         where l.ended_at is null or l.ended_at > (select platform.clock())
         order by e.ended_at
         limit $3::integer)
     ) history`,
);

export const consentsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(CONSENTS_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const WORKSPACES_STANDING = statement<StandingRow>(
  'privacy.standing_of_ended_workspaces',
  'legal',
  `select min(ended_at) filter (where not held) as oldest,
          count(*) filter (where not held and ended_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and ended_at <= $1::timestamptz)::integer as held
     from (
       select ended_at, workspace_id = any($2::uuid[]) as held
         from privacy.ended_workspace
        order by ended_at
        limit $3::integer) oldest`,
);

export const endedWorkspacesStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(WORKSPACES_STANDING, [before, arrays.uuid(held), limit]))[0]!;
