// Statements on payments.plan. A version is written once; only its retirement comes after.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const COLUMNS = [
  'id',
  'key',
  'version',
  'name',
  'currency',
  'price',
  'credit',
  'members_max',
  'keys_max',
  'store_products',
  'retired_at',
  'created_at',
] as const;

export type PlanRow = Pick<Selectable<DB['payments.plan']>, (typeof COLUMNS)[number]>;

const LOCK_KEY = statement<never>(
  'payments.lock_plan_key',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('payments plan ' || $1::text, 0))`,
);

/** One at a time for the versions of one plan, until the transaction ends. */
export const lockPlanKey = async (tx: Tx, key: string): Promise<void> => {
  await tx.exec(LOCK_KEY, [key]);
};

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.plan');

/** The newest version of a plan, retired or not. */
export const findNewest = async (tx: Tx, key: string): Promise<PlanRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('key', '=', key).orderBy('version', 'desc').limit(1)))[0];

export const insertPlan = async (tx: Tx, row: Omit<PlanRow, 'retired_at' | 'created_at'>): Promise<PlanRow> =>
  (await tx.run(q.insertInto('payments.plan').values(row).returning(COLUMNS)))[0]!;

/** Retires a plan, once: the first time stands. Undefined when there is none. */
export async function updateRetired(tx: Tx, id: string): Promise<PlanRow | undefined> {
  const [retired] = await tx.run(
    q
      .updateTable('payments.plan')
      .set((set) => ({ retired_at: set.fn.coalesce('retired_at', DATABASE_CLOCK) }))
      .where('id', '=', id)
      .returning(COLUMNS),
  );
  return retired;
}

/** Plans by id; unknown ones are left out. */
export const findPlans = (tx: Tx, ids: readonly string[]): Promise<PlanRow[]> =>
  tx.run(
    from(tx)
      .select(COLUMNS)
      .where('id', 'in', [...ids]),
  );

/** Whether and since when a plan is retired is read under a lock, so that nobody subscribes to one that goes. */
export const lockPlan = async (tx: Tx, id: string): Promise<PlanRow | undefined> =>
  (await tx.run(from(tx).select(COLUMNS).where('id', '=', id).forShare()))[0];

export const countOffered = async (tx: Tx, limit: number): Promise<number> =>
  (await tx.run(from(tx).select(['id']).where('retired_at', 'is', null).limit(limit))).length;

/** Those offered in a currency, the cheapest first; by plan_offered. */
export const findOffered = (tx: Tx, currency: string, limit: number): Promise<PlanRow[]> =>
  tx.run(
    from(tx)
      .select(COLUMNS)
      .where('retired_at', 'is', null)
      .where('currency', '=', currency)
      .orderBy('price')
      .orderBy('key')
      .limit(limit),
  );

export const pageOfPlans = (tx: Tx, before: string | null, limit: number): Promise<PlanRow[]> =>
  tx.run(
    from(tx)
      .select(COLUMNS)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .orderBy('id', 'desc')
      .limit(limit),
  );
