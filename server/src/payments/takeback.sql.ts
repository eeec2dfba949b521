// Statements on refunds and disputes, and on what was said of them early.
import type { Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { readerFor } from '#privacy/reading';
import type { Provider } from './port.ts';
import { payments } from './steward.ts';

const read = readerFor(payments);
const COLUMNS = [
  'id',
  'payment_id',
  'kind',
  'origin',
  'state',
  'external_id',
  'amount',
  'taken',
  'lost',
] as const;

/** Refunds and disputes one payment can have: more say that something is wrong at the provider. */
const TAKEBACKS_MAX = 1_000;

export type TakebackRow = Pick<Selectable<DB['payments.takeback']>, (typeof COLUMNS)[number]>;

export const readTakebacks = (tx: Tx, paymentId: string): Promise<TakebackRow[]> =>
  tx.run(
    read(tx, 'billing')
      .selectFrom('payments.takeback')
      .select(COLUMNS)
      .where('payment_id', '=', paymentId)
      .orderBy('id')
      .limit(TAKEBACKS_MAX),
  );

export async function insertTakeback(tx: Tx, row: TakebackRow): Promise<void> {
  await tx.run(q.insertInto('payments.takeback').values(row));
}

export async function updateTakeback(
  tx: Tx,
  id: string,
  change: Partial<Pick<TakebackRow, 'state' | 'taken' | 'lost'>>,
): Promise<void> {
  await tx.run(q.updateTable('payments.takeback').set(change).where('id', '=', id));
}

export const findTakeback = async (tx: Tx, id: string): Promise<TakebackRow | undefined> =>
  (await tx.run(read(tx, 'billing').selectFrom('payments.takeback').select(COLUMNS).where('id', '=', id)))[0];

export interface EarlyFact {
  readonly external_id: string;
  readonly kind: string;
  readonly amount: bigint | null;
}

const KEEP_EARLY = statement<never>(
  'payments.keep_early_fact',
  'billing',
  `insert into payments.early_fact as e (provider, settlement_id, external_id, kind, amount, payment_id)
   values ($1::text, $2::text, $3::text, $4::text, $5::bigint, $6::uuid)
   on conflict (provider, settlement_id, external_id, kind) do update
      set amount = case
            when e.amount is null or excluded.amount is null then null
            else greatest(e.amount, excluded.amount)
          end`,
);

/** Keeps what was said of a settlement nobody knows yet; of two totals the larger. May be repeated. */
export async function keepEarly(
  tx: Tx,
  provider: Provider,
  settlementId: string,
  { external_id, kind, amount }: EarlyFact,
  paymentId: string | null,
): Promise<void> {
  await tx.exec(KEEP_EARLY, [provider, settlementId, external_id, kind, amount, paymentId]);
}

const TAKE_EARLY = statement<EarlyFact & { provider: Provider; settlement_id: string }>(
  'payments.take_early',
  'billing',
  `delete from payments.early_fact e
    using unnest($1::text[], $2::text[]) as named(provider, settlement_id)
    where e.provider = named.provider and e.settlement_id = named.settlement_id
   returning e.provider, e.settlement_id, e.external_id, e.kind, e.amount`,
);

/** Takes out what was kept of a settlement. */
export const takeEarly = (
  tx: Tx,
  settlements: readonly { readonly provider: Provider; readonly settlementId: string }[],
) =>
  tx.exec(TAKE_EARLY, [
    arrays.text(settlements.map(({ provider }) => provider)),
    arrays.text(settlements.map(({ settlementId }) => settlementId)),
  ]);
