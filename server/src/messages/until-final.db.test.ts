// Content kept until its message has ended: erased by the transaction that ends it, whichever way it ends.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CarrierReceipt } from '#carriers';
import type { LoopbackVerdict } from '#carriers/loopback';
import { cancelMessage } from './changing.ts';
import type { OutboundContentMode } from './content-mode.ts';
import { createEndedEraser, eraseOverdue } from './erase-ended.ts';
import { giveUpOnUnknown } from './maintenance.ts';
import { searchMessages } from './reading.ts';
import { aRequest, textOfParts } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: until final', () => {
  const at = useMessaging();

  const HOUR_MS = 3_600_000;
  const CEILING_MS = 100 * HOUR_MS;
  const UNTIL_FINAL: OutboundContentMode = { kind: 'until_final', ceilingMs: CEILING_MS };
  const MODE = { acceptance: { contentMode: UNTIL_FINAL }, sending: { untilFinal: true } };

  const receipt = (
    connectorId: string,
    messageId: string,
    change: Partial<CarrierReceipt> = {},
  ): CarrierReceipt => ({
    connectorId,
    messageIds: [messageId],
    messageIdForms: ['exact'],
    destination: null,
    state: 'delivered',
    final: true,
    errorCode: null,
    at: null,
    ...change,
  });

  /** Whether anything sealed, indexed or dated for erasure is left of a message. */
  async function left(id: string): Promise<boolean> {
    const rows = await at.sql<{ left: boolean }>(
      `select num_nonnulls(recipient, recipient_index, body, annotations, erase_by) > 0 as left
       from messages.message where id = $1`,
      [id],
    );
    return rows[0]!.left;
  }

  /** A line in the mode, a workspace, and messages accepted over it. */
  async function sending(script?: () => LoopbackVerdict) {
    let made = 0;
    const line = await at.line({
      ...MODE,
      script: script ?? (() => ({ kind: 'accepted', carrierMessageId: `c-${++made}` })),
    });
    const shop = await at.workspace();
    const send = async (change = {}) =>
      (await line.acceptance.acceptOne(shop, aRequest({ reference: 'order 7', ...change }), null)).id;
    return { line, shop, send, deliver: (id: string) => line.receive(receipt(line.connector.id, id)) };
  }

  test('the receipt that ends a message erases its content, and what the API shows says so', async () => {
    const { shop, send, deliver } = await sending();
    const id = await send();
    await at.becomes(shop, id, 'submitted');
    const before = await at.detail(shop, id);
    assert.deepEqual([before.to !== null, before.text !== null, before.reference], [true, true, 'order 7']);
    await deliver('c-1');
    const after = await at.detail(shop, before.id);
    assert.deepEqual(
      [after.status, after.to, after.text, after.reference, after.metadata],
      ['delivered', null, null, null, {}],
    );
    assert.notEqual(after.erased_at, null);
    assert.deepEqual(
      [after.segments, after.price, after.created_at, after.submitted_at],
      [before.segments, before.price, before.created_at, before.submitted_at],
    );
    assert.equal(await left(id), false);
  });

  test('an erased recipient is not found by a search', async () => {
    const { shop, send, deliver } = await sending();
    const to = '+4915155550123';
    await at.becomes(shop, await send({ to }), 'submitted');
    const found = async () =>
      (await searchMessages(at.db, at.keyring, shop.workspaceId, to, null, 10)).messages.length;
    assert.equal(await found(), 1);
    await deliver('c-1');
    assert.equal(await found(), 0);
  });

  test('a message of several parts keeps its content until the last one has ended', async () => {
    const { shop, send, deliver } = await sending();
    const id = await send({ text: textOfParts(3) });
    await at.becomes(shop, id, 'submitted');
    await deliver('c-2');
    await deliver('c-1');
    assert.equal(await left(id), true);
    await deliver('c-3');
    assert.equal(await left(id), false);
  });

  test('two last parts that end in two transactions at once leave nothing behind', async () => {
    const { shop, send, deliver } = await sending();
    const ids = await Promise.all(Array.from({ length: 10 }, () => send({ text: textOfParts(2) })));
    for (const id of ids) await at.becomes(shop, id, 'submitted');
    const other = await at.line({
      ...MODE,
      id: (
        await at.sql<{ id: string }>(
          'select connector_id as id from messages.part where message_id = $1 limit 1',
          [ids[0]],
        )
      )[0]!.id,
    });
    const receiving = (
      await at.sql<{ carrier: string; connector: string; sequence: number }>(
        `select carrier_message_id as carrier, connector_id as connector, sequence from messages.part where message_id = any($1)`,
        [ids],
      )
    ).map(({ carrier, connector, sequence }) =>
      sequence === 1 ? deliver(carrier) : other.receive(receipt(connector, carrier)),
    );
    await Promise.all(receiving);
    for (const id of ids) assert.equal(await left(id), false);
  });

  test('refused, cancelled and expired messages are erased when they end', async () => {
    const { shop, send } = await sending(() => ({
      kind: 'refused',
      status: 0x0b,
      errorCode: 'ESME_RINVDSTADR',
      severity: 'permanent',
    }));
    const refused = await send();
    await at.becomes(shop, refused, 'rejected');
    const scheduled = await send({ scheduled_at: new Date(Date.now() + HOUR_MS).toISOString() });
    const { id: publicId } = await at.read(shop, scheduled);
    const answer = await cancelMessage(at.db, at.keyring, shop.workspaceId, publicId);
    assert.deepEqual([answer.status, answer.to], ['cancelled', null]);
    assert.deepEqual([await left(refused), await left(scheduled)], [false, false]);
  });

  test('a receipt that came before its answer was stored erases with the answer', async () => {
    const { line, shop, send } = await sending(() => ({ kind: 'accepted', carrierMessageId: 'early' }));
    await line.receive(receipt(line.connector.id, 'early'));
    assert.equal(line.counted.parked, 1);
    const id = await send();
    await at.becomes(shop, id, 'delivered');
    assert.equal(await left(id), false);
  });

  test('an unknown outcome keeps its content until it is given up, for a late receipt is matched by the number', async () => {
    const { shop, send } = await sending(() => ({ kind: 'unknown', reason: 'lost' }));
    const id = await send({ class: 'otp', validity_seconds: 600 });
    await at.becomes(shop, id, 'unknown');
    assert.equal(await left(id), true);
    await at.advance(74 * HOUR_MS);
    await giveUpOnUnknown(at.db);
    assert.equal(await left(id), false);
  });

  test('what ended without its erasure is caught, in however many looks', async () => {
    const { line, shop, send } = await sending();
    const id = await send();
    await at.becomes(shop, id, 'submitted');
    await at.sql(
      `update messages.part set status = 'delivered', finished_at = platform.clock() where message_id = $1`,
      [id],
    );
    const test = (await line.acceptance.acceptOne({ ...shop, test: true }, aRequest({}), null)).id;
    assert.deepEqual([await left(id), await left(test)], [true, true]);
    const eraser = createEndedEraser(at.db);
    await until(async () => (await eraser.look()) === 0);
    assert.deepEqual([await left(id), await left(test)], [false, false]);
  });

  test('the ceiling ends content that nothing else ended, and nothing is sent after it', async () => {
    const { line, shop, send } = await sending();
    const silent = await send();
    await at.becomes(shop, silent, 'submitted');
    const late = aRequest({ scheduled_at: new Date(Date.now() + 300 * HOUR_MS).toISOString() });
    await assert.rejects(line.acceptance.acceptOne(shop, late, null), { code: 'invalid_schedule' });
    const capped = await send({
      validity_seconds: 7 * 24 * 3_600,
      scheduled_at: new Date(Date.now() + 96 * HOUR_MS).toISOString(),
    });
    const { created_at, expires_at } = await at.read(shop, capped);
    assert.equal(Date.parse(expires_at) - Date.parse(created_at), CEILING_MS);
    await at.advance(99 * HOUR_MS);
    await eraseOverdue(at.db);
    assert.equal(await left(silent), true);
    await at.advance(1.1 * HOUR_MS);
    await eraseOverdue(at.db);
    assert.equal(await left(silent), false);
    assert.equal((await at.read(shop, silent)).status, 'submitted');
  });

  test('a message accepted under another mode keeps the promise it was taken under', async () => {
    const line = await at.line({
      sending: { untilFinal: true },
      script: () => ({ kind: 'accepted', carrierMessageId: 'kept' }),
    });
    const shop = await at.workspace();
    const { id } = await line.acceptance.acceptOne(shop, aRequest({}), null);
    await at.becomes(shop, id, 'submitted');
    await line.receive(receipt(line.connector.id, 'kept'));
    assert.equal((await at.becomes(shop, id, 'delivered')).erased_at, null);
    await createEndedEraser(at.db).look();
    assert.equal(await left(id), true);
  });
});
