// Statements on payments.promo_code and payments.redemption.
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const COLUMNS = [
  'id',
  'hint',
  'amount',
  'currency',
  'uses_max',
  'uses_per_workspace',
  'first_top_up_only',
  'uses',
  'expires_at',
  'ended_at',
  'created_at',
] as const;

type Row = Selectable<DB['payments.promo_code']>;
export type PromoCodeRow = Pick<Row, (typeof COLUMNS)[number]>;

/** Undefined when a code like it is there. */
export const insertPromoCode = async (
  tx: Tx,
  row: Omit<PromoCodeRow, 'uses' | 'ended_at' | 'created_at'> & Pick<Row, 'code_hash'>,
): Promise<PromoCodeRow | undefined> =>
  (
    await tx.run(
      q
        .insertInto('payments.promo_code')
        .values(row)
        .onConflict((conflict) => conflict.column('code_hash').doNothing())
        .returning(COLUMNS),
    )
  )[0];

/** One that can still be used, by the hashes it may have been kept under, locked until the transaction ends. */
export const lockUsable = async (
  tx: Tx,
  hashes: readonly Row['code_hash'][],
): Promise<PromoCodeRow | undefined> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.promo_code')
        .select(COLUMNS)
        .where('code_hash', 'in', hashes)
        .where('ended_at', 'is', null)
        .where((either) =>
          either.or([either('expires_at', 'is', null), either('expires_at', '>', DATABASE_CLOCK)]),
        )
        .whereRef('uses', '<', 'uses_max')
        .limit(1)
        .forUpdate(),
    )
  )[0];

/** Whether one is kept under any of these hashes, usable or not. */
export const isKnown = async (tx: Tx, hashes: readonly Row['code_hash'][]): Promise<boolean> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.promo_code')
        .select(['id'])
        .where('code_hash', 'in', hashes)
        .limit(1),
    )
  ).length > 0;

const COUNT = statement<{ redeemed: number }>(
  'payments.count_redemptions',
  'billing',
  `select count(*)::integer as redeemed
     from payments.redemption
    where promo_code_id = $1::uuid
      and workspace_id = $2::uuid`,
);

/** How often a workspace used a code; exact under the lock of its wallet. */
export const countRedemptions = async (tx: Tx, promoCodeId: string, workspaceId: string): Promise<number> =>
  (await tx.exec(COUNT, [promoCodeId, workspaceId]))[0]!.redeemed;

/** Uses one that is locked. */
export async function insertRedemption(
  tx: Tx,
  row: Pick<Selectable<DB['payments.redemption']>, 'id' | 'promo_code_id' | 'workspace_id' | 'amount'>,
): Promise<void> {
  await Promise.all([
    tx.run(q.insertInto('payments.redemption').values(row)),
    tx.run(
      q
        .updateTable('payments.promo_code')
        .set({ uses: sql<number>`uses + 1` })
        .where('id', '=', row.promo_code_id),
    ),
  ]);
}

/** Ends one, once: the first time stands. Undefined when there is none. */
export async function updateEnded(tx: Tx, id: string): Promise<PromoCodeRow | undefined> {
  const [ended] = await tx.run(
    q
      .updateTable('payments.promo_code')
      .set((set) => ({ ended_at: set.fn.coalesce('ended_at', DATABASE_CLOCK) }))
      .where('id', '=', id)
      .returning(COLUMNS),
  );
  return ended;
}

export const pageOfPromoCodes = (tx: Tx, before: string | null, limit: number): Promise<PromoCodeRow[]> =>
  tx.run(
    read(tx, 'billing')
      .selectFrom('payments.promo_code')
      .select(COLUMNS)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .orderBy('id', 'desc')
      .limit(limit),
  );
