// Statements on carriers.connector. All are rare, so they are Kysely queries; `tx` is a sotto_batch transaction.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import type { DB } from '#platform/tables';
import type { Sealed } from '#privacy';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { carriers } from '../steward.ts';
import type { ConnectorSettings } from './connector-settings.ts';

const SETTING_COLUMNS = [
  'name',
  'enabled',
  'host',
  'port',
  'tls',
  'tls_ca',
  'tls_server_name',
  'system_id',
  'system_type',
  'bind_mode',
  'binds',
  'window_size',
  'otp_window_reserve',
  'parts_per_second',
  'interface_version',
  'source_international_ton',
  'source_international_npi',
  'source_alphanumeric_ton',
  'source_alphanumeric_npi',
  'source_short_code_ton',
  'source_short_code_npi',
  'destination_ton',
  'destination_npi',
  'default_alphabet',
  'long_messages',
  'registered_delivery',
  'message_ids',
  'accepted_is_final',
  'validity',
  'enquire_link_seconds',
  'response_timeout_seconds',
  'permanent_statuses',
  'temporary_statuses',
  'throttling_statuses',
  'upstream_retention_days',
] as const;
const COLUMNS = ['id', 'version', 'created_at', 'changed_at', ...SETTING_COLUMNS] as const;
const read = readerFor(carriers);

type Row = Selectable<DB['carriers.connector']>;
type SettingValues = Pick<Row, (typeof SETTING_COLUMNS)[number]>;
export type ConnectorRow = Pick<Row, (typeof COLUMNS)[number]>;
/** A connector with its password as it is stored; only the process that binds asks for it. */
export type ConnectorRowWithSecret = ConnectorRow & Pick<Row, 'password'>;

/** The settings as columns. */
export const settingValues = (settings: ConnectorSettings): SettingValues => ({
  name: settings.name,
  enabled: settings.enabled,
  host: settings.host,
  port: settings.port,
  tls: settings.tls,
  tls_ca: settings.tlsCa,
  tls_server_name: settings.tlsServerName,
  system_id: settings.systemId,
  system_type: settings.systemType,
  bind_mode: settings.bindMode,
  binds: settings.binds,
  window_size: settings.windowSize,
  otp_window_reserve: settings.otpWindowReserve,
  parts_per_second: settings.partsPerSecond,
  interface_version: settings.interfaceVersion,
  source_international_ton: settings.sourceInternationalTon,
  source_international_npi: settings.sourceInternationalNpi,
  source_alphanumeric_ton: settings.sourceAlphanumericTon,
  source_alphanumeric_npi: settings.sourceAlphanumericNpi,
  source_short_code_ton: settings.sourceShortCodeTon,
  source_short_code_npi: settings.sourceShortCodeNpi,
  destination_ton: settings.destinationTon,
  destination_npi: settings.destinationNpi,
  default_alphabet: settings.defaultAlphabet,
  long_messages: settings.longMessages,
  registered_delivery: settings.registeredDelivery,
  message_ids: settings.messageIds,
  accepted_is_final: settings.acceptedIsFinal,
  validity: settings.validity,
  enquire_link_seconds: settings.enquireLinkSeconds,
  response_timeout_seconds: settings.responseTimeoutSeconds,
  permanent_statuses: settings.permanentStatuses,
  temporary_statuses: settings.temporaryStatuses,
  throttling_statuses: settings.throttlingStatuses,
  upstream_retention_days: settings.upstreamRetentionDays,
});

/** The columns as settings. The casts are what the table's constraints warrant. */
export const settingsOf = (row: SettingValues): ConnectorSettings => ({
  name: row.name,
  enabled: row.enabled,
  host: row.host,
  port: row.port,
  tls: row.tls as ConnectorSettings['tls'],
  tlsCa: row.tls_ca,
  tlsServerName: row.tls_server_name,
  systemId: row.system_id,
  systemType: row.system_type,
  bindMode: row.bind_mode as ConnectorSettings['bindMode'],
  binds: row.binds,
  windowSize: row.window_size,
  otpWindowReserve: row.otp_window_reserve,
  partsPerSecond: row.parts_per_second,
  interfaceVersion: row.interface_version as ConnectorSettings['interfaceVersion'],
  sourceInternationalTon: row.source_international_ton,
  sourceInternationalNpi: row.source_international_npi,
  sourceAlphanumericTon: row.source_alphanumeric_ton,
  sourceAlphanumericNpi: row.source_alphanumeric_npi,
  sourceShortCodeTon: row.source_short_code_ton,
  sourceShortCodeNpi: row.source_short_code_npi,
  destinationTon: row.destination_ton,
  destinationNpi: row.destination_npi,
  defaultAlphabet: row.default_alphabet as ConnectorSettings['defaultAlphabet'],
  longMessages: row.long_messages as ConnectorSettings['longMessages'],
  registeredDelivery: row.registered_delivery,
  messageIds: row.message_ids as ConnectorSettings['messageIds'],
  acceptedIsFinal: row.accepted_is_final,
  validity: row.validity as ConnectorSettings['validity'],
  enquireLinkSeconds: row.enquire_link_seconds,
  responseTimeoutSeconds: row.response_timeout_seconds,
  permanentStatuses: row.permanent_statuses,
  temporaryStatuses: row.temporary_statuses,
  throttlingStatuses: row.throttling_statuses,
  upstreamRetentionDays: row.upstream_retention_days,
});

