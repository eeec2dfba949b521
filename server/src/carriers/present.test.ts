import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeId } from '@sotto/contract';
import {
  connectorSchema,
  createConnectorSchema,
  updateConnectorSchema,
} from '@sotto/contract/admin/connector';
import { connectorHealthSchema } from '@sotto/contract/admin/connector-health';
import type { ConnectorHealth } from './port.ts';
import { changeOf, newConnectorOf, presentConnector, presentFromAfar, presentHealth } from './present.ts';
import {
  type ConnectorSettings,
  connectorChange,
  DEFAULT_SETTINGS,
  newConnector,
} from './settings/connector-settings.ts';

const ID = '0190b6d3-0000-7000-8000-000000000001';
const REQUEST = {
  name: 'first',
  host: 'smpp.example.com',
  port: 2775,
  system_id: 'sotto',
  password: 'hushhush',
};
const AT = new Date('2026-11-21T09:30:00Z');

const settingsWith = (changes: Partial<ConnectorSettings> = {}) =>
  ({
    ...DEFAULT_SETTINGS,
    name: 'first',
    host: 'smpp.example.com',
    port: 2775,
    systemId: 'sotto',
    ...changes,
  }) as unknown as ConnectorSettings;
const stored = (settings: ConnectorSettings) => ({ id: ID, settings, createdAt: AT, changedAt: AT });

test('the defaults of the contract are those of the settings', () => {
  const { password, ...given } = newConnector.parse(newConnectorOf(createConnectorSchema.parse(REQUEST)));
  assert.equal(password, 'hushhush');
  assert.deepEqual(given, settingsWith());
});

test('every setting a request gives comes back as it was given', () => {
  for (const interface_version of ['3.3', '3.4', '5.0'] as const) {
    const request = createConnectorSchema.parse({
      ...REQUEST,
      interface_version,
      bind_mode: 'tx_rx',
      parts_per_second: 50,
      permanent_statuses: [8, 11],
      upstream_retention_days: 30,
    });
    const { password: _, ...settings } = newConnector.parse(newConnectorOf(request));
    const { password: __, ...asked } = request;
    const shown = presentConnector(stored({ ...settingsWith(), ...settings } as ConnectorSettings));
    assert.deepEqual(
      { ...asked, id: shown.id, created_at: shown.created_at, changed_at: shown.changed_at },
      shown,
    );
    assert.ok(connectorSchema.safeParse(shown).success);
  }
});

test('a change names only what it gives', () => {
  const change = connectorChange.parse(changeOf(updateConnectorSchema.parse({ window_size: 40 })));
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  assert.deepEqual(given, [['windowSize', 40]]);
  assert.equal(changeOf({ interface_version: '5.0' }).interfaceVersion, 0x50);
  assert.equal(changeOf({ password: '' }).password, '');
});

test('the health of a connector that runs here is shown in full and in the words of the contract', () => {
  const health: ConnectorHealth = {
    state: 'throttled',
    bindsBound: 1,
    bindsConfigured: 2,
    windowUsed: 3,
    windowMax: 10,
    waiting: 4,
    partsPerSecondLimit: 12.5,
    partsPerSecond: 11.8,
    throttledForMs: 250,
    lastError: 'ESME_RTHROTTLED',
    binds: [
      { slot: 0, state: 'bound', bounds: 2, failures: 0, lastError: null },
      { slot: 1, state: 'waiting', bounds: 1, failures: 3, lastError: 'ECONNREFUSED' },
    ],
  };
  const shown = presentHealth(ID, health);
  assert.ok(connectorHealthSchema.safeParse(shown).success);
  assert.equal(shown.connector_id, encodeId('con', ID));
  assert.deepEqual(
    [shown.state, shown.binds_bound, shown.window_used, shown.throttled_for_ms],
    ['throttled', 1, 3, 250],
  );
  assert.deepEqual(shown.binds[1], {
    slot: 1,
    state: 'waiting',
    bounds: 1,
    failures: 3,
    last_error: 'ECONNREFUSED',
  });
});

test('from afar a connector is standing by only when every slot is held', () => {
  const states = (held: number[], changes: Partial<ConnectorSettings> = {}) => {
    const shown = presentFromAfar(stored(settingsWith({ binds: 2, ...changes })), held);
    assert.ok(connectorHealthSchema.safeParse(shown).success);
    return shown.state;
  };
  assert.equal(states([]), 'connecting');
  assert.equal(states([1]), 'connecting');
  assert.equal(states([1, 0]), 'standby');
  assert.equal(states([0, 1], { enabled: false }), 'stopped');
});
