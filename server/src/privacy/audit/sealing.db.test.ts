// The way of an entry into the chain: nobody waits, nothing is left out, and there is one chain.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Database } from '#platform/database';
import { newId } from '#platform/ids';
import { lockChain, moveChain } from './chain.sql.ts';
import { openIds, record } from './record.ts';
import { sealEntries } from './seal-entries.ts';
import { KEY_ID, useTrail, WORKSPACE_ID } from './test/trail.ts';

describe('privacy: sealing', () => {
  const trail = useTrail();
  const entry = { action: 'message.erased', actor: { kind: 'system' } } as const;

  const places = async () =>
    (
      await trail.database.sql<{ seq: string }>('select l.seq::text from privacy.audit_link l order by l.seq')
    ).map(({ seq }) => Number(seq));

  test('an entry is there when its transaction commits, and never otherwise', async () => {
    const { db } = trail.database;
    await db.batch((tx) => record(tx, trail.keyring, entry));
    await assert.rejects(
      db.batch(async (tx) => {
        await record(tx, trail.keyring, entry);
        throw new Error('the business failed');
      }),
    );
    assert.equal(await trail.seal(), 1);
    assert.deepEqual(await places(), [1]);
  });

  test('an entry of a long transaction is sealed after younger ones, and not left out', async () => {
    const before = (await places()).length;
    const late = await trail.database.db.begin();
    await record(late, trail.keyring, { ...entry, affected: 4711 });
    await trail.write(5);
    assert.equal(await trail.seal(), 5);
    await late.commit();
    assert.equal(await trail.seal(), 1);
    const [last] = await trail.database.sql<{ affected: number; seq: string }>(
      `select e.affected, l.seq::text
       from privacy.audit_entry e
       join privacy.audit_link l on l.entry_id = e.id
      where e.affected = 4711`,
    );
    assert.equal(Number(last!.seq), before + 6);
    assert.equal((await trail.verify()).firstBreak, null);
  });

  test('sealers that run at once give every entry one place, in one chain', async () => {
    const before = (await places()).length;
    await trail.write(40);
    const work = async () => {
      let sealed = 0;
      for (;;) {
        const batch = await sealEntries(trail.database.db, trail.keyring, 3);
        sealed += batch.sealed;
        if (!batch.more) return sealed;
      }
    };
    const shares = await Promise.all([work(), work(), work(), work()]);
    assert.equal(
      shares.reduce((sum, share) => sum + share, 0),
      40,
    );
    assert.deepEqual(
      await places(),
      Array.from({ length: before + 40 }, (_, at) => at + 1),
    );
    assert.equal((await trail.verify()).firstBreak, null);
  });

  test('a sealer that dies before its commit leaves nothing behind, and the next one does the work', async () => {
    await trail.write(4);
    const dying: Pick<Database, 'batch'> = {
      batch: (work) =>
        trail.database.db.batch(async (tx) => {
          const result = await work(tx);
          if (typeof result === 'boolean') return result;
          throw new Error('killed');
        }),
    };
    const before = await places();
    await assert.rejects(sealEntries(dying as Database, trail.keyring), /killed/);
    assert.deepEqual(await places(), before);
    assert.equal(await trail.seal(), 4);
    assert.equal((await trail.verify()).firstBreak, null);
  });

  test('neither role of the product can change or delete what was recorded, nor drop its partitions (checklist 47)', async () => {
    await trail.write(1);
    await trail.seal();
    const denied = async (text: string) => {
      for (const role of ['sotto_batch', 'sotto_tenant']) {
        await trail.database.sql(`set role ${role}`);
        await assert.rejects(
          trail.database.sql(text),
          /permission denied|keeps its partitions/,
          `${role}: ${text}`,
        );
        await trail.database.sql('reset role');
      }
    };
    await denied(`update privacy.audit_entry set affected = 0`);
    await denied('delete from privacy.audit_entry');
    await denied('truncate privacy.audit_entry');
    await denied(`update privacy.audit_link set seq = seq`);
    await denied('delete from privacy.audit_link');
    await denied('delete from privacy.audit_segment');
    await denied('update privacy.audit_segment set first_seq = first_seq');
    await denied(`select platform.drop_partitions('privacy.audit_entry', 'infinity')`);
  });

  test('triggers refuse the owner too', async () => {
    for (const text of [
      'update privacy.audit_entry set affected = 0',
      'delete from privacy.audit_entry',
      'truncate privacy.audit_entry',
      'update privacy.audit_link set seq = seq + 1',
      'delete from privacy.audit_link',
      'delete from privacy.audit_segment',
      `update privacy.audit_segment set head_hash = decode(repeat('00', 32), 'hex')`,
    ]) {
      await assert.rejects(trail.database.sql(text), /append-only|only grows/, text);
    }
  });

  test('a month whose segments are not recorded as pruned is not dropped', async () => {
    const [{ month }] = (await trail.database.sql<{ month: number }>(
      'select month from privacy.audit_segment limit 1',
    )) as [{ month: number }];
    await assert.rejects(trail.database.sql('select privacy.drop_audit_month($1)', [month]), /not pruned/);
  });

  test('no row holds an id of who acted or of what was acted on', async () => {
    const requestId = newId();
    await trail.write(1, {
      object: { kind: 'workspace', id: WORKSPACE_ID },
      sealed: { workspaceId: WORKSPACE_ID, ids: { message_id: requestId } },
    });
    const rows = JSON.stringify(await trail.database.sql('select e::text as row from privacy.audit_entry e'));
    for (const id of [KEY_ID, WORKSPACE_ID, requestId]) {
      assert.ok(!rows.includes(id));
      assert.ok(!rows.includes(id.replaceAll('-', '')));
    }
  });

  test('sealed ids are read by who knows the workspace, and are gone with its key while the chain holds', async () => {
    const messageId = newId();
    await trail.write(1, {
      affected: 77,
      sealed: { workspaceId: WORKSPACE_ID, ids: { message_id: messageId } },
    });
    await trail.seal();
    const [row] = await trail.database.sql<{ id: string; payload: Buffer }>(
      'select id, payload from privacy.audit_entry where affected = 77',
    );
    const open = () => openIds(trail.keyring, row!.id, WORKSPACE_ID, row!.payload);
    assert.deepEqual(await open(), { message_id: messageId });
    await assert.rejects(openIds(trail.keyring, newId(), WORKSPACE_ID, row!.payload));
    await trail.keyring.destroy([trail.keyring.keyId({ class: 'identity', subjectId: WORKSPACE_ID })]);
    assert.equal(await open(), null);
    assert.equal((await trail.verify()).firstBreak, null);
  });

  test('a name or a number is refused as a sealed id', async () => {
    for (const text of ['+4915123456789', 'somebody@example.com', 'a text']) {
      await assert.rejects(
        trail.write(1, { sealed: { workspaceId: KEY_ID, ids: { note: text } } }),
        /ids only/,
      );
    }
  });

  test('a check beside sealers finds no break', async () => {
    await trail.write(60);
    const sealing = trail.seal(2);
    const checks = await Promise.all(Array.from({ length: 6 }, () => trail.verify()));
    await sealing;
    for (const { firstBreak } of checks) assert.equal(firstBreak, null);
  });

  test('a sealer that acts on an end of the chain that somebody has moved on is refused', async () => {
    const { db } = trail.database;
    const stale = await db.batch(lockChain);
    await trail.write(1);
    await trail.seal();
    const end = { segment: stale.segment, seq: stale.seq + 1n, headHash: Buffer.alloc(32, 7) };
    assert.equal(await db.batch((tx) => moveChain(tx, stale.epoch, end)), false);
    assert.equal((await trail.verify()).firstBreak, null);
  });
});
