import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createWorkspace } from '#accounts';
import { newId } from '#platform/ids';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import { addNumber, assignNumber, createInboundSink, listInbound } from './numbers.ts';

describe('texts between two times', () => {
  const database = useDatabase();

  test('are those received from the first on and before the second', async () => {
    const keyring = await openKeyring(openMemoryKeyStore());
    const connectorId = newId();
    await database.sql(
      `insert into carriers.connector (id, name, host, port, system_id) values ($1, 'first', 'smpp.example.com', 2775, 'sotto')`,
      [connectorId],
    );
    const workspaceId = await database.db.batch(async (tx) => {
      const { id } = await createWorkspace(tx, keyring, {
        kind: 'organisation',
        name: 'Shop',
        currency: 'EUR',
      });
      const added = await addNumber(tx, { e164: '+4915555900001', connectorId });
      assert.ok(added.outcome === 'done');
      await assignNumber(tx, added.number.id, id);
      return id;
    });
    const sink = createInboundSink(database.db, keyring);
    for (const text of ['a', 'b', 'c']) {
      await sink.receive([
        { connectorId, from: 'Sotto', to: '+4915555900001', text, octets: null, concat: null },
      ]);
      await database.advance(60_000);
    }
    const list = (page: object) =>
      listInbound(database.db, keyring, workspaceId, { before: null, limit: 9, ...page });
    const [c, b, a] = await list({});
    const texts = async (page: object) => (await list(page)).map((each) => each.text);
    assert.deepEqual(await texts({ receivedFrom: b!.receivedAt }), ['c', 'b']);
    assert.deepEqual(await texts({ receivedBefore: b!.receivedAt }), ['a']);
    assert.deepEqual(await texts({ receivedFrom: b!.receivedAt, receivedBefore: c!.receivedAt }), ['b']);
    assert.ok(a!.receivedAt < b!.receivedAt);
  });
});
