// Creating, changing and removing connectors. Running processes notice within a second.

import type { z } from 'zod';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { type Actor, type AuditEntry, record, SYSTEM } from '#privacy/audit';
import { sealPassword } from './connector-passwords.ts';
import {
  type ConnectorRow,
  deleteConnector as deleteRow,
  insertConnector,
  lockConnector,
  selectConnector,
  selectConnectorPage,
  settingsOf,
  updateConnector as updateRow,
} from './connector-rows.sql.ts';
import {
  type ConnectorChange,
  type ConnectorSettings,
  conflictOf,
  connectorChange,
  DEFAULT_SETTINGS,
  type NewConnector,
  newConnector,
} from './connector-settings.ts';

/** A connector as it is configured. Its password is never read back. */
export interface StoredConnector {
  readonly id: string;
  readonly settings: ConnectorSettings;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface ConfigureDependencies {
  /** Each change is one transaction; a caller with a transaction of its own hands in one that runs work inside it. */
  readonly db: Pick<Database, 'batch'>;
  readonly keyring: Keyring;
  /** Who configures, for the audit trail; the platform itself when left out. */
  readonly actor?: Actor;
}

const stored = (row: ConnectorRow): StoredConnector => ({
  id: row.id,
  settings: settingsOf(row),
  createdAt: row.created_at,
  changedAt: row.changed_at,
});

/**
 * Creates a connector in a transaction of its own. Throws AppError `invalid_request` with the field at fault,
 * `conflict` when the name is taken. Not to be repeated blindly: a repetition ends in `conflict`.
 */
export async function createConnector(
  dependencies: ConfigureDependencies,
  input: NewConnector,
): Promise<StoredConnector> {
  const { db, keyring } = dependencies;
  const { password, ...given } = parsed(newConnector, input);
  const { name, host, port, systemId } = given;
  const settings = checked({ ...DEFAULTS, name, host, port, systemId, ...withoutUndefined(given) });
  const id = newId();
  const sealed = await sealPassword(keyring, id, password);
  return db.batch(async (tx) => {
    const row = await insertConnector(tx, id, settings, sealed);
    if (row === undefined) throw nameTaken();
    await note(tx, dependencies, 'connector.created', id);
    return stored(row);
  });
}

/**
 * Changes what is given and leaves the rest. May be repeated. Throws AppError `not_found`, `invalid_request`, and
 * `conflict` when the new name is taken.
 */
export async function updateConnector(
  dependencies: ConfigureDependencies,
  id: string,
  input: ConnectorChange,
): Promise<StoredConnector> {
  const { db, keyring } = dependencies;
  const { password, ...given } = parsed(connectorChange, input);
  const sealed = password === undefined ? undefined : await sealPassword(keyring, id, password);
  try {
    return await db.batch(async (tx) => {
      const before = await lockConnector(tx, id);
      if (before === undefined) throw notFound();
      const settings = checked({ ...settingsOf(before), ...withoutUndefined(given) });
      const row = (await updateRow(tx, id, settings, sealed))!;
      await note(tx, dependencies, 'connector.changed', id);
      return stored(row);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) throw nameTaken();
    throw error;
  }
}

/** Stops a connector without forgetting it: processes drain and unbind. May be repeated. */
export const disableConnector = (dependencies: ConfigureDependencies, id: string): Promise<StoredConnector> =>
  updateConnector(dependencies, id, { enabled: false });

/**
 * Forgets a connector; processes drain and unbind. Receipts for its messages can come no more, so callers see to it
 * that none are awaited. Throws AppError `not_found`, and `conflict` while routes or messages refer to it.
 */
export async function deleteConnector(dependencies: ConfigureDependencies, id: string): Promise<void> {
  try {
    await dependencies.db.batch(async (tx) => {
      if (!(await deleteRow(tx, id))) throw notFound();
      await note(tx, dependencies, 'connector.deleted', id);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION)
      throw new AppError('conflict', {
        detail: 'Routes or messages still refer to this connector.',
        cause: error,
      });
    throw error;
  }
}

/** One connector; undefined when there is none. */
export async function getConnector(
  { db }: Pick<ConfigureDependencies, 'db'>,
  id: string,
): Promise<StoredConnector | undefined> {
  const row = await db.batch((tx) => selectConnector(tx, id));
  return row && stored(row);
}

/** Items of one page at most (the contract's `pageLimitMax`), and one that tells whether another follows. */
export const PAGE_MAX = 201;

/** Connectors, newest first, from below the id `before`; at most `limit`, at most 201. */
export async function listConnectors(
  { db }: Pick<ConfigureDependencies, 'db'>,
  page: { readonly before?: string | null; readonly limit?: number } = {},
): Promise<StoredConnector[]> {
  const limit = Math.min(PAGE_MAX, Math.max(1, page.limit ?? PAGE_MAX));
  const rows = await db.batch((tx) => selectConnectorPage(tx, page.before ?? null, limit));
  return rows.map(stored);
}

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** Mutable copies of the lists, so that no two connectors share one. */
const DEFAULTS = {
  ...DEFAULT_SETTINGS,
  permanentStatuses: [] as number[],
  temporaryStatuses: [] as number[],
  throttlingStatuses: [] as number[],
};

function parsed<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  // Which rule was broken, never what was given: it may be the password.
  throw new AppError('invalid_request', {
    field: issue!.path.join('.'),
    detail:
      issue!.code === 'unrecognized_keys' ? `No such setting: ${issue!.keys.join(', ')}.` : issue!.message,
  });
}

function checked(settings: ConnectorSettings): ConnectorSettings {
  const conflict = conflictOf(settings);
  if (conflict !== null)
    throw new AppError('invalid_request', { field: conflict.field, detail: conflict.sentence });
  return settings;
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
function withoutUndefined<T extends object>(given: T): Given<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given<T>;
}

const note = (
  tx: Tx,
  { keyring, actor = SYSTEM }: ConfigureDependencies,
  action: AuditEntry['action'],
  id: string,
): Promise<void> => record(tx, keyring, { action, actor, object: { kind: 'connector', id } });

const notFound = () => new AppError('not_found', { detail: 'There is no such connector.' });
const nameTaken = () =>
  new AppError('conflict', { field: 'name', detail: 'Another connector has this name.' });
