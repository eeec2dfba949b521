// The tariff as this process knows it, and the operator's changes to it. A change is seen here at once and by other
// processes within a second.

import { readTraits } from '#carriers';
import { AMOUNT_MICROS_MAX } from '#ledger';
import { pause } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { inTurn } from '#platform/in-turn';
import type { Log } from '#platform/log';
import {
  bumpTariff,
  deletePrice,
  deleteRoute,
  insertPrice,
  insertRoute,
  lockPrice,
  lockRoute,
  type NewPrice,
  type NewRoute,
  type PriceChange,
  type RouteChange,
  readPrices,
  readRoutes,
  type Stored,
  tariffVersion,
  updatePrice,
  updateRoute,
} from './tariff.sql.ts';
import { type Price, type Route, Tariff } from './tariff.ts';

export interface Tariffs {
  current(): Tariff;
  /** Reads it again now if it changed. */
  refresh(): Promise<void>;
  stop(): void;
}

const POLL_MS = 1_000;

/** Loads the tariff and keeps it fresh until stopped. */
export async function startTariffs(db: Database, log: Log): Promise<Tariffs> {
  let tariff = new Tariff(0n, [], []);
  let known: { version: bigint; prices: Price[]; routes: Route[] } | undefined;
  const ended = new AbortController();

  async function read(): Promise<void> {
    await db.batch(async (tx) => {
      const version = await tariffVersion(tx);
      if (version !== known?.version) {
        const [prices, routes] = await Promise.all([readPrices(tx), readRoutes(tx)]);
        known = { version, prices, routes };
      }
    });
    if (known) tariff = new Tariff(known.version, known.prices, known.routes, await readTraits(db));
  }

  const refresh = inTurn(read);

  async function poll(): Promise<void> {
    while (!ended.signal.aborted) {
      await pause(POLL_MS, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      // With the database away the last known tariff serves: nothing can be accepted then anyway.
      await refresh().catch((error) => log.warn('messages.tariff_not_read', { error }));
    }
  }

  await refresh();
  void poll();
  return { current: () => tariff, refresh, stop: () => ended.abort() };
}

/** The most a segment may cost, in micros: a million units. A message of many segments stays inside the books. */
export const PRICE_MICROS_MAX = AMOUNT_MICROS_MAX / 1000n;

/** Sets a price for a prefix, a class (or all) and a currency. Throws `conflict` where one stands. */
export async function addPrice(tx: Tx, price: Omit<NewPrice, 'id'>): Promise<string> {
  refuseLarge(price.perPartMicros, 'price.amount');
  if (price.costPerPartMicros !== null) refuseLarge(price.costPerPartMicros, 'cost.amount');
  const [id] = await Promise.all([insertPrice(tx, { ...price, id: newId() }), bumpTariff(tx)]);
  if (id === undefined) {
    throw new AppError('conflict', {
      detail: 'A price for this prefix, class and currency exists; change that one.',
    });
  }
  return id;
}

/** Changes what a segment costs from now on; what is left out stays. Throws `not_found`. May be repeated. */
export async function changePrice(
  tx: Tx,
  id: string,
  change: (stored: Stored<Price>) => Partial<PriceChange>,
): Promise<Stored<Price>> {
  const stored = await lockPrice(tx, id);
  if (stored === undefined) throw new AppError('not_found');
  const changed = { ...stored, ...change(stored) };
  refuseLarge(changed.perPartMicros, 'price.amount');
  if (changed.costPerPartMicros !== null) refuseLarge(changed.costPerPartMicros, 'cost.amount');
  await Promise.all([updatePrice(tx, id, changed), bumpTariff(tx)]);
  return changed;
}

/** Removes a price. Throws `not_found`. */
export async function removePrice(tx: Tx, id: string): Promise<void> {
  const [removed] = await Promise.all([deletePrice(tx, id), bumpTariff(tx)]);
  if (!removed) throw new AppError('not_found');
}

/**
 * Adds a route to an existing connector. Throws `conflict` where the prefix and class have it already, and
 * `invalid_request` when there is no such connector.
 */
export async function addRoute(tx: Tx, route: Omit<NewRoute, 'id'>): Promise<string> {
  const id = await insertRoute(tx, { ...route, id: newId() }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== FOREIGN_KEY_VIOLATION) throw error;
    throw new AppError('invalid_request', { field: 'connector_id', detail: 'There is no such connector.' });
  });
  if (id === undefined) {
    throw new AppError('conflict', { detail: 'This connector already serves this prefix and class.' });
  }
  await bumpTariff(tx);
  return id;
}

/** Changes rank, weight or sender from now on; what is left out stays. Throws `not_found`. May be repeated. */
export async function changeRoute(tx: Tx, id: string, change: Partial<RouteChange>): Promise<Stored<Route>> {
  const stored = await lockRoute(tx, id);
  if (stored === undefined) throw new AppError('not_found');
  const changed = { ...stored, ...change };
  await Promise.all([updateRoute(tx, id, changed), bumpTariff(tx)]);
  return changed;
}

/** Removes a route; what is queued on it still goes out. Throws `not_found`. */
export async function removeRoute(tx: Tx, id: string): Promise<void> {
  const [removed] = await Promise.all([deleteRoute(tx, id), bumpTariff(tx)]);
  if (!removed) throw new AppError('not_found');
}

const FOREIGN_KEY_VIOLATION = '23503';

function refuseLarge(micros: bigint, field: string): void {
  if (micros > PRICE_MICROS_MAX) {
    throw new AppError('invalid_request', { field, detail: 'It is larger than a segment may cost.' });
  }
}
