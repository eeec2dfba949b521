// Statements on mail.arrival.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash } from '#privacy';

const NOTE = statement<{ hash: Buffer }>(
  'mail.note_arrival',
  'service',
  `insert into mail.arrival (hash)
   select $1::bytea
    where not exists (select from mail.arrival where hash = any($2::bytea[]))
       on conflict (hash) do nothing
   returning hash`,
);

/** Notes a mail; false when it was noted before, under this key or one before it. Of two at once one waits. */
export const noteArrival = async (tx: Tx, hash: KeyedHash, candidates: readonly Buffer[]): Promise<boolean> =>
  (await tx.exec(NOTE, [hash, arrays.bytea(candidates)])).length === 1;

const EXPIRE = statement<{ hash: Buffer }>(
  'mail.expire_arrivals',
  'service',
  `delete from mail.arrival
    where hash in (
      select hash
        from mail.arrival
       where arrived_at <= $1::timestamptz
       order by arrived_at
       limit $2::integer)
   returning hash`,
);

/** Forgets mails that arrived at or before a moment, oldest first, by arrival_age; returns how many. */
export const expireArrivals = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE, [before, limit])).length;

const STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'mail.standing_of_arrivals',
  'operations',
  `select min(arrived_at) as oldest,
          count(*) filter (where arrived_at <= $1::timestamptz)::integer as overdue
     from (select arrived_at from mail.arrival order by arrived_at limit $2::integer) oldest`,
);

export const arrivalsStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(STANDING, [before, limit]))[0]!;
