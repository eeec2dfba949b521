// Statements that end what is kept of people: closed accounts, sessions, sign-ups that came to nothing, old links. A
// person whose personal workspace is under a legal hold stays with it.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

interface Standing {
  readonly oldest: Date | null;
  readonly overdue: number;
}

const LOCK_CLOSED = statement<{ id: string }>(
  'accounts.lock_closed_people',
  'service',
  `select id
     from accounts.person
    where closed_at <= $1::timestamptz
      and (personal_workspace_id is null or personal_workspace_id <> all($2::uuid[]))
    order by closed_at
    limit $3::integer
      for update skip locked`,
);

/** People closed at or before a moment, longest ago first, locked; by person_closed. */
export const lockClosedPeople = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<string[]> => (await tx.exec(LOCK_CLOSED, [before, arrays.uuid(held), limit])).map((row) => row.id);

const DELETE = statement<never>(
  'accounts.delete_people',
  'service',
  'delete from accounts.person where id = any($1::uuid[])',
);

/** Deletes people; what belongs to them goes with them. */
export const deletePeople = (tx: Tx, ids: readonly string[]) => tx.exec(DELETE, [arrays.uuid(ids)]);

const PEOPLE_STANDING = statement<Standing & { held: number }>(
  'accounts.standing_of_people',
  'service',
  `select min(closed_at) filter (where not held) as oldest,
          count(*) filter (where not held and closed_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and closed_at <= $1::timestamptz)::integer as held
     from (select closed_at, coalesce(personal_workspace_id = any($2::uuid[]), false) as held
             from accounts.person
            where closed_at is not null
            order by closed_at
            limit $3::integer) oldest`,
);

export const closedPeopleStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(PEOPLE_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_SESSIONS = statement<{ id: string }>(
  'accounts.expire_sessions',
  'security',
  `delete from accounts.session
    where id in (
      select id
        from accounts.session
       where last_seen_at <= $1::timestamptz
       order by last_seen_at
       limit $2::integer
         for update skip locked)
   returning id`,
);

/** Deletes sessions last seen at or before a moment, by session_age. */
export const expireSessions = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_SESSIONS, [before, limit])).length;

const SESSIONS_STANDING = statement<Standing>(
  'accounts.standing_of_sessions',
  'security',
  `select min(last_seen_at) as oldest,
          count(*) filter (where last_seen_at <= $1::timestamptz)::integer as overdue
     from accounts.session`,
);

export const sessionsStanding = async (tx: Tx, before: Date) =>
  (await tx.exec(SESSIONS_STANDING, [before]))[0]!;

const EXPIRE_SIGN_UPS = statement<{ id: string }>(
  'accounts.expire_sign_ups',
  'service',
  `delete from accounts.sign_up
    where id in (
      select id
        from accounts.sign_up
       where expires_at <= $1::timestamptz
       order by expires_at
       limit $2::integer)
   returning id`,
);

/** Deletes sign-ups whose link is too old, by sign_up_end; their ids. */
export const expireSignUps = async (tx: Tx, now: Date, limit: number): Promise<string[]> =>
  (await tx.exec(EXPIRE_SIGN_UPS, [now, limit])).map((row) => row.id);

const SIGN_UPS_STANDING = statement<Standing>(
  'accounts.standing_of_sign_ups',
  'service',
  `select min(created_at) as oldest,
          count(*) filter (where expires_at <= $1::timestamptz)::integer as overdue
     from accounts.sign_up`,
);

export const signUpsStanding = async (tx: Tx, now: Date) => (await tx.exec(SIGN_UPS_STANDING, [now]))[0]!;

const EXPIRE_LINKS = statement<{ id: string }>(
  'accounts.expire_links',
  'security',
  `delete from accounts.link
    where id in (
      select id
        from accounts.link
       where expires_at <= $1::timestamptz
       order by expires_at
       limit $2::integer
         for update skip locked)
   returning id`,
);

/** Deletes links that are too old, by link_end. */
export const expireLinks = async (tx: Tx, now: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_LINKS, [now, limit])).length;

const LINKS_STANDING = statement<Standing>(
  'accounts.standing_of_links',
  'security',
  `select min(created_at) as oldest,
          count(*) filter (where expires_at <= $1::timestamptz)::integer as overdue
     from accounts.link`,
);

export const linksStanding = async (tx: Tx, now: Date) => (await tx.exec(LINKS_STANDING, [now]))[0]!;
