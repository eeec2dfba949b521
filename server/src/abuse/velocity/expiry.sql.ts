// Statements that end buckets, by bucket_sweep, and those of addresses by bucket_address_age.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const SWEEP = statement<{ one: number }>(
  'abuse.sweep_buckets',
  'security',
  `delete from abuse.bucket
    where ctid = any(array(
      select ctid
        from abuse.bucket
       where sweep_at <= $1::timestamptz
         and full_at <= $1::timestamptz
       order by sweep_at
       limit $2::integer
         for update skip locked))
   returning 1 as one`,
);

/** Deletes buckets that are full at a moment; returns how many. */
export const sweepBuckets = async (tx: Tx, now: Date, limit: number): Promise<number> =>
  (await tx.exec(SWEEP, [now, limit])).length;

const EXPIRE_ADDRESSES = statement<{ one: number }>(
  'abuse.expire_addresses',
  'security',
  `delete from abuse.bucket
    where ctid = any(array(
      select ctid
        from abuse.bucket
       where address is not null
         and created_at <= $1::timestamptz
       order by created_at
       limit $2::integer
         for update skip locked))
   returning 1 as one`,
);

/** Deletes buckets of addresses that were made at or before a moment, full or not; returns how many. */
export const expireAddresses = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_ADDRESSES, [before, limit])).length;

const ADDRESSES_STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'abuse.standing_of_addresses',
  'security',
  `select min(created_at) as oldest,
          count(*) filter (where created_at <= $1::timestamptz)::integer as overdue
     from (
       select created_at
         from abuse.bucket
        where address is not null
        order by created_at
        limit $2::integer) oldest`,
);

export const addressesStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(ADDRESSES_STANDING, [before, limit]))[0]!;

const FULL = statement<{ oldest: Date | null; overdue: number }>(
  'abuse.standing_of_buckets',
  'security',
  `select min(sweep_at) as oldest,
          count(*) filter (where sweep_at <= $1::timestamptz)::integer as overdue
     from (
       select sweep_at
         from abuse.bucket
        order by sweep_at
        limit $2::integer) soonest`,
);

export const fullStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(FULL, [before, limit]))[0]!;
