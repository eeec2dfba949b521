// The routes by which the operator makes plans and retires them.
import { decodeId, microsOf } from '@sotto/contract';
import {
  createPlan as createOperation,
  listAllPlans as listOperation,
  retirePlan as retireOperation,
} from '@sotto/contract/admin/plans';
import { isAmount } from '#ledger';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf, record } from '#privacy/audit';
import { pageOfPlans, updateRetired } from './plan.sql.ts';
import { createPlan } from './plans.ts';
import { presentOperatorPlan } from './present.ts';

export interface PlanAdminOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Most that one of the staff credits alone, in micros. */
  readonly creditAloneMaxMicros: bigint;
}

export function planAdminRoutes(options: PlanAdminOptions): readonly Route[] {
  const { db, keyring, creditAloneMaxMicros } = options;
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, AuditedCaller>) => {
      const before = positionOf(query.cursor);
      const rows = await db.batch((tx) => pageOfPlans(tx, before, query.limit + 1));
      return pageAnswer(rows, query.limit, ({ id }) => id, presentOperatorPlan);
    }),
    inTransaction(createOperation, async (call: Call<typeof createOperation, AuditedCaller>, tx) => {
      const { price, credit, ...wanted } = call.body;
      const row = await createPlan(tx, {
        ...wanted,
        currency: price.currency,
        price: priceIn(price),
        credit: credit === undefined ? 0n : creditIn(credit, price.currency, creditAloneMaxMicros),
        store_products: [...new Set(wanted.store_products)],
      });
      await record(tx, keyring, {
        action: 'plan.created',
        actor: actorOf(call),
        object: { kind: 'plan', id: row.id },
      });
      return presentOperatorPlan(row);
    }),
    inTransaction(retireOperation, async (call: Call<typeof retireOperation, AuditedCaller>, tx) => {
      const id = decodeId('pln', call.params.id);
      const row = id === null ? undefined : await updateRetired(tx, id);
      if (row === undefined) throw new AppError('not_found');
      await record(tx, keyring, {
        action: 'plan.retired',
        actor: actorOf(call),
        object: { kind: 'plan', id: row.id },
      });
      return presentOperatorPlan(row);
    }),
  ];
}

type Money = Parameters<typeof microsOf>[0];

function priceIn(price: Money): bigint {
  const micros = microsOf(price);
  if (isAmount(micros)) return micros;
  throw new AppError('invalid_request', {
    field: 'price.amount',
    detail: 'It is larger than the books take at once.',
  });
}

/** Else many could be given by one what one may not give to one. */
function creditIn(credit: Money, currency: string, aloneMaxMicros: bigint): bigint {
  if (credit.currency !== currency) {
    throw new AppError('invalid_request', {
      field: 'credit.currency',
      detail: 'It is in the currency of the price.',
    });
  }
  const micros = microsOf(credit);
  if (micros <= aloneMaxMicros) return micros;
  throw new AppError('invalid_request', {
    field: 'credit.amount',
    detail: 'A plan gives no more a month than one person may credit alone.',
  });
}
