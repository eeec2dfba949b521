import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import {
  createConnector,
  deleteConnector,
  getConnectorHealth,
  listConnectors,
  updateConnector,
} from '@sotto/contract/admin/carriers';
import { createRoute } from '@sotto/contract/admin/routes';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';

describe('connectors over HTTP', () => {
  const app = useApi();
  const as = () => ({ token: app.admin });
  let made = 0;
  const wanted = (changes: object = {}) => ({
    name: `carrier-${++made}`,
    host: 'smpp.carrier.example.com',
    port: 2775,
    system_id: 'sotto',
    password: 'hushhush',
    ...changes,
  });
  const create = (body: object, headers: Record<string, string> = {}) =>
    callOperation(app.server, createConnector, { ...as(), body, headers });
  const change = (id: string, body: object) =>
    callOperation(app.server, updateConnector, { ...as(), id, body });
  const health = (id: string) => callOperation(app.server, getConnectorHealth, { ...as(), id });

  test('a connector is shown as it was made, with defaults and without its password', async () => {
    const { status, body, text } = await create(wanted({ interface_version: '5.0', parts_per_second: 50 }));
    assert.equal(status, 201);
    assert.equal(body.interface_version, '5.0');
    assert.equal(body.parts_per_second, 50);
    assert.equal(body.window_size, 10);
    assert.ok(!text.includes('hushhush') && !('password' in body));
    const [listed] = (await callOperation(app.server, listConnectors, as())).body.data;
    assert.deepEqual(listed, body);
    const rows = await app.database.sql<{ row: string }>(`select c::text as row from carriers.connector c`);
    assert.ok(
      rows.every(
        ({ row }) => !row.includes('hushhush') && !row.includes(Buffer.from('hushhush').toString('hex')),
      ),
    );
  });

  test('a change keeps what it leaves out, version of the protocol included', async () => {
    const { body } = await create(wanted({ interface_version: '3.3', bind_mode: 'tx_rx' }));
    const { body: changed, status } = await change(body.id, { window_size: 40, otp_window_reserve: 4 });
    assert.equal(status, 200);
    assert.deepEqual(
      { ...changed, changed_at: null },
      { ...body, window_size: 40, otp_window_reserve: 4, changed_at: null },
    );
    assert.equal((await change(body.id, { interface_version: '3.4' })).body.interface_version, '3.4');
  });

  test('a repeated request makes one connector; another of its name is refused', async () => {
    const body = wanted();
    const repeat = { 'idempotency-key': 'one-connector' };
    const answers = await Promise.all([create(body, repeat), create(body, repeat), create(body, repeat)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    );
    assert.equal(new Set(answers.map(({ body: { id } }) => id)).size, 1);
    const taken = await create(body);
    assert.deepEqual([taken.status, taken.body.code, taken.body.field], [409, 'conflict', 'name']);
    const second = await create(wanted());
    const renamed = await change(second.body.id, { name: body.name });
    assert.deepEqual([renamed.status, renamed.body.code], [409, 'conflict']);
  });

  test('settings that contradict each other are refused, by the name the API has for the field', async () => {
    for (const [changes, field] of [
      [{ window_size: 10, otp_window_reserve: 10 }, 'otp_window_reserve'],
      [{ interface_version: '3.3' }, 'bind_mode'],
      [{ tls: 'pinned' }, 'tls_ca'],
      [{ permanent_statuses: [8], temporary_statuses: [8] }, 'permanent_statuses'],
    ] as const) {
      const refused = await create(wanted(changes));
      assert.deepEqual(
        [refused.status, refused.body.code, refused.body.field],
        [400, 'invalid_request', field],
      );
    }
  });

  test('a connector that a route leads to stays; one that nothing needs goes', async () => {
    const { id } = (await create(wanted())).body;
    const route = await callOperation(app.server, createRoute, {
      ...as(),
      body: { prefix: '49', connector_id: id },
    });
    assert.equal(route.status, 201);
    const kept = await callOperation(app.server, deleteConnector, { ...as(), id });
    assert.deepEqual([kept.status, kept.body.code], [409, 'conflict']);
    assert.equal((await health(id)).status, 200);
    const free = (await create(wanted())).body.id;
    assert.equal((await callOperation(app.server, deleteConnector, { ...as(), id: free })).status, 204);
    assert.equal((await callOperation(app.server, deleteConnector, { ...as(), id: free })).status, 404);
  });

  test('a connector that messages wait for stays', async () => {
    const { id } = (await create(wanted())).body;
    await app.database.sql(
      `insert into messages.queue (message_id, sequence, workspace_id, lane, connector_id, due_at, valid_until)
       values (gen_random_uuid(), 1, $1, 0, $2, now(), now())`,
      [app.shop.id, decodeId('con', id)],
    );
    const kept = await callOperation(app.server, deleteConnector, { ...as(), id });
    assert.deepEqual([kept.status, kept.body.code], [409, 'conflict']);
    await app.database.sql('delete from messages.queue');
    assert.equal((await callOperation(app.server, deleteConnector, { ...as(), id })).status, 204);
  });

  test('a process that does not run a connector tells who holds its slots, and that it is stopped when it is', async () => {
    const { id } = (await create(wanted({ binds: 2 }))).body;
    const hold = (slot: number) =>
      app.database.sql(
        `insert into carriers.bind_lease (connector_id, slot, token, expires_at)
         values ($1, $2, gen_random_uuid(), platform.clock() + interval '10 seconds')`,
        [decodeId('con', id), slot],
      );
    assert.equal((await health(id)).body.state, 'connecting');
    await hold(0);
    const half = (await health(id)).body;
    assert.equal(half.state, 'connecting');
    assert.deepEqual(
      half.binds.map(({ state }: { state: string }) => state),
      ['leased_elsewhere', 'connecting'],
    );
    await hold(1);
    assert.equal((await health(id)).body.state, 'standby');
    await app.database.advance(11_000);
    assert.equal((await health(id)).body.state, 'connecting');
    await change(id, { enabled: false });
    const stopped = (await health(id)).body;
    assert.deepEqual([stopped.state, stopped.binds, stopped.binds_configured], ['stopped', [], 2]);
  });
});
