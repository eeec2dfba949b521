// When the content of a message ends, to the second, and what keeps it from ending.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { idTimeMs, newId } from '#platform/ids';
import { utcDay } from '#privacy';
import { type ExpiryHandler, expireDue, liftLegalHold, placeLegalHold } from '#privacy/retention';
import { endOf } from '../privacy/retention/limit.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { messageExpiry } from './expiry.ts';
import { messageKeeping } from './keeping.ts';
import { expireWaitingMessages } from './maintenance.ts';
import { getMessage, listMessages, searchMessages } from './reading.ts';
import { aNumber, aRequest, tariffOver, textOfParts } from './test/arrange.ts';
import { expiring } from './test/expiring.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: content expiry', () => {
  const at = useMessaging();
  const LIMIT = 'P3D';
  const DAY_MS = 86_400_000;
  const limits = limitsFrom({ message_content: [LIMIT, 'delivered'], message_record: ['P6M', 'created'] });
  const keeping = messageKeeping(limits);
  const expiry = expiring(at, limits);

  const contentsOf = (id: string) => at.count('messages.message', 'id = $1 and body is not null', [id]);
  const rawId = async (shop: { workspaceId: string }) =>
    (
      await at.sql<{ id: string }>(
        'select id from messages.message where workspace_id = $1 order by id desc',
        [shop.workspaceId],
      )
    )[0]!.id;

  /** A delivered message of a new workspace, and how its workspace reads it under the policy. */
  async function delivered(to = aNumber()) {
    const line = await at.line({ script: () => ({ kind: 'accepted', carrierMessageId: newId() }) });
    const shop = await at.workspace();
    const facts = await line.acceptance.acceptOne(
      shop,
      aRequest({ to, reference: 'order', metadata: { of: 'shop' } }),
      null,
    );
    await at.becomes(shop, facts.id, 'submitted');
    const [part] = await at.sql<{ carrier_message_id: string }>(
      'select carrier_message_id from messages.part where message_id = $1',
      [facts.id],
    );
    await line.receive({
      connectorId: line.connector.id,
      messageIds: [part!.carrier_message_id],
      messageIdForms: ['exact'],
      destination: null,
      state: 'delivered',
      final: true,
      errorCode: null,
      at: null,
    });
    const read = () => getMessage(at.db, at.keyring, shop.workspaceId, encodeId('msg', facts.id), keeping);
    const found = async () =>
      (await searchMessages(at.db, at.keyring, shop.workspaceId, to, null, 10, keeping)).messages.length;
    const listed = async () =>
      (await listMessages(at.db, at.keyring, shop.workspaceId, { below: null, limit: 10 }, keeping))
        .messages[0]!;
    const finishedAt = new Date((await read()).finished_at!);
    await line.stop();
    return { id: facts.id, shop, to, read, found, listed, finishedAt };
  }

  test('a second before its limit the content is there and readable; a second after it is hidden, then gone', async () => {
    const { id, to, read, found, listed, finishedAt } = await delivered();
    const end = endOf(LIMIT, finishedAt);
    await expiry.advanceTo(end, -1_000);
    await expiry.run();
    const before = await read();
    assert.deepEqual([before.to, before.reference, before.erased_at], [to, 'order', null]);
    assert.match(before.text!, /door code/);
    assert.equal(await found(), 1);
    assert.equal(await contentsOf(id), 1);

    await expiry.advanceTo(end, 1_000);
    for (const hidden of [await read(), await listed()]) {
      assert.deepEqual([hidden.to, hidden.reference, hidden.metadata], [null, null, {}]);
      assert.equal(hidden.erased_at, end.toISOString());
      assert.equal(hidden.status, 'delivered', 'what became of it stays');
    }
    assert.equal((await read()).text, null);
    assert.equal(await found(), 0);
    assert.equal(await contentsOf(id), 1, 'the job has not run yet');

    await expiry.run();
    const [row] = await at.sql(
      'select recipient, recipient_index, body, annotations from messages.message where id = $1',
      [id],
    );
    assert.deepEqual(row, { recipient: null, recipient_index: null, body: null, annotations: null });
    assert.equal((await read()).text, null);
    assert.equal((await expiry.run()).rows.get('message_content'), 0, 'once');
  });

  test('what waits to be sent keeps its content, however long it waits', async () => {
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariffOver([newId()]));
    const { id } = await acceptance.acceptOne(shop, aRequest({ validity_seconds: 5 * 86_400 }), null);
    await at.advance(4 * DAY_MS);
    await expiry.run();
    assert.equal(await contentsOf(id), 1);
    assert.match((await at.detail(shop, id)).text!, /door code/);
    await at.advance(2 * DAY_MS);
    await expireWaitingMessages(at.db);
    await expiry.run();
    assert.equal(await contentsOf(id), 1, 'its life has just ended');
    await at.advance(3 * DAY_MS);
    await expiry.run();
    assert.equal(await contentsOf(id), 0);
  });

  test('neighbours go in strides, and a run that was cut off is finished by the next', async () => {
    const [shop, held] = [await at.workspace(), await at.workspace()];
    const acceptance = at.acceptance(tariffOver([newId()]));
    const accept = (submitter: typeof shop) =>
      acceptance.acceptOne(submitter, aRequest({ validity_seconds: 600 }), null);
    await Promise.all(Array.from({ length: 120 }, (_, n) => accept(n % 4 === 0 ? held : shop)));
    const hold = await at.db.batch((tx) => placeLegalHold(tx, held.workspaceId, 'open_dispute'));
    await at.advance(DAY_MS);
    await expireWaitingMessages(at.db);
    const left = (workspaceId: string) =>
      at.count('messages.message', 'workspace_id = $1 and body is not null', [workspaceId]);
    await at.advance(3 * DAY_MS);
    const cut = new AbortController();
    const batches: number[] = [];
    const [content, ...others] = messageExpiry;
    const cutOff: ExpiryHandler = {
      ...content!,
      async expire(tx, due) {
        const done = await content!.expire(tx, due);
        batches.push(done.rows);
        if (batches.length === 7) cut.abort();
        return done;
      },
    };
    const few = expiring(at, limits, { batchRows: 3, handlers: [cutOff, ...others] });
    await expireDue(few.options(), cut.signal);
    assert.equal(batches.length, 7);
    // Three at a time on average, drawn by chance from a window of forty-eight.
    assert.ok(Math.max(...batches) < 20, `${batches}`);
    const after = await left(shop.workspaceId);
    assert.ok(after > 0 && after < 90, `${after}`);
    await expiring(at, limits, { batchRows: 3 }).run();
    assert.deepEqual([await left(shop.workspaceId), await left(held.workspaceId)], [0, 30]);
    await at.db.batch((tx) => liftLegalHold(tx, hold.id));
    await expiry.run();
    assert.equal(await left(held.workspaceId), 0);
  });

  test('without a receipt the time counts from the end of the validity', async () => {
    const line = await at.line();
    const shop = await at.workspace();
    const facts = await line.acceptance.acceptOne(shop, aRequest({ validity_seconds: 86_400 }), null);
    await at.becomes(shop, facts.id, 'submitted');
    await line.stop();
    const validUntil = new Date((await at.read(shop, facts.id)).expires_at);
    const end = endOf(LIMIT, validUntil);
    // Swept in between, as a job that runs all the time would.
    for (const byMs of [-2 * DAY_MS, -DAY_MS, -1_000]) {
      await expiry.advanceTo(end, byMs);
      await expiry.run();
      assert.equal(await contentsOf(facts.id), 1);
    }
    await expiry.advanceTo(end, 1_000);
    await expiry.run();
    assert.equal(await contentsOf(facts.id), 0);
  });

  test('a message of many parts lives as long as its last part', async () => {
    const line = await at.line({
      script: (part) =>
        part.concat!.sequence === 1
          ? { kind: 'refused', status: 11, errorCode: 'ESME_RINVDSTADR', severity: 'permanent' }
          : { kind: 'accepted', carrierMessageId: `p-${part.id}` },
    });
    const shop = await at.workspace();
    const facts = await line.acceptance.acceptOne(
      shop,
      aRequest({ text: textOfParts(2), validity_seconds: 86_400 }),
      null,
    );
    await until(async () => (await at.count('messages.part', 'message_id = $1', [facts.id])) === 2);
    await line.stop();
    await at.advance(3 * DAY_MS + 3_600_000);
    await expiry.run();
    assert.equal(
      await contentsOf(facts.id),
      1,
      'one part has no receipt, and the validity ended two days ago',
    );
    await at.advance(DAY_MS);
    await expireWaitingMessages(at.db);
    await expiry.run();
    assert.equal(await contentsOf(facts.id), 0);
  });

  test('counted from the creation, it ends that long after it, whatever became of it', async () => {
    const strict = limitsFrom({ message_content: ['P2D', 'created'] });
    const fromCreation = expiring(at, strict);
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariffOver([newId()]), { keeping: messageKeeping(strict) });
    const { id } = await acceptance.acceptOne(shop, aRequest({ validity_seconds: 6 * 86_400 }), null);
    const message = await at.read(shop, id);
    const end = endOf('P2D', new Date(message.created_at));
    assert.ok(new Date(message.expires_at) <= end, 'its validity is cut to what may be kept');
    await fromCreation.advanceTo(end, -1_000);
    await fromCreation.run();
    assert.equal(await contentsOf(id), 1);
    await fromCreation.advanceTo(end, 1_000);
    await expireWaitingMessages(at.db);
    await fromCreation.run();
    assert.equal(await contentsOf(id), 0);
  });

  test('nothing is scheduled further ahead than its content may be kept', async () => {
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariffOver([newId()]), { keeping });
    const ahead = async (ms: number) => ({
      scheduled_at: new Date((await expiry.now()).getTime() + ms).toISOString(),
    });
    await acceptance.acceptOne(shop, aRequest(await ahead(3 * DAY_MS - 60_000)), null);
    await assert.rejects(acceptance.acceptOne(shop, aRequest(await ahead(3 * DAY_MS + 60_000)), null), {
      code: 'invalid_schedule',
      field: 'scheduled_at',
    });
  });

  test('a batch that fails changes nothing, and the next run ends what it left', async () => {
    const shop = await at.workspace();
    const sent = await at.acceptance(tariffOver([newId()])).acceptMany(
      { ...shop, test: true },
      Array.from({ length: 25 }, () => aRequest()),
      null,
    );
    assert.ok(sent.every((fact) => 'id' in fact));
    await at.advance(3 * DAY_MS + 200_000);
    const left = () =>
      at.count('messages.message', 'workspace_id = $1 and body is not null', [shop.workspaceId]);
    // Killed after two batches: the third one's transaction never commits.
    const stop = new AbortController();
    let batches = 0;
    const dying = expiry.options();
    const run = await expireDue(
      {
        ...dying,
        batchRows: 10,
        handlers: dying.handlers.map((handler) => ({
          ...handler,
          async expire(tx, due) {
            const done = await handler.expire(tx, due);
            if (handler.key === 'message_content' && handler.table === 'messages.message' && ++batches === 3)
              throw new Error('killed');
            return done;
          },
        })),
      },
      stop.signal,
    );
    assert.equal(run.complete, false);
    assert.ok((await left()) > 0);
    await Promise.all([expiry.run(), expiry.run()]);
    assert.equal(await left(), 0);
    assert.equal(await at.count('messages.content_late', 'workspace_id = $1', [shop.workspaceId]), 0);
  });

  test('a legal hold keeps the content, hides it all the same, and is counted; lifted, the content goes', async () => {
    const { id, shop, read, finishedAt } = await delivered();
    const hold = await at.db.batch((tx) => placeLegalHold(tx, shop.workspaceId, 'court_order'));
    await expiry.advanceTo(endOf(LIMIT, finishedAt), 1_000);
    await expiry.run();
    await expiry.run();
    assert.equal(await contentsOf(id), 1);
    assert.equal((await read()).text, null);
    assert.equal((await expiry.report('message_content')).held, 1);
    const day = utcDay(idTimeMs(id));
    const keyId = at.keyring.keyId({ class: 'content_outbound', workspaceId: shop.workspaceId, day });
    await at.advance(2 * DAY_MS);
    await expiry.run();
    await at.keyring.load([keyId]);
    assert.equal(await at.db.batch((tx) => liftLegalHold(tx, hold.id)), true);
    await expiry.run();
    assert.equal(await contentsOf(id), 0);
    assert.equal((await expiry.report('message_content')).held, 0);
  });

  test('the key of a workspace’s day dies when nothing of the day is left, and not before', async () => {
    const { id, shop, finishedAt } = await delivered();
    const [sealed] = await at.sql<{ body: Buffer }>('select body from messages.message where id = $1', [id]);
    const day = utcDay(idTimeMs(id));
    const keyId = at.keyring.keyId({ class: 'content_outbound', workspaceId: shop.workspaceId, day });
    const open = async () => {
      at.keyring.evict([keyId]);
      await at.keyring.load([keyId]);
      const place = { column: 'messages.message.body', rowId: id, ownerId: shop.workspaceId, keyId } as const;
      return at.keyring.open(place, sealed!.body).state;
    };
    await expiry.advanceTo(endOf(LIMIT, finishedAt), 1_000);
    await expiry.run();
    assert.equal(await open(), 'open', 'other messages of that day may be younger');
    // Everything of the day is past a day later, and an hour for what was still being written at midnight.
    await at.advance(DAY_MS + 3_700_000);
    assert.ok((await expiry.run()).keysDestroyed >= 1);
    assert.equal(await open(), 'shredded', 'a copy in a backup is unreadable now');
    assert.equal(await at.count('privacy.ended_key', 'workspace_id = $1', [shop.workspaceId]), 0);
  });

  test('a key dies once, also when the process is killed between the destruction and the note of it', async () => {
    const { id, shop, finishedAt } = await delivered();
    await expiry.advanceTo(endOf(LIMIT, finishedAt), DAY_MS + 3_700_000);
    const destroyed: string[] = [];
    const killed = expiring(at, limits, {
      keyring: {
        ...at.keyring,
        async destroy(ids) {
          await at.keyring.destroy(ids);
          destroyed.push(...ids);
          throw new Error('killed');
        },
      },
    });
    await assert.rejects(killed.run(), /killed/);
    assert.equal(await at.count('privacy.ended_key', 'workspace_id = $1', [shop.workspaceId]), 1);
    await expiry.run();
    assert.equal(await at.count('privacy.ended_key', 'workspace_id = $1', [shop.workspaceId]), 0);
    const keyId = at.keyring.keyId({
      class: 'content_outbound',
      workspaceId: shop.workspaceId,
      day: utcDay(idTimeMs(id)),
    });
    assert.ok(destroyed.includes(keyId));
  });

  test('numbers in receipts that wait for their part end as contents do', async () => {
    const line = await at.line();
    await line.receive({
      connectorId: line.connector.id,
      messageIds: ['nobody'],
      messageIdForms: ['exact'],
      destination: '+4915550777777',
      state: 'delivered',
      final: true,
      errorCode: null,
      at: null,
    });
    await line.stop();
    const where = `connector_id = $1 and destination is not null`;
    const [row] = await at.sql<{ received_at: Date }>(
      `select received_at from messages.parked_receipt where ${where}`,
      [line.connector.id],
    );
    const end = endOf(LIMIT, row!.received_at);
    await expiry.advanceTo(end, -1_000);
    await expiry.run();
    assert.equal(await at.count('messages.parked_receipt', where, [line.connector.id]), 1);
    await expiry.advanceTo(end, 1_000);
    await expiry.run();
    assert.equal(await at.count('messages.parked_receipt', where, [line.connector.id]), 0);
    assert.equal(await at.count('messages.parked_receipt', 'connector_id = $1', [line.connector.id]), 1);
  });

  test('the report says how old the oldest content is and how many are overdue', async () => {
    const { shop } = await delivered();
    const id = await rawId(shop);
    const before = await expiry.report('message_content');
    assert.equal(before.limit, LIMIT);
    assert.equal(before.overdue, 0);
    await at.advance(4 * DAY_MS);
    const late = await expiry.report('message_content');
    assert.ok(late.overdue >= 1);
    assert.ok(late.oldestOverdueSeconds >= 86_000, String(late.oldestOverdueSeconds));
    await expiry.run();
    const after = await expiry.report('message_content');
    assert.deepEqual([after.overdue, after.oldestOverdueSeconds], [0, 0]);
    assert.equal(await contentsOf(id), 0);
  });
});
