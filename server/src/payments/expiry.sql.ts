// Statements that end payments with what belongs to them, and what belongs to none.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const DUE = statement<{ id: string }>(
  'payments.lock_due',
  'legal',
  `select id
     from payments.payment
    where created_at <= $1::timestamptz
      and workspace_id <> all($2::uuid[])
    order by created_at
    limit $3::integer
      for update skip locked`,
);
const TAKEBACKS = statement<never>(
  'payments.delete_takebacks',
  'legal',
  'delete from payments.takeback where payment_id = any($1::uuid[])',
);
const NOTICES = statement<never>(
  'payments.delete_notices',
  'legal',
  'delete from payments.notice where payment_id = any($1::uuid[])',
);
const EARLY = statement<never>(
  'payments.delete_early_facts',
  'legal',
  'delete from payments.early_fact where payment_id = any($1::uuid[])',
);
const REFERRALS = statement<never>(
  'payments.delete_referrals',
  'legal',
  'delete from payments.referral where payment_id = any($1::uuid[])',
);
const PAYMENTS = statement<never>(
  'payments.delete_payments',
  'legal',
  'delete from payments.payment where id = any($1::uuid[])',
);

/** Deletes payments begun at or before a moment with all that names them, oldest first; how many. */
export async function expirePayments(
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<number> {
  const ids = (await tx.exec(DUE, [before, arrays.uuid(held), limit])).map(({ id }) => id);
  const due = arrays.uuid(ids);
  await Promise.all([TAKEBACKS, NOTICES, EARLY, REFERRALS, PAYMENTS].map((each) => tx.exec(each, [due])));
  return ids.length;
}

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

const STANDING = statement<StandingRow>(
  'payments.standing',
  'legal',
  `select min(created_at) filter (where not held) as oldest,
          count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
     from (
       select created_at, workspace_id = any($2::uuid[]) as held
         from payments.payment
        order by created_at
        limit $3::integer) oldest`,
);
export const paymentsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_SUBSCRIPTIONS = statement<{ id: string }>(
  'payments.expire_subscriptions',
  'legal',
  `delete from payments.subscription
    where id in (
      select id
        from payments.subscription
       where created_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by created_at
       limit $3::integer
         for update skip locked)
   returning id`,
);
export const expireSubscriptions = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(EXPIRE_SUBSCRIPTIONS, [before, arrays.uuid(held), limit])).length;

const SUBSCRIPTIONS_STANDING = statement<StandingRow>(
  'payments.standing_of_subscriptions',
  'legal',
  `select min(created_at) filter (where not held) as oldest,
          count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
     from (
       select created_at, workspace_id = any($2::uuid[]) as held
         from payments.subscription
        order by created_at
        limit $3::integer) oldest`,
);
export const subscriptionsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(SUBSCRIPTIONS_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_CONFIRMATIONS = statement<{ id: string }>(
  'payments.expire_confirmations',
  'legal',
  `delete from payments.confirmation
    where id in (
      select id
        from payments.confirmation
       where created_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by created_at
       limit $3::integer)
   returning id`,
);
export const expireConfirmations = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(EXPIRE_CONFIRMATIONS, [before, arrays.uuid(held), limit])).length;

const CONFIRMATIONS_STANDING = statement<StandingRow>(
  'payments.standing_of_confirmations',
  'legal',
  `select min(created_at) filter (where not held) as oldest,
          count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
     from (
       select created_at, workspace_id = any($2::uuid[]) as held
         from payments.confirmation
        order by created_at
        limit $3::integer) oldest`,
);
export const confirmationsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(CONFIRMATIONS_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_TRANSFERS = statement<{ id: string }>(
  'payments.expire_bank_transfers',
  'legal',
  `delete from payments.bank_transfer
    where id in (
      select id
        from payments.bank_transfer
       where created_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by created_at
       limit $3::integer
         for update skip locked)
   returning id`,
);
export const expireTransfers = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(EXPIRE_TRANSFERS, [before, arrays.uuid(held), limit])).length;

const TRANSFERS_STANDING = statement<StandingRow>(
  'payments.standing_of_bank_transfers',
  'legal',
  `select min(created_at) filter (where not held) as oldest,
          count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
     from (
       select created_at, workspace_id = any($2::uuid[]) as held
         from payments.bank_transfer
        order by created_at
        limit $3::integer) oldest`,
);
export const transfersStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(TRANSFERS_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_WATCHES = statement<{ id: string }>(
  'payments.expire_balance_watches',
  'legal',
  `delete from payments.balance_watch
    where workspace_id in (
      select workspace_id
        from payments.balance_watch
       where changed_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by changed_at
       limit $3::integer
         for update skip locked)
   returning workspace_id as id`,
);
export const expireWatches = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(EXPIRE_WATCHES, [before, arrays.uuid(held), limit])).length;

const WATCHES_STANDING = statement<StandingRow>(
  'payments.standing_of_balance_watches',
  'legal',
  `select min(changed_at) filter (where not held) as oldest,
          count(*) filter (where not held and changed_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and changed_at <= $1::timestamptz)::integer as held
     from (
       select changed_at, workspace_id = any($2::uuid[]) as held
         from payments.balance_watch
        order by changed_at
        limit $3::integer) oldest`,
);
export const watchesStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(WATCHES_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_NOTICES = statement<{ id: string }>(
  'payments.expire_stray_notices',
  'legal',
  `delete from payments.notice
    where id in (
      select id
        from payments.notice
       where payment_id is null
         and received_at <= $1::timestamptz
       order by received_at
       limit $2::integer
         for update skip locked)
   returning id`,
);
export const expireStrayNotices = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_NOTICES, [before, limit])).length;

const NOTICES_STANDING = statement<Omit<StandingRow, 'held'>>(
  'payments.standing_of_stray_notices',
  'legal',
  `select min(received_at) as oldest,
          count(*) filter (where received_at <= $1::timestamptz)::integer as overdue
     from (
       select received_at
         from payments.notice
        where payment_id is null
        order by received_at
        limit $2::integer) oldest`,
);
export const strayNoticesStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(NOTICES_STANDING, [before, limit]))[0]!;

const EXPIRE_EARLY = statement<{ external_id: string }>(
  'payments.expire_early_facts',
  'legal',
  `delete from payments.early_fact
    where (provider, settlement_id, external_id, kind) in (
      select provider, settlement_id, external_id, kind
        from payments.early_fact
       where received_at <= $1::timestamptz
       order by received_at
       limit $2::integer
         for update skip locked)
   returning external_id`,
);
export const expireEarlyFacts = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_EARLY, [before, limit])).length;

const EARLY_STANDING = statement<Omit<StandingRow, 'held'>>(
  'payments.standing_of_early_facts',
  'legal',
  `select min(received_at) as oldest,
          count(*) filter (where received_at <= $1::timestamptz)::integer as overdue
     from (
       select received_at
         from payments.early_fact
        order by received_at
        limit $2::integer) oldest`,
);
export const earlyFactsStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(EARLY_STANDING, [before, limit]))[0]!;
