// Statements that end the passwords of connectors nobody uses any more.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const EXPIRE = statement<{ id: string }>(
  'carriers.expire_passwords',
  'operations',
  `update carriers.connector
      set password = null, version = version + 1
    where id in (
      select id
        from carriers.connector
       where not enabled
         and password is not null
         and changed_at <= $1::timestamptz
       order by changed_at
       limit $2::integer
         for update skip locked)
   returning id`,
);

/** Erases the passwords of connectors that are off and were changed last at or before a moment. */
export const expirePasswords = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE, [before, limit])).length;

const STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'carriers.standing_of_passwords',
  'operations',
  `select min(changed_at) as oldest,
          count(*) filter (where changed_at <= $1::timestamptz)::integer as overdue
     from carriers.connector
    where not enabled
      and password is not null`,
);

export const passwordsStanding = async (tx: Tx, before: Date) => (await tx.exec(STANDING, [before]))[0]!;
