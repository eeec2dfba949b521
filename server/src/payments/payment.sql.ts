// Statements on payments.payment.
import type { Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import type { Provider } from './port.ts';
import { payments } from './steward.ts';

const read = readerFor(payments);

const OWN = [
  'id',
  'workspace_id',
  'provider',
  'status',
  'currency',
  'asked',
  'credited',
  'taken_back',
  'rate_base',
  'rate_quote',
  'rate',
  'rate_from',
  'checkout_url',
  'created_at',
  'paid_at',
] as const;
const ALL = [
  ...OWN,
  'paid',
  'paid_currency',
  'lost',
  'external_id',
  'settlement_id',
  'request_digest',
  'approved',
  'approved_by_person',
  'approved_by_key',
  'instrument_id',
] as const;

type Row = Selectable<DB['payments.payment']>;
/** What a workspace sees of its payment. */
export type OwnRow = Pick<Row, (typeof OWN)[number]>;
export type PaymentRow = Pick<Row, (typeof ALL)[number]>;

export interface NewPayment {
  readonly id: string;
  readonly workspace_id: string;
  readonly provider: Provider;
  readonly currency: string;
  readonly asked: bigint | null;
  readonly settlement_id?: string;
  readonly status?: 'review';
  readonly request_key?: Buffer | null;
  readonly request_digest?: Buffer | null;
  /** The stored card that an automatic payment is charged to. */
  readonly instrument_id?: string;
}

/** Undefined when a payment of this request or settlement is there, or another automatic one is under way; waits for one that is being made. */
export async function insertPayment(tx: Tx, row: NewPayment): Promise<PaymentRow | undefined> {
  const [made] = await tx.run(
    q
      .insertInto('payments.payment')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning(ALL),
  );
  return made;
}

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.payment');

export const findByRequest = async (
  tx: Tx,
  workspaceId: string,
  key: Buffer,
): Promise<PaymentRow | undefined> =>
  (
    await tx.run(
      from(tx).select(ALL).where('workspace_id', '=', workspaceId).where('request_key', '=', key).limit(1),
    )
  )[0];

export const findById = async (tx: Tx, id: string): Promise<PaymentRow | undefined> =>
  (await tx.run(from(tx).select(ALL).where('id', '=', id)))[0];

export const findByExternal = async (
  tx: Tx,
  provider: Provider,
  externalId: string,
): Promise<PaymentRow | undefined> =>
  (
    await tx.run(
      from(tx).select(ALL).where('provider', '=', provider).where('external_id', '=', externalId).limit(1),
    )
  )[0];

export const findBySettlement = async (
  tx: Tx,
  provider: Provider,
  settlementId: string,
): Promise<PaymentRow | undefined> =>
  (
    await tx.run(
      from(tx)
        .select(ALL)
        .where('provider', '=', provider)
        .where('settlement_id', '=', settlementId)
        .limit(1),
    )
  )[0];

/** Locked until the transaction ends; the wallet's lock is taken before. */
export const lockPayment = async (tx: Tx, id: string): Promise<PaymentRow | undefined> =>
  (await tx.run(from(tx).select(ALL).where('id', '=', id).forUpdate()))[0];

export type PaymentChange = Partial<
  Pick<
    Row,
    | 'status'
    | 'paid'
    | 'paid_currency'
    | 'credited'
    | 'taken_back'
    | 'lost'
    | 'external_id'
    | 'settlement_id'
    | 'checkout_url'
    | 'approved'
    | 'approved_by_person'
    | 'approved_by_key'
    | 'rate_base'
    | 'rate_quote'
    | 'rate'
    | 'rate_from'
    | 'failed_because'
  >
>;

/** Writes a change of a payment that is locked. `nowPaid` sets the time from the database. */
export async function updatePayment(
  tx: Tx,
  id: string,
  change: PaymentChange,
  nowPaid = false,
): Promise<PaymentRow> {
  const [changed] = await tx.run(
    q
      .updateTable('payments.payment')
      .set({ ...change, ...(nowPaid ? { paid_at: DATABASE_CLOCK } : {}) })
      .where('id', '=', id)
      .returning(ALL),
  );
  return changed!;
}

/** A page of one workspace's, newest first, by payment_of_workspace; in a tenant's transaction. */
export const pageOfOwn = (
  tx: Tx,
  workspaceId: string,
  before: string | null,
  limit: number,
): Promise<OwnRow[]> =>
  tx.run(
    from(tx)
      .select(OWN)
      .where('workspace_id', '=', workspaceId)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .orderBy('id', 'desc')
      .limit(limit),
  );

export const findOwn = async (tx: Tx, workspaceId: string, id: string): Promise<OwnRow | undefined> =>
  (await tx.run(from(tx).select(OWN).where('workspace_id', '=', workspaceId).where('id', '=', id)))[0];

/** A page of all, newest first; with `attention`, by payment_attention. */
export const pageOfAll = (
  tx: Tx,
  before: string | null,
  limit: number,
  attention: boolean,
): Promise<PaymentRow[]> =>
  tx.run(
    from(tx)
      .select(ALL)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .$if(attention, (page) =>
        page.where((either) => either.or([either('status', '=', 'review'), either('lost', '>', 0n)])),
      )
      .orderBy('id', 'desc')
      .limit(limit),
  );

const UNPAID = statement<{ unpaid: number }>(
  'payments.count_unpaid',
  'billing',
  `select count(*)::integer as unpaid
     from (
       select
         from payments.payment
        where workspace_id = $1::uuid
          and id > $2::uuid
          and status = 'open'
        limit $3::integer) counted`,
);

/** Payments of a workspace that were begun since, and are neither paid nor over; counted up to a limit. */
export const countUnpaid = async (
  tx: Tx,
  workspaceId: string,
  since: string,
  limit: number,
): Promise<number> => (await tx.exec(UNPAID, [workspaceId, since, limit]))[0]!.unpaid;

const PAID = statement<{ paid: number }>(
  'payments.count_paid',
  'billing',
  `select count(*)::integer as paid
     from (
       select
         from payments.payment
        where workspace_id = $1::uuid
          and status = 'paid'
        limit $2::integer) counted`,
);

/** Payments a workspace was credited with, counted up to a limit; exact under the lock of its wallet. */
export const countPaid = async (tx: Tx, workspaceId: string, limit: number): Promise<number> =>
  (await tx.exec(PAID, [workspaceId, limit]))[0]!.paid;

const QUIET = statement<{ id: string; external_id: string }>(
  'payments.find_quiet',
  'billing',
  `select id, external_id
     from payments.payment
    where provider = $1::text
      and status in ('open', 'pending')
      and external_id is not null
      and id > $2::uuid
      and id < $3::uuid
    order by id
    limit $4::integer`,
);

/** Unpaid payments begun between two moments, by payment_unpaid: a notice of theirs may have been lost. */
export const findQuiet = (
  tx: Tx,
  provider: Provider,
  after: string,
  before: string,
  limit: number,
): Promise<{ id: string; external_id: string }[]> => tx.exec(QUIET, [provider, after, before, limit]);

const LOCK_SETTLEMENT = statement<never>(
  'payments.lock_settlement',
  'operations',
  'select pg_advisory_xact_lock(hashtextextended(named.key, 0)) from unnest($1::text[]) as named(key)',
);

/**
 * One at a time for all that is said of a settlement: what is said of it before it is known, and its becoming known, see
 * each other. Taken before any other lock.
 */
export const lockSettlement = (tx: Tx, provider: Provider, settlementId: string): Promise<unknown> =>
  lockSettlements(tx, [{ provider, settlementId }]);

/** Several, always in one order, so that two who lock the same ones never wait for each other. */
export const lockSettlements = (
  tx: Tx,
  settlements: readonly { readonly provider: Provider; readonly settlementId: string }[],
): Promise<unknown> =>
  tx.exec(LOCK_SETTLEMENT, [
    arrays.text(
      settlements.map(({ provider, settlementId }) => `payments ${provider} ${settlementId}`).sort(),
    ),
  ]);
