// When what became of a message ends: to the second, by rows in the day of the limit and by whole days behind it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { newId } from '#platform/ids';
import { liftLegalHold, placeLegalHold } from '#privacy/retention';
import { endOf } from '../privacy/retention/limit.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { messageKeeping } from './keeping.ts';
import { getMessage, listMessages, searchMessages } from './reading.ts';
import { aNumber, aRequest, tariffOver } from './test/arrange.ts';
import { expiring } from './test/expiring.ts';
import { useMessaging } from './test/messaging.ts';

describe('messages: record expiry', () => {
  const at = useMessaging();
  const LIMIT = 'P1M';
  const DAY_MS = 86_400_000;
  const limits = limitsFrom({ message_record: [LIMIT, 'created'] });
  const keeping = messageKeeping(limits);
  const expiry = expiring(at, limits);

  const stored = (id: string) => at.count('messages.message', 'id = $1', [id]);
  const partitions = async (table: string) =>
    (
      await at.sql<{ name: string }>(
        `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = $1::regclass order by 1`,
        [table],
      )
    ).map(({ name }) => name);

  async function submitted(shop: Awaited<ReturnType<typeof at.workspace>>, to = aNumber()) {
    const line = await at.line();
    const { id } = await line.acceptance.acceptOne(shop, aRequest({ to }), null);
    await at.becomes(shop, id, 'submitted');
    await line.stop();
    const [row] = await at.sql<{ created_at: Date }>(
      'select created_at from messages.message where id = $1',
      [id],
    );
    return { id, end: endOf(LIMIT, row!.created_at) };
  }

  test('a second before its limit a record is there and shown; a second after it is not shown, then gone with its parts', async () => {
    const shop = await at.workspace();
    const to = aNumber();
    const { id, end } = await submitted(shop, to);
    const publicId = encodeId('msg', id);
    const listed = async () =>
      (await listMessages(at.db, at.keyring, shop.workspaceId, { below: null, limit: 10 }, keeping)).messages
        .length;
    const found = async () =>
      (await searchMessages(at.db, at.keyring, shop.workspaceId, to, null, 10, keeping)).messages.length;
    await expiry.advanceTo(end, -1_000);
    await expiry.run();
    assert.deepEqual([await listed(), await found(), await stored(id)], [1, 1, 1]);
    assert.equal((await getMessage(at.db, at.keyring, shop.workspaceId, publicId, keeping)).parts.length, 1);

    await expiry.advanceTo(end, 1_000);
    assert.deepEqual([await listed(), await found(), await stored(id)], [0, 0, 1]);
    await assert.rejects(getMessage(at.db, at.keyring, shop.workspaceId, publicId, keeping), {
      code: 'not_found',
    });
    await expiry.run();
    assert.equal(await stored(id), 0);
    assert.equal(await at.count('messages.part', 'message_id = $1', [id]), 0);
    assert.equal((await expiry.run()).rows.get('message_record'), 0, 'once');
  });

  test('of the day in which the limit stands only what is past goes', async () => {
    const shop = await at.workspace();
    const older = await submitted(shop);
    await at.advance(60_000);
    const younger = await submitted(shop);
    await expiry.advanceTo(younger.end, -1_000);
    await expiry.run();
    assert.deepEqual([await stored(older.id), await stored(younger.id)], [0, 1]);
  });

  test('a day whose every message is past goes as a partition, of messages and of parts', async () => {
    const shop = await at.workspace();
    const { id, end } = await submitted(shop);
    const day = `_${new Date(end.getTime()).toISOString().slice(0, 10).replaceAll('-', '')}`;
    const [{ name: own } = { name: '' }] = await at.sql<{ name: string }>(
      'select tableoid::regclass::text as name from messages.message where id = $1',
      [id],
    );
    assert.match(own, /message_\d{8}$/);
    const partition = own.replace(/^messages\./, '');
    await expiry.advanceTo(end, 2 * DAY_MS);
    const run = await expiry.run();
    assert.ok(run.partitions >= 2, day);
    assert.equal(run.rows.get('message_record'), 0, 'not row by row');
    assert.ok(!(await partitions('messages.message')).includes(partition));
    assert.ok(!(await partitions('messages.part')).includes(partition.replace('message_', 'part_')));
    assert.equal(await stored(id), 0);
    assert.equal((await expiry.run()).partitions, 0);
  });

  test('a message that no day’s partition covers goes row by row', async () => {
    const shop = await at.workspace();
    const { id, end } = await submitted(shop);
    const [{ name } = { name: '' }] = await at.sql<{ name: string }>(
      'select tableoid::regclass::text as name from messages.message where id = $1',
      [id],
    );
    await at.sql(`alter table messages.message detach partition ${name}`);
    await at.sql(`insert into messages.message_default select * from ${name}`);
    await at.sql(`drop table ${name}`);
    await expiry.advanceTo(end, 1_000);
    await expiry.run();
    assert.equal(await stored(id), 0);
  });

  test('under a legal hold a workspace’s records stay, others of the same day go, and lifting it lets the rest go', async () => {
    const [held, other] = [await at.workspace(), await at.workspace()];
    const [kept, gone] = [await submitted(held), await submitted(other)];
    const hold = await at.db.batch((tx) => placeLegalHold(tx, held.workspaceId, 'open_dispute'));
    await expiry.advanceTo(gone.end, 3 * DAY_MS);
    await expiry.run();
    assert.deepEqual([await stored(kept.id), await stored(gone.id)], [1, 0]);
    assert.equal((await expiry.report('message_record')).held, 1);
    await at.db.batch((tx) => liftLegalHold(tx, hold.id));
    await expiry.run();
    assert.equal(await stored(kept.id), 0);
  });

  test('more than a batch goes in one run, oldest first, and two runs at once do each row once', async () => {
    const shop = await at.workspace();
    await at.acceptance(tariffOver([newId()])).acceptMany(
      { ...shop, test: true },
      Array.from({ length: 130 }, () => aRequest()),
      null,
    );
    const [{ created_at: last } = { created_at: new Date() }] = await at.sql<{ created_at: Date }>(
      'select max(created_at) as created_at from messages.message where workspace_id = $1',
      [shop.workspaceId],
    );
    await expiry.advanceTo(endOf(LIMIT, last), 1_000);
    const small = expiring(at, limits, { batchRows: 20 });
    const runs = await Promise.all([small.run(), small.run()]);
    const rows = runs.map((run) => run.rows.get('message_record') ?? 0);
    assert.equal(rows[0]! + rows[1]!, 130);
    assert.equal(await at.count('messages.message', 'workspace_id = $1', [shop.workspaceId]), 0);
    assert.ok(runs.every(({ complete }) => complete));
  });

  test('a record is not taken while a part of it waits, and what waited a whole limit beyond its validity goes', async () => {
    const shop = await at.workspace();
    const { id } = await at
      .acceptance(tariffOver([newId()]))
      .acceptOne(shop, aRequest({ validity_seconds: 604_800 }), null);
    const [row] = await at.sql<{ valid_until: Date }>(
      'select valid_until from messages.message where id = $1',
      [id],
    );
    await expiry.advanceTo(endOf(LIMIT, row!.valid_until), -1_000);
    await expiry.run();
    assert.equal(await stored(id), 1);
    await expiry.advanceTo(endOf(LIMIT, row!.valid_until), 1_000);
    await expiry.run();
    assert.equal(await stored(id), 0);
    assert.equal(await at.count('messages.queue', 'message_id = $1', [id]), 0);
  });

  test('receipts that found no part end with the records, if nothing ended them before', async () => {
    const line = await at.line();
    await line.receive({
      connectorId: line.connector.id,
      messageIds: ['nobody'],
      messageIdForms: ['exact'],
      destination: null,
      state: 'delivered',
      final: true,
      errorCode: null,
      at: null,
    });
    await line.stop();
    const left = () => at.count('messages.parked_receipt', 'connector_id = $1', [line.connector.id]);
    const [row] = await at.sql<{ received_at: Date }>(
      'select received_at from messages.parked_receipt where connector_id = $1',
      [line.connector.id],
    );
    await expiry.advanceTo(endOf(LIMIT, row!.received_at), -1_000);
    await expiry.run();
    assert.equal(await left(), 1);
    await expiry.advanceTo(endOf(LIMIT, row!.received_at), 1_000);
    await expiry.run();
    assert.equal(await left(), 0);
  });
});