/** Adds a connector; undefined when its name is taken. */
export async function insertConnector(
  tx: Tx,
  id: string,
  settings: ConnectorSettings,
  password: Sealed | null,
): Promise<ConnectorRow | undefined> {
  const [row] = await tx.run(
    q
      .insertInto('carriers.connector')
      .values({ id, ...settingValues(settings), password })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning(COLUMNS),
  );
  return row;
}

/** Reads a connector and keeps others from changing it until the transaction ends. */
export async function lockConnector(tx: Tx, id: string): Promise<ConnectorRow | undefined> {
  const [row] = await tx.run(
    read(tx, 'operations')
      .selectFrom('carriers.connector')
      .select(COLUMNS)
      .where('id', '=', id)
      .forNoKeyUpdate(),
  );
  return row;
}

/** Replaces the settings, and the password where one is given (null removes it). The version grows. */
export async function updateConnector(
  tx: Tx,
  id: string,
  settings: ConnectorSettings,
  password: Sealed | null | undefined,
): Promise<ConnectorRow | undefined> {
  const [row] = await tx.run(
    q
      .updateTable('carriers.connector')
      .set((e) => ({
        ...settingValues(settings),
        ...(password === undefined ? {} : { password }),
        version: e('version', '+', 1n),
        changed_at: DATABASE_CLOCK,
      }))
      .where('id', '=', id)
      .returning(COLUMNS),
  );
  return row;
}

export const deleteConnector = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.run(q.deleteFrom('carriers.connector').where('id', '=', id).returning('id'))).length > 0;

/** By primary key. */
export async function selectConnector(tx: Tx, id: string): Promise<ConnectorRow | undefined> {
  const [row] = await tx.run(
    read(tx, 'operations').selectFrom('carriers.connector').select(COLUMNS).where('id', '=', id),
  );
  return row;
}

/** Newest first, from below `before`, along the primary key. */
export function selectConnectorPage(tx: Tx, before: string | null, limit: number): Promise<ConnectorRow[]> {
  const page = read(tx, 'operations')
    .selectFrom('carriers.connector')
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .limit(limit);
  return tx.run(before === null ? page : page.where('id', '<', before));
}

/** More connectors than this are not run by one process. */
export const CONNECTORS_MAX = 500;

/** What a running process compares every second. */
export const selectVersions = (tx: Tx): Promise<{ id: string; version: bigint }[]> =>
  tx.run(
    read(tx, 'operations')
      .selectFrom('carriers.connector')
      .select(['id', 'version'])
      .where('enabled', '=', true)
      .orderBy('id')
      .limit(CONNECTORS_MAX),
  );

/** Enabled connectors with their passwords, for binding. */
export const selectForBinding = (tx: Tx, ids: readonly string[]): Promise<ConnectorRowWithSecret[]> =>
  tx.run(
    read(tx, 'operations')
      .selectFrom('carriers.connector')
      .select([...COLUMNS, 'password'])
      .where('id', 'in', [...ids])
      .where('enabled', '=', true),
  );

/** What messages are cut by, of every connector. */
export const selectTraits = (
  tx: Tx,
): Promise<
  {
    id: string;
    defaultAlphabet: ConnectorSettings['defaultAlphabet'];
    longMessages: ConnectorSettings['longMessages'];
  }[]
> =>
  tx.run(
    read(tx, 'operations')
      .selectFrom('carriers.connector')
      .select(['id', 'default_alphabet as defaultAlphabet', 'long_messages as longMessages'])
      .orderBy('id')
      .limit(CONNECTORS_MAX),
  ) as never;
