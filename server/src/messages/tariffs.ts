// The tariff as this process knows it, and the operator's changes to it. A change is seen here at once and by other
// processes within a second.
import { pause } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Log } from '#platform/log';
import { Tariff } from './tariff.ts';
import {
  bumpTariff,
  deletePrice,
  deleteRoute,
  insertPrice,
  insertRoute,
  type NewPrice,
  type NewRoute,
  readPrices,
  readRoutes,
  tariffVersion,
} from './tariff.sql.ts';

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
  const ended = new AbortController();

  async function refresh(): Promise<void> {
    await db.batch(async (tx) => {
      const version = await tariffVersion(tx);
      if (version === tariff.version) return;
      const [prices, routes] = await Promise.all([readPrices(tx), readRoutes(tx)]);
      tariff = new Tariff(version, prices, routes);
    });
  }

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

/** Sets a price for a prefix, a class (or all) and a currency. Throws `conflict` where one stands. */
export async function addPrice(tx: Tx, price: Omit<NewPrice, 'id'>): Promise<string> {
  const [id] = await Promise.all([insertPrice(tx, { ...price, id: newId() }), bumpTariff(tx)]);
  if (id === undefined) {
    throw new AppError('conflict', { detail: 'A price for this prefix, class and currency exists; remove it first.' });
  }
  return id;
}

export async function removePrice(tx: Tx, id: string): Promise<void> {
  const [removed] = await Promise.all([deletePrice(tx, id), bumpTariff(tx)]);
  if (!removed) throw new AppError('not_found');
}

/** Adds a route to an existing connector. Throws `conflict` where the prefix and class have it already. */
export async function addRoute(tx: Tx, route: Omit<NewRoute, 'id'>): Promise<string> {
  const [id] = await Promise.all([insertRoute(tx, { ...route, id: newId() }), bumpTariff(tx)]);
  if (id === undefined) {
    throw new AppError('conflict', { detail: 'This connector already serves this prefix and class.' });
  }
  return id;
}

export async function removeRoute(tx: Tx, id: string): Promise<void> {
  const [removed] = await Promise.all([deleteRoute(tx, id), bumpTariff(tx)]);
  if (!removed) throw new AppError('not_found');
}
