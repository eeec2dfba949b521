// The routes by which administrators set prices and routes. A change holds for messages accepted after it: in this
// process at once, in others within a second.
import { decodeId, encodeId, type Money, microsOf, moneyOf } from '@sotto/contract';
import {
  createPrice,
  deletePrice,
  listPrices,
  type Price as PriceAnswer,
  updatePrice,
} from '@sotto/contract/admin/prices';
import {
  createRoute,
  deleteRoute,
  listRoutes,
  type Route as RouteAnswer,
  updateRoute,
} from '@sotto/contract/admin/routes';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route as MountedRoute, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditEntry, type AuditedCaller, actorOf, record } from '#privacy/audit';
import { lockPrice, lockRoute, pageOfPrices, pageOfRoutes, type Stored } from './tariff.sql.ts';
import type { Price, Route } from './tariff.ts';
import {
  addPrice,
  addRoute,
  changePrice,
  changeRoute,
  removePrice,
  removeRoute,
  type Tariffs,
} from './tariffs.ts';

export interface TariffRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly tariffs: Pick<Tariffs, 'refresh'>;
}

/** Writes a change of the tariff into the audit trail, in the transaction that makes it. */
type Note = (
  tx: Tx,
  call: { readonly caller: AuditedCaller; readonly requestId: string },
  action: AuditEntry['action'],
  id: string,
) => Promise<void>;

export const tariffRoutes = ({ db, keyring, tariffs }: TariffRoutesOptions): readonly MountedRoute[] => {
  const committed = () => tariffs.refresh();
  const note: Note = (tx, call, action, id) => {
    const kind = action.startsWith('price.') ? 'price' : 'route';
    return record(tx, keyring, { action, actor: actorOf(call), object: { kind, id } });
  };
  return [...routesOfPrices(db, committed, note), ...routesOfRoutes(db, committed, note)];
};

const routesOfPrices = (
  db: Database,
  committed: () => Promise<void>,
  note: Note,
): readonly MountedRoute[] => [
  reads(listPrices, async ({ query }: Call<typeof listPrices, unknown>) => {
    const before = positionOf(query.cursor);
    const found = await db.batch((tx) => pageOfPrices(tx, before, query.limit + 1));
    return pageAnswer(found, query.limit, ({ id }) => id, presentPrice);
  }),
  inTransaction(
    createPrice,
    async (call: Call<typeof createPrice, AuditedCaller>, tx) => {
      const { body } = call;
      if (body.cost !== null && body.cost.currency !== body.price.currency) {
        throw new AppError('invalid_request', {
          field: 'cost.currency',
          detail: 'The cost is in the currency of the price.',
        });
      }
      const id = await addPrice(tx, {
        prefix: body.prefix,
        class: body.class,
        currency: body.price.currency,
        perPartMicros: microsOf(body.price),
        costPerPartMicros: body.cost === null ? null : microsOf(body.cost),
      });
      await note(tx, call, 'price.created', id);
      return presentPrice((await lockPrice(tx, id))!);
    },
    { committed },
  ),
  inTransaction(
    updatePrice,
    async (call: Call<typeof updatePrice, AuditedCaller>, tx) => {
      const { params, body } = call;
      const changed = await changePrice(tx, rowId('prc', params.id), ({ currency }) => {
        const micros = (money: Money, field: string) => {
          if (money.currency === currency) return microsOf(money);
          throw new AppError('conflict', { field, detail: `The price is in ${currency}, and stays so.` });
        };
        const { price, cost } = body;
        return {
          ...(price === undefined ? {} : { perPartMicros: micros(price, 'price.currency') }),
          ...(cost === undefined
            ? {}
            : { costPerPartMicros: cost === null ? null : micros(cost, 'cost.currency') }),
        };
      });
      await note(tx, call, 'price.changed', changed.id);
      return presentPrice(changed);
    },
    { committed },
  ),
  inTransaction(
    deletePrice,
    async (call: Call<typeof deletePrice, AuditedCaller>, tx) => {
      const id = rowId('prc', call.params.id);
      await removePrice(tx, id);
      await note(tx, call, 'price.deleted', id);
      return undefined;
    },
    { committed },
  ),
];

const routesOfRoutes = (
  db: Database,
  committed: () => Promise<void>,
  note: Note,
): readonly MountedRoute[] => [
  reads(listRoutes, async ({ query }: Call<typeof listRoutes, unknown>) => {
    const before = positionOf(query.cursor);
    const found = await db.batch((tx) => pageOfRoutes(tx, before, query.limit + 1));
    return pageAnswer(found, query.limit, ({ id }) => id, presentRoute);
  }),
  inTransaction(
    createRoute,
    async (call: Call<typeof createRoute, AuditedCaller>, tx) => {
      const { body } = call;
      const connectorId = decodeId('con', body.connector_id);
      if (connectorId === null) throw new AppError('invalid_request', { field: 'connector_id' });
      const { prefix, class: messageClass, rank, weight, sender } = body;
      const id = await addRoute(tx, { prefix, class: messageClass, connectorId, rank, weight, sender });
      await note(tx, call, 'route.created', id);
      return presentRoute((await lockRoute(tx, id))!);
    },
    { committed },
  ),
  inTransaction(
    updateRoute,
    async (call: Call<typeof updateRoute, AuditedCaller>, tx) => {
      const { params, body } = call;
      const { rank, weight, sender } = body;
      const changed = await changeRoute(tx, rowId('rte', params.id), {
        ...(rank === undefined ? {} : { rank }),
        ...(weight === undefined ? {} : { weight }),
        ...(sender === undefined ? {} : { sender }),
      });
      await note(tx, call, 'route.changed', changed.id);
      return presentRoute(changed);
    },
    { committed },
  ),
  inTransaction(
    deleteRoute,
    async (call: Call<typeof deleteRoute, AuditedCaller>, tx) => {
      const id = rowId('rte', call.params.id);
      await removeRoute(tx, id);
      await note(tx, call, 'route.deleted', id);
      return undefined;
    },
    { committed },
  ),
];

function rowId(prefix: 'prc' | 'rte', publicId: string): string {
  const id = decodeId(prefix, publicId);
  if (id === null) throw new AppError('not_found');
  return id;
}

const presentPrice = (price: Stored<Price>): PriceAnswer => ({
  id: encodeId('prc', price.id),
  prefix: price.prefix,
  class: price.class,
  price: moneyOf(price.perPartMicros, price.currency),
  cost: price.costPerPartMicros === null ? null : moneyOf(price.costPerPartMicros, price.currency),
  created_at: price.createdAt.toISOString(),
});

const presentRoute = (route: Stored<Route>): RouteAnswer => ({
  id: encodeId('rte', route.id),
  prefix: route.prefix,
  class: route.class,
  connector_id: encodeId('con', route.connectorId),
  rank: route.rank,
  weight: route.weight,
  sender: route.sender,
  created_at: route.createdAt.toISOString(),
});
