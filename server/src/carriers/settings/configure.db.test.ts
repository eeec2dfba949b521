import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { useDatabase } from '../../../test/harness.ts';
import { memoryKeyring } from '../test/memory-keyring.ts';
import {
  createConnector,
  deleteConnector,
  disableConnector,
  getConnector,
  listConnectors,
  updateConnector,
} from './configure.ts';
import { openPassword } from './connector-passwords.ts';
import { selectForBinding } from './connector-rows.sql.ts';
import { DEFAULT_SETTINGS, type NewConnector } from './connector-settings.ts';

describe('carriers: configure', () => {
  const database = useDatabase();
  let keyring: Keyring;
  before(async () => {
    keyring = await memoryKeyring();
  });

  const dependencies = () => ({ db: database.db, keyring });
  const given = (name: string, more: Partial<NewConnector> = {}): NewConnector => ({
    name,
    host: 'smpp.example.com',
    port: 2775,
    systemId: 'sotto',
    password: 'secret08',
    ...more,
  });
  const fails = (code: string, field?: string) => (error: unknown) =>
    error instanceof AppError && error.code === code && error.field === field;

  async function storedPassword(id: string): Promise<string | null> {
    const [row] = await database.db.batch((tx) => selectForBinding(tx, [id]));
    return openPassword(keyring, id, row!.password);
  }

  test('defaults of the settings are the defaults of the table', async () => {
    const id = newId();
    await database.sql(
      `insert into carriers.connector (id, name, host, port, system_id) values ($1, 'by-table', 'h', 1, 's')`,
      [id],
    );
    const made = await createConnector(dependencies(), given('by-code'));
    const byTable = await getConnector(dependencies(), id);
    const { name: _n1, host: _h1, port: _p1, systemId: _s1, ...tableDefaults } = byTable!.settings;
    const { name: _n2, host: _h2, port: _p2, systemId: _s2, ...codeDefaults } = made.settings;
    assert.deepEqual(tableDefaults, codeDefaults);
    assert.deepEqual(codeDefaults, { ...DEFAULT_SETTINGS });
  });

  test('a connector is read back as it was created, and its password only by who binds', async () => {
    const made = await createConnector(
      dependencies(),
      given('whole', {
        tls: 'verify',
        tlsServerName: 'smpp.example.com',
        bindMode: 'tx_rx',
        binds: 4,
        windowSize: 50,
        otpWindowReserve: 5,
        partsPerSecond: 200,
        interfaceVersion: 0x50,
        longMessages: 'sar',
        permanentStatuses: [0x401],
        throttlingStatuses: [0x402, 0x403],
        upstreamRetentionDays: 30,
      }),
    );
    assert.deepEqual(await getConnector(dependencies(), made.id), made);
    assert.equal(made.settings.partsPerSecond, 200);
    assert.deepEqual(made.settings.throttlingStatuses, [0x402, 0x403]);
    assert.ok(!JSON.stringify(made).includes('secret08'));
    const [row] = await database.sql<{ password: Buffer }>(
      'select password from carriers.connector where id = $1',
      [made.id],
    );
    assert.ok(!row!.password.includes('secret08'));
    assert.equal(await storedPassword(made.id), 'secret08');
  });

  test('a password moved to another connector does not open', async () => {
    const one = await createConnector(dependencies(), given('moved-one'));
    const other = await createConnector(dependencies(), given('moved-other'));
    await database.sql(
      'update carriers.connector set password = (select password from carriers.connector where id = $1) where id = $2',
      [one.id, other.id],
    );
    await assert.rejects(storedPassword(other.id), /does not open/);
  });

  test('a change keeps what it does not name, and the password', async () => {
    const made = await createConnector(dependencies(), given('changing', { windowSize: 20 }));
    const changed = await updateConnector(dependencies(), made.id, { partsPerSecond: 100 });
    assert.deepEqual(changed.settings, { ...made.settings, partsPerSecond: 100 });
    assert.equal(await storedPassword(made.id), 'secret08');
    await updateConnector(dependencies(), made.id, { password: 'other' });
    assert.equal(await storedPassword(made.id), 'other');
    await updateConnector(dependencies(), made.id, { password: '', partsPerSecond: null });
    assert.equal(await storedPassword(made.id), '');
    assert.equal((await getConnector(dependencies(), made.id))!.settings.partsPerSecond, null);
  });

  test('every change grows the version, under parallel changes too', async () => {
    const made = await createConnector(dependencies(), given('versions'));
    await Promise.all(
      Array.from({ length: 8 }, (_, at) => updateConnector(dependencies(), made.id, { windowSize: 10 + at })),
    );
    const [row] = await database.sql<{ version: bigint }>(
      'select version::int from carriers.connector where id = $1',
      [made.id],
    );
    assert.equal(Number(row!.version), 9);
  });

  test('bad settings are refused by field, and nothing is stored', async () => {
    const create = (more: object) => createConnector(dependencies(), { ...given('bad'), ...more });
    await assert.rejects(create({ port: 0 }), fails('invalid_request', 'port'));
    await assert.rejects(create({ host: 'smpp://x' }), fails('invalid_request', 'host'));
    await assert.rejects(create({ tls: 'pinned' }), fails('invalid_request', 'tlsCa'));
    await assert.rejects(create({ surplus: 1 }), fails('invalid_request', ''));
    await assert.rejects(create({ password: 'much too long' }), (error: unknown) => {
      assert.ok(fails('invalid_request', 'password')(error));
      assert.ok(!String((error as AppError).detail).includes('much too long'));
      return true;
    });
    assert.ok(!(await listConnectors(dependencies())).some(({ settings }) => settings.name === 'bad'));
  });

  test('a conflict between the old settings and a change is refused', async () => {
    const made = await createConnector(
      dependencies(),
      given('rules', { windowSize: 10, otpWindowReserve: 5 }),
    );
    await assert.rejects(
      updateConnector(dependencies(), made.id, { windowSize: 4 }),
      fails('invalid_request', 'otpWindowReserve'),
    );
  });

  test('names are unique, at creation and at renaming', async () => {
    await createConnector(dependencies(), given('taken'));
    await assert.rejects(createConnector(dependencies(), given('taken')), fails('conflict', 'name'));
    const other = await createConnector(dependencies(), given('free'));
    await assert.rejects(
      updateConnector(dependencies(), other.id, { name: 'taken' }),
      fails('conflict', 'name'),
    );
  });

  test('what is not there cannot be changed or deleted', async () => {
    await assert.rejects(updateConnector(dependencies(), newId(), {}), fails('not_found'));
    await assert.rejects(deleteConnector(dependencies(), newId()), fails('not_found'));
    assert.equal(await getConnector(dependencies(), newId()), undefined);
  });

  test('a disabled connector keeps its settings; a deleted one is gone', async () => {
    const made = await createConnector(dependencies(), given('ending'));
    assert.equal((await disableConnector(dependencies(), made.id)).settings.enabled, false);
    await deleteConnector(dependencies(), made.id);
    assert.equal(await getConnector(dependencies(), made.id), undefined);
  });

  test('pages go from the newest down', async () => {
    const first = await createConnector(dependencies(), given('page-1'));
    const second = await createConnector(dependencies(), given('page-2'));
    const [newest] = await listConnectors(dependencies(), { limit: 1 });
    assert.equal(newest!.id, second.id);
    const [next] = await listConnectors(dependencies(), { before: second.id, limit: 1 });
    assert.equal(next!.id, first.id);
  });

  test('the table refuses what the settings refuse', async () => {
    for (const bad of [
      `insert into carriers.connector (id, name, host, port, system_id, window_size, otp_window_reserve) values (gen_random_uuid(), 'x1', 'h', 1, 's', 5, 5)`,
      `insert into carriers.connector (id, name, host, port, system_id) values (gen_random_uuid(), 'X 1', 'h', 1, 's')`,
      `insert into carriers.connector (id, name, host, port, system_id, tls) values (gen_random_uuid(), 'x3', 'h', 1, 's', 'maybe')`,
    ])
      await assert.rejects(database.sql(bad), /violates check constraint/);
  });
});
