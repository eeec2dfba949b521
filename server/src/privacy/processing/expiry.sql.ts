// Statements that end restrictions and objections which are closed, by restriction_closed and objection_closed.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { type Statement, statement } from '#platform/statement';

interface Wishes {
  readonly expire: Statement<{ id: string }>;
  readonly standing: Statement<{ oldest: Date | null; overdue: number; held: number }>;
}

const wishesIn = (table: 'restriction' | 'objection'): Wishes => ({
  expire: statement(
    `privacy.expire_${table}s`,
    'legal',
    `delete from privacy.${table}
      where id in (
        select id
          from privacy.${table}
         where until is not null
           and since <= $1::timestamptz
           and (subject_kind <> 'workspace' or subject_id <> all($2::uuid[]))
         order by since
         limit $3::integer
           for update skip locked)
     returning id`,
  ),
  standing: statement(
    `privacy.standing_of_${table}s`,
    'legal',
    `select min(since) filter (where not held) as oldest,
            count(*) filter (where not held and since <= $1::timestamptz)::integer as overdue,
            count(*) filter (where held and since <= $1::timestamptz)::integer as held
       from (
         select since, subject_kind = 'workspace' and subject_id = any($2::uuid[]) as held
           from privacy.${table}
          where until is not null
          order by since
          limit $3::integer) closed`,
  ),
});

const RESTRICTIONS = wishesIn('restriction');
const OBJECTIONS = wishesIn('objection');

const expiring =
  ({ expire }: Wishes) =>
  async (tx: Tx, before: Date, held: readonly string[], limit: number): Promise<number> =>
    (await tx.exec(expire, [before, arrays.uuid(held), limit])).length;

const counting =
  ({ standing }: Wishes) =>
  async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
    (await tx.exec(standing, [before, arrays.uuid(held), limit]))[0]!;

/** Deletes closed ones made at or before a moment, oldest first; return how many. */
export const expireRestrictions = expiring(RESTRICTIONS);
export const expireObjections = expiring(OBJECTIONS);
export const restrictionsStanding = counting(RESTRICTIONS);
export const objectionsStanding = counting(OBJECTIONS);
