// Connectors and their health as the API shows them, and settings as the API gives them.
import { encodeId } from '@sotto/contract';
import type {
  Connector as ConnectorAnswer,
  CreateConnector,
  UpdateConnector,
} from '@sotto/contract/admin/connector';
import type { ConnectorHealth as HealthAnswer } from '@sotto/contract/admin/connector-health';
import type { ConnectorHealth } from './port.ts';
import type { StoredConnector } from './settings/configure.ts';
import { settingsOf, settingValues } from './settings/connector-rows.sql.ts';
import type { ConnectorChange, ConnectorSettings, NewConnector } from './settings/connector-settings.ts';

/** interface_version as it travels in a bind (SMPP 3.4 §5.2.4), and as people say it. */
const VERSIONS = { 51: '3.3', 52: '3.4', 80: '5.0' } as const satisfies Record<
  ConnectorSettings['interfaceVersion'],
  string
>;
const OCTETS = { '3.3': 0x33, '3.4': 0x34, '5.0': 0x50 } as const;

export function presentConnector({ id, settings, createdAt, changedAt }: StoredConnector): ConnectorAnswer {
  const { systemId: system_id, tls, bindMode: bind_mode } = settings;
  const { defaultAlphabet: default_alphabet, longMessages: long_messages } = settings;
  const { messageIds: message_ids, validity } = settings;
  return {
    ...settingValues(settings),
    // The columns are plain text; the settings know the words.
    ...{ system_id, tls, bind_mode, default_alphabet, long_messages, message_ids, validity },
    id: encodeId('con', id),
    interface_version: VERSIONS[settings.interfaceVersion],
    created_at: createdAt.toISOString(),
    changed_at: changedAt.toISOString(),
  };
}

type SettingValues = Parameters<typeof settingsOf>[0];

/** A new connector from its request. The password goes on to be sealed and nowhere else. */
export const newConnectorOf = (body: CreateConnector): NewConnector => ({
  ...settingsOf({ ...body, interface_version: OCTETS[body.interface_version] } satisfies SettingValues),
  password: body.password,
});

/** What a request changes; settings it leaves out are undefined and stay. */
export function changeOf({ password, interface_version, ...rest }: UpdateConnector): ConnectorChange {
  const version = interface_version === undefined ? {} : { interface_version: OCTETS[interface_version] };
  return {
    ...settingsOf({ ...rest, ...version } as SettingValues),
    ...(password === undefined ? {} : { password }),
  };
}

/** The health of a connector that runs in this process. */
export const presentHealth = (id: string, health: ConnectorHealth): HealthAnswer => ({
  connector_id: encodeId('con', id),
  state: health.state,
  binds_bound: health.bindsBound,
  binds_configured: health.bindsConfigured,
  window_used: health.windowUsed,
  window_max: health.windowMax,
  waiting: health.waiting,
  parts_per_second_limit: health.partsPerSecondLimit,
  parts_per_second: health.partsPerSecond,
  throttled_for_ms: health.throttledForMs,
  last_error: health.lastError,
  binds: health.binds.map((bind) => ({
    slot: bind.slot,
    state: bind.state,
    bounds: bind.bounds,
    failures: bind.failures,
    last_error: bind.lastError,
  })),
});

/**
 * The health of a connector as a process knows it that does not run it: from its settings and the slots that living
 * processes hold. Figures of their sessions are theirs to tell, so they are zero here.
 */
export function presentFromAfar({ id, settings }: StoredConnector, held: readonly number[]): HealthAnswer {
  const slots = settings.enabled ? Array.from({ length: settings.binds }, (_, slot) => slot) : [];
  const states = slots.map((slot) => (held.includes(slot) ? 'leased_elsewhere' : 'connecting'));
  return {
    connector_id: encodeId('con', id),
    state: !settings.enabled
      ? 'stopped'
      : states.every((state) => state === 'leased_elsewhere')
        ? 'standby'
        : 'connecting',
    binds_bound: 0,
    binds_configured: settings.binds,
    window_used: 0,
    window_max: 0,
    waiting: 0,
    parts_per_second_limit: settings.partsPerSecond,
    parts_per_second: 0,
    throttled_for_ms: 0,
    last_error: null,
    binds: slots.map((slot, at) => ({ slot, state: states[at]!, bounds: 0, failures: 0, last_error: null })),
  };
}
