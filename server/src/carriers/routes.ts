// The routes by which administrators configure connectors and see how they do.
import { decodeId } from '@sotto/contract';
import {
  createConnector as createOperation,
  deleteConnector as deleteOperation,
  getConnectorHealth,
  listConnectors as listOperation,
  updateConnector as updateOperation,
} from '@sotto/contract/admin/carriers';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf } from '#privacy/audit';
import type { CarrierFleet } from './fleet.ts';
import { heldSlots } from './leases/bind-leases.sql.ts';
import { changeOf, newConnectorOf, presentConnector, presentFromAfar, presentHealth } from './present.ts';
import {
  createConnector,
  deleteConnector,
  getConnector,
  listConnectors,
  updateConnector,
} from './settings/configure.ts';

export interface CarriersRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Null in a process without the carrier role. */
  readonly fleet: Pick<CarrierFleet, 'connector' | 'reload'> | null;
  /** Whether anything still waits to go out by a connector, or for its receipts. Known to contexts above this one. */
  readonly isAwaited: (tx: Tx, connectorId: string) => Promise<boolean>;
}

const FOREIGN_KEY_VIOLATION = '23503';

export function carriersRoutes({ db, keyring, fleet, isAwaited }: CarriersRoutesOptions): readonly Route[] {
  const committed = async () => fleet?.reload();
  const by = (call: Parameters<typeof actorOf>[0], tx: Tx) => ({
    db: inside(tx),
    keyring,
    actor: actorOf(call),
  });
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, unknown>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      return pageAnswer(await listConnectors({ db }, page), query.limit, ({ id }) => id, presentConnector);
    }),
    inTransaction(
      createOperation,
      (call: Call<typeof createOperation, AuditedCaller>, tx) =>
        namingFields(async () =>
          presentConnector(await createConnector(by(call, tx), newConnectorOf(call.body))),
        ),
      { committed },
    ),
    inTransaction(
      updateOperation,
      (call: Call<typeof updateOperation, AuditedCaller>, tx) =>
        namingFields(async () =>
          presentConnector(await updateConnector(by(call, tx), rowId(call.params.id), changeOf(call.body))),
        ),
      { committed },
    ),
    inTransaction(
      deleteOperation,
      async (call: Call<typeof deleteOperation, AuditedCaller>, tx) => {
        const id = rowId(call.params.id);
        if (await isAwaited(tx, id)) {
          throw new AppError('conflict', { detail: 'Messages wait for it or for its receipts.' });
        }
        await deleteConnector(by(call, tx), id).catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== FOREIGN_KEY_VIOLATION) throw error;
          throw new AppError('conflict', { detail: 'A route leads to it, or numbers receive by it.' });
        });
        return undefined;
      },
      { committed },
    ),
    reads(getConnectorHealth, async ({ params }: Call<typeof getConnectorHealth, unknown>) => {
      const id = rowId(params.id);
      const running = fleet?.connector(id);
      if (running) return presentHealth(id, running.health);
      return db.batch(async (tx) => {
        const [connector, held] = await Promise.all([
          getConnector({ db: inside(tx) }, id),
          heldSlots(tx, id),
        ]);
        if (connector === undefined) throw new AppError('not_found');
        return presentFromAfar(connector, held);
      });
    }),
  ];
}

/** The settings' own transactions, run inside the one of the request, so that its Idempotency-Key covers them. */
const inside = (tx: Tx): Pick<Database, 'batch'> => ({ batch: (work) => work(tx) });

function rowId(publicId: string): string {
  const id = decodeId('con', publicId);
  if (id === null) throw new AppError('not_found');
  return id;
}

/** Refusals name fields as the settings spell them; a caller knows them as the API does. */
async function namingFields<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.field === undefined) throw error;
    const field = error.field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    throw new AppError(error.code, {
      field,
      cause: error,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    });
  }
}
