// Statements that end what is kept of bonuses, oldest first.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

/** `held`: whether a row is of a workspace in $2, whose data is held. */
function endsOf(table: string, key: string, held: string) {
  const end = statement<{ id: string }>(
    `payments.expire_${table}`,
    'legal',
    `delete from payments.${table}
      where ${key} in (
        select ${key}
          from payments.${table}
         where created_at <= $1::timestamptz
           and not (${held})
         order by created_at
         limit $3::integer)
     returning ${key} as id`,
  );
  const standing = statement<StandingRow>(
    `payments.standing_of_${table}`,
    'legal',
    `select min(created_at) filter (where not held) as oldest,
            count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
            count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
       from (
         select created_at, ${held} as held
           from payments.${table}
          order by created_at
          limit $3::integer) oldest`,
  );
  return {
    expire: async (tx: Tx, before: Date, heldIds: readonly string[], limit: number): Promise<number> =>
      (await tx.exec(end, [before, arrays.uuid(heldIds), limit])).length,
    standing: async (tx: Tx, before: Date, heldIds: readonly string[], limit: number): Promise<StandingRow> =>
      (await tx.exec(standing, [before, arrays.uuid(heldIds), limit]))[0]!,
  };
}

export const redemptions = endsOf('redemption', 'id', 'workspace_id = any($2::uuid[])');
export const referralCodes = endsOf('referral_code', 'workspace_id', 'workspace_id = any($2::uuid[])');
export const referrals = endsOf(
  'referral',
  'id',
  'referred_workspace_id = any($2::uuid[]) or referrer_workspace_id = any($2::uuid[])',
);

const END_CODES = statement<{ id: string }>(
  'payments.expire_promo_codes',
  'legal',
  `delete from payments.promo_code
    where id in (
      select id
        from payments.promo_code t
       where created_at <= $1::timestamptz
         and not exists (select from payments.redemption r where r.promo_code_id = t.id)
       order by created_at
       limit $2::integer)
   returning id`,
);

/** Ends codes as old as redemptions that end. One that somebody used stays as long as that is remembered. */
export const expirePromoCodes = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(END_CODES, [before, limit])).length;
