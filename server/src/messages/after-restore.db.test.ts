// What a restored database no longer knows is treated as what nobody knows: nothing that may have been sent is sent
// again as if it were new, and nothing that was erased is there.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import { newId } from '#platform/ids';
import { eraseMessage, eraseMessagesAgain } from './changing.ts';
import { distrustQueue } from './maintenance.ts';
import { aRequest, PER_PART, PLENTY, tariffOver } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: after restore', () => {
  const at = useMessaging();
  const HOUR_MS = 3_600_000;

  test('what was due: transactional once more and flagged, codes and marketing unknown, the scheduled waits', async () => {
    const id = newId();
    const tariff = tariffOver([id]);
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariff);
    const later = new Date(Date.now() + 2 * HOUR_MS).toISOString();
    const [code, notice, advert, scheduled] = [
      await acceptance.acceptOne(shop, aRequest({ class: 'otp' }), null),
      await acceptance.acceptOne(shop, aRequest(), null),
      await acceptance.acceptOne(shop, aRequest({ class: 'marketing' }), null),
      await acceptance.acceptOne(shop, aRequest({ scheduled_at: later }), null),
    ];
    assert.equal(await distrustQueue(at.db), 3);
    assert.equal((await at.read(shop, code.id)).status, 'unknown');
    assert.equal((await at.read(shop, advert.id)).status, 'unknown');
    assert.equal((await at.read(shop, scheduled.id)).status, 'scheduled');
    const again = await at.read(shop, notice.id);
    assert.deepEqual([again.possible_duplicate, again.status], [true, 'submitting']);

    const line = await at.line({ id, tariff });
    await at.becomes(shop, notice.id, 'submitted');
    assert.equal(line.connector.written.length, 1, 'one copy of one message');
    await line.stop();
    assert.deepEqual(
      await at.purse(shop),
      [PLENTY - 4n * PER_PART, 3n * PER_PART],
      'nothing is charged twice',
    );
  });

  test('more than a batch of it is decided whole, and once decided it is not decided again', async () => {
    const id = newId();
    const shop = await at.workspace();
    await at.acceptance(tariffOver([id])).acceptMany(
      shop,
      Array.from({ length: 1_100 }, () => aRequest({ class: 'otp' })),
      null,
    );
    assert.equal(await distrustQueue(at.db), 1_100);
    assert.equal(await at.count('messages.queue', 'connector_id = $1', [id]), 0);
    assert.equal(await distrustQueue(at.db), 0);
  });

  test('an erasure is recorded by the row ids of what was erased, and a refused one is not', async () => {
    const id = newId();
    const line = await at.line({ id });
    const shop = await at.workspace();
    const sent = await line.acceptance.acceptOne(shop, aRequest(), null);
    await at.becomes(shop, sent.id, 'submitted');
    const { id: publicId } = await at.read(shop, sent.id);
    const before = at.erased.length;
    await eraseMessage(at, shop.workspaceId, publicId, () => undefined);
    assert.deepEqual(at.erased.slice(before), [['messages.content', [decodeId('msg', publicId)]]]);
  });

  test('an erasure that cannot be recorded is not carried out', async () => {
    const line = await at.line({});
    const shop = await at.workspace();
    const sent = await line.acceptance.acceptOne(shop, aRequest(), null);
    await at.becomes(shop, sent.id, 'submitted');
    const { id: publicId } = await at.read(shop, sent.id);
    const full = { record: () => Promise.reject(new Error('the disk is full')) };
    await assert.rejects(
      eraseMessage({ ...at, erasures: full }, shop.workspaceId, publicId, () => undefined),
      /disk is full/,
    );
    assert.ok((await at.detail(shop, sent.id)).text !== null);
  });

  test('erasing again empties the row and every column that could name somebody, also of what waits to be sent', async () => {
    const id = newId();
    const tariff = tariffOver([id]);
    const shop = await at.workspace();
    const request = aRequest({ reference: 'order 7' });
    const { id: messageId } = await at.acceptance(tariff).acceptOne(shop, request, null);
    const { id: publicId } = await at.read(shop, messageId);
    const rowId = decodeId('msg', publicId)!;
    await eraseMessagesAgain(at.db, [rowId, randomUUID()]);
    const [row] = await at.sql<Record<string, unknown>>(
      'select recipient, recipient_index, body, annotations, erased_at is not null as erased from messages.message where id = $1',
      [rowId],
    );
    assert.deepEqual(row, {
      recipient: null,
      recipient_index: null,
      body: null,
      annotations: null,
      erased: true,
    });
    const line = await at.line({ id, tariff });
    await until(
      async () => (await at.count('messages.queue', 'message_id = $1', [rowId])) === 0,
      'the queue empties',
    );
    assert.equal(line.connector.written.length, 0, 'nothing of it reaches a carrier');
    await until(async () => (await at.purse(shop))[1] === 0n, 'its hold is resolved');
    const [{ erased_at: first }] = (await at.sql<{ erased_at: Date }>(
      'select erased_at from messages.message where id = $1',
      [rowId],
    )) as [{ erased_at: Date }];
    await eraseMessagesAgain(at.db, [rowId]);
    const [{ erased_at: second }] = (await at.sql<{ erased_at: Date }>(
      'select erased_at from messages.message where id = $1',
      [rowId],
    )) as [{ erased_at: Date }];
    assert.deepEqual(second, first, 'and a second replay changes nothing');
  });
});
