import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testSettings } from '../test/under-test.ts';
import { conflictOf, connectorChange, newConnector } from './connector-settings.ts';

const least = { name: 'first', host: 'smpp.example.com', port: 2775, systemId: 'sotto' };
const accepts = (given: object) => newConnector.safeParse({ ...least, ...given }).success;

test('name, host, port and system id suffice', () => {
  assert.deepEqual(newConnector.parse(least), { ...least, password: '' });
});

test('hosts are names or addresses, without scheme, port, path or user', () => {
  for (const host of ['smpp.example.com', 'localhost', '192.0.2.7', '2001:db8::1', 'a'])
    assert.ok(accepts({ host }), host);
  for (const host of [
    '',
    'smpp://example.com',
    'example.com:2775',
    'a b',
    'example.com/x',
    'u@example.com',
    '[::1]',
    '.a',
  ])
    assert.ok(!accepts({ host }), host);
});

test('what SMPP has no room for is refused: system id 15, password 8, system type 12', () => {
  assert.ok(accepts({ systemId: 'x'.repeat(15), password: 'x'.repeat(8), systemType: 'x'.repeat(12) }));
  assert.ok(!accepts({ systemId: 'x'.repeat(16) }));
  assert.ok(!accepts({ password: 'x'.repeat(9) }));
  assert.ok(!accepts({ systemType: 'x'.repeat(13) }));
  assert.ok(!accepts({ password: 'pässword' }));
  assert.ok(!accepts({ password: 'a\0b' }));
});

test('unknown settings are refused', () => {
  assert.ok(!accepts({ windowsize: 10 }));
  assert.ok(!connectorChange.safeParse({ id: 'x' }).success);
});

test('rules between settings hold', () => {
  const field = (given: object) => conflictOf(testSettings(2775, given))?.field;
  assert.equal(field({}), undefined);
  assert.equal(field({ windowSize: 5, otpWindowReserve: 5 }), 'otpWindowReserve');
  assert.equal(field({ windowSize: 1, otpWindowReserve: 1 }), undefined);
  assert.equal(field({ tls: 'pinned' }), 'tlsCa');
  assert.equal(field({ tlsServerName: 'example.com' }), 'tls');
  assert.equal(field({ interfaceVersion: 0x33 }), 'bindMode');
  assert.equal(field({ interfaceVersion: 0x33, bindMode: 'tx_rx', longMessages: 'sar' }), 'longMessages');
  assert.equal(field({ permanentStatuses: [1], throttlingStatuses: [1] }), 'permanentStatuses');
});
