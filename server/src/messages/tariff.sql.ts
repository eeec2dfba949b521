// Prices and routes at rest. Every change bumps the version in its own transaction; processes compare it and read
// the whole tariff again.
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { MessageClass } from './classes.ts';
import type { Price, Route } from './tariff.ts';

const VERSION = statement<{ version: bigint }>(
  'messages.read_tariff_version',
  'operations',
  'select version from messages.tariff_version',
);
const BUMP = statement<never>(
  'messages.bump_tariff_version',
  'operations',
  'update messages.tariff_version set version = version + 1',
);

export const tariffVersion = async (tx: Tx): Promise<bigint> => (await tx.exec(VERSION, []))[0]!.version;
export const bumpTariff = (tx: Tx) => tx.exec(BUMP, []);

/** Prices and routes are written by operators: thousands, not millions. */
const TARIFF_ROWS_MAX = 100_000;

const prices = () =>
  q
    .selectFrom('messages.price')
    .select(['id', 'prefix', 'class', 'currency', 'per_part as perPartMicros', 'cost_per_part as costPerPartMicros'])
    .orderBy('id');

const routes = () =>
  q
    .selectFrom('messages.route')
    .select(['id', 'prefix', 'class', 'connector_id as connectorId', 'rank', 'weight', 'sender'])
    .orderBy('id');

export const readPrices = (tx: Tx): Promise<Price[]> => tx.run(prices().limit(TARIFF_ROWS_MAX));
export const readRoutes = (tx: Tx): Promise<Route[]> => tx.run(routes().limit(TARIFF_ROWS_MAX));

/** A page of prices after an id, in the order they were made. */
export const pageOfPrices = (tx: Tx, after: string | null, limit: number): Promise<Price[]> =>
  tx.run((after === null ? prices() : prices().where('id', '>', after)).limit(limit));

export const pageOfRoutes = (tx: Tx, after: string | null, limit: number): Promise<Route[]> =>
  tx.run((after === null ? routes() : routes().where('id', '>', after)).limit(limit));

export interface NewPrice {
  readonly id: string;
  readonly prefix: string;
  readonly class: MessageClass | null;
  readonly currency: string;
  readonly perPartMicros: bigint;
  readonly costPerPartMicros: bigint | null;
}

/** Adds a price; undefined when one for this prefix, class and currency stands already. */
export const insertPrice = async (tx: Tx, price: NewPrice): Promise<string | undefined> => {
  const rows = await tx.run(
    q
      .insertInto('messages.price')
      .values({
        id: price.id,
        prefix: price.prefix,
        class: price.class,
        currency: price.currency,
        per_part: price.perPartMicros,
        cost_per_part: price.costPerPartMicros,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id'),
  );
  return rows[0]?.id;
};

export const deletePrice = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.run(q.deleteFrom('messages.price').where('id', '=', id).returning('id'))).length === 1;

export interface NewRoute {
  readonly id: string;
  readonly prefix: string;
  readonly class: MessageClass | null;
  readonly connectorId: string;
  readonly rank: number;
  readonly weight: number;
  readonly sender: string | null;
}

export const insertRoute = async (tx: Tx, route: NewRoute): Promise<string | undefined> => {
  const rows = await tx.run(
    q
      .insertInto('messages.route')
      .values({
        id: route.id,
        prefix: route.prefix,
        class: route.class,
        connector_id: route.connectorId,
        rank: route.rank,
        weight: route.weight,
        sender: route.sender,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id'),
  );
  return rows[0]?.id;
};

export const deleteRoute = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.run(q.deleteFrom('messages.route').where('id', '=', id).returning('id'))).length === 1;
