// Prices and routes at rest. Every change bumps the version in its own transaction; processes compare it and read
// the whole tariff again.
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { readerFor } from '#privacy/reading';
import type { MessageClass } from './classes.ts';
import { messages } from './steward.ts';
import type { Price, Route } from './tariff.ts';

const read = readerFor(messages);

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

const prices = (tx: Tx) =>
  read(tx, 'operations')
    .selectFrom('messages.price')
    .select([
      'id',
      'prefix',
      'class',
      'currency',
      'per_part as perPartMicros',
      'cost_per_part as costPerPartMicros',
    ])
    .orderBy('id');

const routes = (tx: Tx) =>
  read(tx, 'operations')
    .selectFrom('messages.route')
    .select(['id', 'prefix', 'class', 'connector_id as connectorId', 'rank', 'weight', 'sender'])
    .orderBy('id');

export const readPrices = (tx: Tx): Promise<Price[]> => tx.run(prices(tx).limit(TARIFF_ROWS_MAX));
export const readRoutes = (tx: Tx): Promise<Route[]> => tx.run(routes(tx).limit(TARIFF_ROWS_MAX));

/** A price or route with the time it was made. */
export type Stored<Row> = Row & { readonly createdAt: Date };

/** A page of prices, newest first, from below the id `before`. */
export const pageOfPrices = (tx: Tx, before: string | null, limit: number): Promise<Stored<Price>[]> => {
  const page = prices(tx).clearOrderBy().select('created_at as createdAt').orderBy('id', 'desc').limit(limit);
  return tx.run(before === null ? page : page.where('id', '<', before));
};

export const pageOfRoutes = (tx: Tx, before: string | null, limit: number): Promise<Stored<Route>[]> => {
  const page = routes(tx).clearOrderBy().select('created_at as createdAt').orderBy('id', 'desc').limit(limit);
  return tx.run(before === null ? page : page.where('id', '<', before));
};

/** A price, kept as it is until the transaction ends; undefined when there is none. */
export const lockPrice = async (tx: Tx, id: string): Promise<Stored<Price> | undefined> =>
  (await tx.run(prices(tx).select('created_at as createdAt').where('id', '=', id).forNoKeyUpdate()))[0];

export const lockRoute = async (tx: Tx, id: string): Promise<Stored<Route> | undefined> =>
  (await tx.run(routes(tx).select('created_at as createdAt').where('id', '=', id).forNoKeyUpdate()))[0];

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

/** What a price may become; destination, class and currency stay. */
export type PriceChange = Pick<NewPrice, 'perPartMicros' | 'costPerPartMicros'>;

export const updatePrice = async (tx: Tx, id: string, to: PriceChange): Promise<void> => {
  await tx.run(
    q
      .updateTable('messages.price')
      .set({ per_part: to.perPartMicros, cost_per_part: to.costPerPartMicros })
      .where('id', '=', id),
  );
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

/** What a route may become; destination, class and connector stay. */
export type RouteChange = Pick<NewRoute, 'rank' | 'weight' | 'sender'>;

export const updateRoute = async (tx: Tx, id: string, to: RouteChange): Promise<void> => {
  await tx.run(
    q
      .updateTable('messages.route')
      .set({ rank: to.rank, weight: to.weight, sender: to.sender })
      .where('id', '=', id),
  );
};

export const deleteRoute = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.run(q.deleteFrom('messages.route').where('id', '=', id).returning('id'))).length === 1;
