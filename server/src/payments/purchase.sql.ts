// Statements on payments that stores tell of, many at once.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Provider } from './port.ts';

interface Settlement {
  readonly provider: Provider;
  readonly settlementId: string;
}

const SETTLED = statement<{ provider: Provider; settlement_id: string; id: string }>(
  'payments.find_settled',
  'billing',
  `select p.provider, p.settlement_id, p.id
     from unnest($1::text[], $2::text[]) as named(provider, settlement_id)
     join payments.payment p on p.provider = named.provider and p.settlement_id = named.settlement_id`,
);

/** Which of these settlements have a payment, by payment_settlement. */
export const findSettled = (tx: Tx, settlements: readonly Settlement[]) =>
  tx.exec(SETTLED, [
    arrays.text(settlements.map(({ provider }) => provider)),
    arrays.text(settlements.map(({ settlementId }) => settlementId)),
  ]);

export interface PurchaseRow extends Settlement {
  readonly id: string;
  readonly workspaceId: string;
  readonly currency: string;
  readonly status: 'paid' | 'review';
  /** What it is worth, in micros of its own currency, and what of it was credited. */
  readonly paid: bigint;
  readonly paidCurrency: string;
  readonly credited: bigint;
}

const INSERT = statement<{ id: string }>(
  'payments.insert_purchases',
  'billing',
  `insert into payments.payment
     (id, workspace_id, provider, settlement_id, currency, status, paid, paid_currency, credited, paid_at)
   select id, workspace_id, provider, settlement_id, currency, status, paid, paid_currency, credited,
          (select platform.clock())
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                 $9::bigint[])
       as n(id, workspace_id, provider, settlement_id, currency, status, paid, paid_currency, credited)
       on conflict do nothing
   returning id`,
);

/** Makes payments that are settled already; how many were new. */
export const insertPurchases = async (tx: Tx, rows: readonly PurchaseRow[]): Promise<number> =>
  (
    await tx.exec(INSERT, [
      arrays.uuid(rows.map(({ id }) => id)),
      arrays.uuid(rows.map(({ workspaceId }) => workspaceId)),
      arrays.text(rows.map(({ provider }) => provider)),
      arrays.text(rows.map(({ settlementId }) => settlementId)),
      arrays.text(rows.map(({ currency }) => currency)),
      arrays.text(rows.map(({ status }) => status)),
      arrays.bigint(rows.map(({ paid }) => paid)),
      arrays.text(rows.map(({ paidCurrency }) => paidCurrency)),
      arrays.bigint(rows.map(({ credited }) => credited)),
    ])
  ).length;
