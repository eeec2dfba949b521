// Statements on payments.referral_code and payments.referral.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const COLUMNS = [
  'id',
  'referred_workspace_id',
  'referrer_workspace_id',
  'state',
  'payment_id',
  'referred_bonus',
  'referrer_bonus',
  'created_at',
] as const;

type Row = Selectable<DB['payments.referral']>;
export type ReferralRow = Pick<Row, (typeof COLUMNS)[number]>;

/** The code of a workspace: the one it has, else this one. */
export async function keepCode(tx: Tx, workspaceId: string, code: string): Promise<string> {
  await tx.run(
    q
      .insertInto('payments.referral_code')
      .values({ workspace_id: workspaceId, code })
      .onConflict((conflict) => conflict.column('workspace_id').doNothing()),
  );
  const [row] = await tx.run(
    read(tx, 'billing')
      .selectFrom('payments.referral_code')
      .select(['code'])
      .where('workspace_id', '=', workspaceId),
  );
  return row!.code;
}

export const findByCode = async (tx: Tx, code: string): Promise<string | undefined> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.referral_code')
        .select(['workspace_id'])
        .where('code', '=', code),
    )
  )[0]?.workspace_id;

const NAME = statement<{ id: string }>(
  'payments.name_referrer',
  'billing',
  `insert into payments.referral (id, referred_workspace_id, referrer_workspace_id, look_at)
   values ($1::uuid, $2::uuid, $3::uuid, (select platform.clock()) + make_interval(days => $4::integer))
   on conflict (referred_workspace_id) do nothing
   returning id`,
);

/** False when the workspace has named somebody before. It is looked at when so many days are over. */
export const insertReferral = async (
  tx: Tx,
  id: string,
  referred: string,
  referrer: string,
  days: number,
): Promise<boolean> => (await tx.exec(NAME, [id, referred, referrer, days])).length === 1;

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.referral');

export const findOfReferred = async (tx: Tx, workspaceId: string): Promise<ReferralRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('referred_workspace_id', '=', workspaceId)))[0];

export const findReferral = async (tx: Tx, id: string): Promise<ReferralRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('id', '=', id)))[0];

/** Locked until the transaction ends; the wallets' locks are taken before. */
export const lockReferral = async (tx: Tx, id: string): Promise<ReferralRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('id', '=', id).forUpdate()))[0];

/** The one whose bonus stands on a payment, by referral_of_payment. */
export const findGrantedFor = async (tx: Tx, paymentId: string): Promise<ReferralRow | undefined> =>
  (
    await tx.run(
      from(tx).select(COLUMNS).where('payment_id', '=', paymentId).where('state', '=', 'granted').limit(1),
    )
  )[0];

export async function updateReferral(
  tx: Tx,
  id: string,
  change: Partial<Pick<Row, 'state' | 'payment_id' | 'referred_bonus' | 'referrer_bonus'>>,
): Promise<void> {
  await tx.run(q.updateTable('payments.referral').set(change).where('id', '=', id));
}

const LATER = statement<never>(
  'payments.look_at_referral_later',
  'billing',
  `update payments.referral
      set look_at = (select platform.clock()) + make_interval(days => $2::integer)
    where id = $1::uuid`,
);
export const lookLater = async (tx: Tx, id: string, days: number): Promise<void> => {
  await tx.exec(LATER, [id, days]);
};

const DUE = statement<{ id: string }>(
  'payments.find_due_referrals',
  'billing',
  `select id
     from payments.referral
    where state = 'named'
      and look_at <= (select platform.clock())
    order by look_at
    limit $1::integer`,
);

/** Referrals to be looked at, by referral_waiting. */
export const findDue = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(DUE, [limit])).map(({ id }) => id);

const GRANTED = statement<{ granted: number }>(
  'payments.count_granted_referrals',
  'billing',
  `select count(*)::integer as granted
     from (
       select
         from payments.referral
        where referrer_workspace_id = $1::uuid
          and state = 'granted'
        limit $2::integer) counted`,
);
export const countGranted = async (tx: Tx, referrer: string, limit: number): Promise<number> =>
  (await tx.exec(GRANTED, [referrer, limit]))[0]!.granted;

/** The payment a referral turns on, and how old the money is. */
export interface FirstPayment {
  readonly id: string;
  readonly provider: string;
  readonly settlement_id: string | null;
  readonly aged: boolean;
  readonly gone: boolean;
}

const FIRST = statement<FirstPayment>(
  'payments.find_first_payment',
  'billing',
  `select id, provider, settlement_id,
          paid_at <= (select platform.clock()) - make_interval(days => $2::integer) as aged,
          taken_back + lost > 0 as gone
     from payments.payment
    where workspace_id = $1::uuid
      and status = 'paid'
    order by id
    limit 1`,
);
export const findFirstPayment = async (
  tx: Tx,
  workspaceId: string,
  days: number,
): Promise<FirstPayment | undefined> => (await tx.exec(FIRST, [workspaceId, days]))[0];

const LATEST = statement<{ provider: string; settlement_id: string }>(
  'payments.find_latest_settlements',
  'billing',
  `select provider, settlement_id
     from payments.payment
    where workspace_id = $1::uuid
      and status = 'paid'
      and settlement_id is not null
    order by id desc
    limit $2::integer`,
);
export const findLatestSettlements = (tx: Tx, workspaceId: string, limit: number) =>
  tx.exec(LATEST, [workspaceId, limit]);

const LAPSED = statement<{ lapsed: boolean }>(
  'payments.is_referral_lapsed',
  'billing',
  `select created_at <= (select platform.clock()) - make_interval(days => $2::integer) as lapsed
     from payments.referral
    where id = $1::uuid`,
);
export const isLapsed = async (tx: Tx, id: string, days: number): Promise<boolean> =>
  (await tx.exec(LAPSED, [id, days]))[0]?.lapsed ?? true;
