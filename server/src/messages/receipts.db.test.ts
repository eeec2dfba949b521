// Receipts on their way to disk: matched or parked, in any order and number, answered only when they are there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CarrierReceipt } from '#carriers';
import { LoopbackConnector } from '#carriers/loopback';
import { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { cuttingProxy } from '../platform/db/fixtures/cutting-proxy.ts';
import { rematchParked } from './maintenance.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import type { Line } from './test/line.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: receipts', () => {
  const at = useMessaging();

  const receipt = (line: Line, id: string, change: Partial<CarrierReceipt> = {}): CarrierReceipt => ({
    connectorId: line.connector.id,
    messageIds: [id],
    messageIdForms: ['exact'],
    destination: null,
    state: 'delivered',
    final: change.state !== 'enroute' && change.state !== 'accepted',
    errorCode: null,
    at: null,
    ...change,
  });
  const parked = (line: Line) =>
    at.count('messages.parked_receipt', 'connector_id = $1', [line.connector.id]);

  /** A line whose carrier gives these ids in order, and a workspace. */
  async function carrier(...ids: string[]) {
    const left = [...ids];
    const line = await at.line({
      script: () => ({ kind: 'accepted', carrierMessageId: left.shift() ?? `id-${newId()}` }),
    });
    return { line, shop: await at.workspace() };
  }

  /** One message that was submitted under this id. */
  async function submitted(id: string) {
    const { line, shop } = await carrier(id);
    const facts = await line.acceptance.acceptOne(shop, aRequest(), null);
    await at.becomes(shop, facts.id, 'submitted');
    return { line, shop, id: facts.id, status: async () => (await at.read(shop, facts.id)).status };
  }

  for (const [state, status] of [
    ['delivered', 'delivered'],
    ['undeliverable', 'undeliverable'],
    ['deleted', 'undeliverable'],
    ['expired', 'expired'],
    ['rejected', 'rejected'],
    ['unknown', 'unknown'],
    ['enroute', 'submitted'],
    ['accepted', 'submitted'],
  ] as const) {
    test(`a receipt that says ${state} makes the message ${status}, and costs nothing more`, async () => {
      const { line, shop, status: now } = await submitted('a');
      await line.receive(receipt(line, 'a', { state, errorCode: '069' }));
      assert.equal(await now(), status);
      assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
      assert.equal(await parked(line), 0);
    });
  }

  test('a final state never moves back, however many receipts follow in whatever order', async () => {
    const { line, status } = await submitted('a');
    await line.receive(receipt(line, 'a'), receipt(line, 'a'), receipt(line, 'a', { state: 'unknown' }));
    for (const state of ['unknown', 'undeliverable', 'enroute', 'expired', 'delivered'] as const) {
      await line.receive(receipt(line, 'a', { state }));
      assert.equal(await status(), 'delivered', state);
    }
  });

  test('a receipt of an unknown outcome may still be followed by the one that knows', async () => {
    const { line, status } = await submitted('a');
    await line.receive(receipt(line, 'a', { state: 'unknown', final: false }));
    assert.equal(await status(), 'unknown');
    await line.receive(receipt(line, 'a'));
    assert.equal(await status(), 'delivered');
  });

  test('each part has its own receipt, and the message shows what became of all', async () => {
    const { line, shop } = await carrier('p1', 'p2');
    const { id } = await line.acceptance.acceptOne(shop, aRequest({ text: textOfParts(2) }), null);
    await at.becomes(shop, id, 'submitted');
    await line.receive(receipt(line, 'p2'));
    assert.equal((await at.read(shop, id)).status, 'submitted');
    await line.receive(receipt(line, 'p1', { state: 'undeliverable', errorCode: '001' }));
    const detail = await at.detail(shop, id);
    assert.equal(detail.status, 'partially_delivered');
    assert.equal(detail.error?.code, 'absent_subscriber');
    assert.ok(detail.finished_at !== null);
    assert.deepEqual(
      detail.events.map(({ status }) => status),
      ['accepted', 'submitted', 'partially_delivered'],
    );
  });

  describe('a receipt before the answer to its submission', () => {
    test('is parked, and matched when the answer is stored', async () => {
      const line = await at.line({ script: () => 'silence' });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
      await until(() => line.connector.written.length === 1);
      await line.receive(receipt(line, 'early'));
      assert.equal(await parked(line), 1);
      line.connector.answer({ kind: 'accepted', carrierMessageId: 'early' });
      await at.becomes(shop, id, 'delivered');
      assert.equal(await parked(line), 0);
      assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
    });

    test('that is about to be stored waits for it, and is never parked', async () => {
      const line = await at.line({ script: () => 'silence' });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
      await until(() => line.connector.written.length === 1);
      line.connector.answer({ kind: 'accepted', carrierMessageId: 'at-once' });
      await line.receive(receipt(line, 'at-once'));
      assert.equal((await at.read(shop, id)).status, 'delivered');
      assert.deepEqual([line.counted.matched, line.counted.parked], [1, 0]);
    });

    test('parked while another process stores the answer is matched by the next look', async () => {
      const { line, id, shop } = await submitted('elsewhere');
      await line.receive(receipt(line, 'raced'));
      assert.equal(await parked(line), 1);
      await at.sql('update messages.part set carrier_message_id = $1 where message_id = $2', ['raced', id]);
      assert.equal(await rematchParked(at.db, at.keyring), 1);
      assert.equal((await at.read(shop, id)).status, 'delivered');
      assert.equal(await rematchParked(at.db, at.keyring), 0);
    });
  });

  test('a receipt of an id nobody knows is parked once each, and told OK', async () => {
    const { line } = await carrier();
    await line.receive(receipt(line, 'nobody'), receipt(line, 'nobody-else'));
    assert.equal(await parked(line), 2);
  });

  test('the same id at another connector is another message', async () => {
    const { line, status } = await submitted('same');
    await line.receive(receipt(line, 'same', { connectorId: newId() }));
    assert.equal(await status(), 'submitted');
  });

  test('the spelling that fits is found among the candidates, most certain first, and taught', async () => {
    const { line, status } = await submitted('436949');
    await line.receive(
      receipt(line, '', { messageIds: ['6aad5', '436949'], messageIdForms: ['exact', 'hex_to_dec'] }),
    );
    assert.equal(await status(), 'delivered');
    assert.deepEqual(line.matched, ['hex_to_dec']);
  });

  describe('an unknown outcome', () => {
    test('is identified by the destination its receipt names, and charged', async () => {
      const line = await at.line({ script: () => ({ kind: 'unknown', reason: 'lost' }) });
      const shop = await at.workspace();
      const request = aRequest({ class: 'otp' });
      const { id } = await line.acceptance.acceptOne(shop, request, null);
      await at.becomes(shop, id, 'unknown');
      await line.receive(receipt(line, 'stranger', { destination: '+4915550777777' }));
      await line.receive(receipt(line, 'lost-and-found', { destination: request.to }));
      assert.equal(await rematchParked(at.db, at.keyring), 1);
      assert.equal((await at.read(shop, id)).status, 'delivered');
      assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
      assert.equal(await parked(line), 1, 'the stranger waits on');
      await line.receive(receipt(line, 'lost-and-found', { state: 'undeliverable' }));
      assert.equal((await at.read(shop, id)).status, 'delivered', 'from now on its id is known');
    });

    test('of two messages to one number takes one receipt each', async () => {
      const line = await at.line({ script: () => ({ kind: 'unknown', reason: 'lost' }) });
      const shop = await at.workspace();
      const request = aRequest({ class: 'otp' });
      const both = [
        await line.acceptance.acceptOne(shop, request, null),
        await line.acceptance.acceptOne(shop, request, null),
      ];
      for (const { id } of both) await at.becomes(shop, id, 'unknown');
      await line.receive(receipt(line, 'one', { destination: request.to }));
      assert.equal(await rematchParked(at.db, at.keyring), 1);
      const statuses = await Promise.all(both.map(async ({ id }) => (await at.read(shop, id)).status));
      assert.deepEqual(statuses.sort(), ['delivered', 'unknown']);
    });

    test('of a long message is settled when the last of its parts is identified', async () => {
      const connector = new LoopbackConnector({
        id: newId(),
        script: (part) =>
          part.concat!.sequence === 1
            ? { kind: 'unknown', reason: 'timeout' }
            : { kind: 'accepted', carrierMessageId: `known-${part.id}` },
      });
      const line = await at.line({ connectors: [connector], tariff: tariffOver([connector.id]) });
      const shop = await at.workspace();
      const request = aRequest({ class: 'otp', text: textOfParts(2) });
      const { id } = await line.acceptance.acceptOne(shop, request, null);
      await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 2);
      await line.receive(receipt(line, 'found', { destination: request.to }));
      await rematchParked(at.db, at.keyring);
      assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 0n]);
    });
  });

  describe('a part that a carrier took and knows nothing of', () => {
    test('is paid with the others of its message, and does not keep the hold open', async () => {
      const line = await at.line({
        script: (part) =>
          part.concat!.sequence === 1 ? { kind: 'accepted', carrierMessageId: 'vague' } : 'silence',
      });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest({ text: textOfParts(2) }), null);
      await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 1);
      await line.receive(receipt(line, 'vague', { state: 'unknown', final: false }));
      line.connector.answer({ kind: 'accepted', carrierMessageId: 'clear' });
      await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 2);
      assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 0n]);
    });

    test('is not taken for the part of a receipt with another id to the same number', async () => {
      const { line, shop } = await carrier('vague');
      const request = aRequest();
      const { id } = await line.acceptance.acceptOne(shop, request, null);
      await at.becomes(shop, id, 'submitted');
      await line.receive(receipt(line, 'vague', { state: 'unknown', final: false }));
      await line.receive(receipt(line, 'of-somebody-else', { destination: request.to }));
      assert.equal(await rematchParked(at.db, at.keyring), 0);
      assert.equal((await at.read(shop, id)).status, 'unknown');
    });
  });

  test('a flood of receipts nobody knows does not keep later ones from their parts', async () => {
    const { line, id, shop } = await submitted('needle');
    await at.sql('update messages.part set carrier_message_id = null where message_id = $1', [id]);
    const flood = Array.from({ length: 1_200 }, (_, n) => receipt(line, `hay-${n}`));
    await line.receive(...flood);
    await line.receive(receipt(line, 'needle'));
    await at.sql('update messages.part set carrier_message_id = $1 where message_id = $2', ['needle', id]);
    await rematchParked(at.db, at.keyring);
    assert.equal((await at.read(shop, id)).status, 'delivered');
  });

  describe('with the database away', () => {
    for (const when of ['before', 'after'] as const) {
      test(`the carrier is not told OK when the connection is cut ${when} COMMIT, and sends it again to the same end`, async () => {
        const proxy = await cuttingProxy(at.url);
        const db = new Database({ url: proxy.url, connections: 2 });
        let line: Line | undefined;
        try {
          const { id, shop, line: first } = await submitted(`cut-${when}`);
          line = await at.line({ id: first.connector.id, db, sending: { pollMs: 60_000 } });
          // What the line does at its start is over when its first receipt is answered.
          await line.receive(receipt(line, 'nobody', { state: 'enroute' }));
          await line.sending.outcomes.settled();
          await new Promise((next) => setTimeout(next, 50));
          proxy.cutNext(when);
          await assert.rejects(
            line.receive(receipt(line, `cut-${when}`)),
            (error) => error instanceof AppError && error.retryable,
          );
          await line.receive(receipt(line, `cut-${when}`));
          assert.equal((await at.read(shop, id)).status, 'delivered');
        } finally {
          await line?.stop();
          await db.end();
          await proxy.stop();
        }
      });
    }
  });
});
