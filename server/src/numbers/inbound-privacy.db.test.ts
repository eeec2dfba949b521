import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idTimeMs } from '#platform/ids';
import { utcDay } from '#privacy';
import { useInbound } from './test/inbound-fixture.ts';

describe('what is kept of inbound texts', () => {
  const inbound = useInbound();

  test('neither texts nor senders stand in any table in a readable form, waiting parts included', async () => {
    const { part, long } = await inbound.tenant();
    await inbound.sink.receive([
      part('quince marmalade', { from: '+4915123477777' }),
      ...long(['quince jelly', 'quince cheese'], 8, { from: '+4915123477777' }).slice(0, 1),
    ]);
    const secrets = ['quince', '4915123477777'];
    const tables = await inbound.database.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      for (const secret of secrets) {
        const forms = [
          secret,
          ...(['utf8', 'utf16le'] as const).map((e) => Buffer.from(secret, e).toString('hex')),
        ];
        for (const form of forms)
          assert.equal(await inbound.count(`${name} t`, 'position($1 in t::text) > 0', [form]), 0, name);
      }
    }
  });

  test('another workspace sees none of it', async () => {
    const [mine, other] = [await inbound.tenant(), await inbound.tenant()];
    await inbound.sink.receive([mine.part('mine')]);
    assert.deepEqual(await other.texts(), []);
    const client = await inbound.database.db.connection('sotto_tenant');
    try {
      await client.query('begin');
      await client.query(`select set_config('platform.tenant', $1, true)`, [other.workspaceId]);
      assert.deepEqual((await client.query('select id from numbers.inbound')).rows, []);
      await assert.rejects(client.query('select set_id from numbers.inbound_part'), /permission denied/);
      await client.query('rollback');
    } finally {
      client.release(true);
    }
  });

  test('when the key of a day is destroyed its texts are there without sender and content', async () => {
    const { workspaceId, part, long, list } = await inbound.tenant();
    await inbound.sink.receive([part('gone soon'), ...long(['a', 'b'], 2).slice(0, 1)]);
    const [{ id } = { id: '' }] = await list();
    const day = utcDay(idTimeMs(id));
    await inbound.keyring.destroy([inbound.keyring.keyId({ class: 'content_inbound', workspaceId, day })]);
    const [message] = await list();
    assert.deepEqual([message?.from, message?.text, message?.complete], [null, null, true]);
    // A part that comes after the erasure finds a set it cannot read: nothing of it becomes a text.
    await inbound.sink.receive(long(['a', 'b'], 2).slice(1));
    assert.equal((await list()).length, 1);
  });
});
