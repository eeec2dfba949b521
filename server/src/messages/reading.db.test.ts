// What a workspace reads and erases of its messages, and that it is its own only.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '#platform/errors';
import { idTimeMs, newId } from '#platform/ids';
import { utcDay } from '#privacy';
import { isRefused } from './answers.ts';
import { cancelMessage, eraseMessage } from './changing.ts';
import type { Submitter } from './preparation.ts';
import { getMessage, listMessages, type PageQuery, searchMessages } from './reading.ts';
import { aNumber, aRequest, PLENTY, tariffOver } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: reading', () => {
  const at = useMessaging();
  const connectorId = newId();
  const tariff = tariffOver([connectorId]);

  const code = (expected: string) => (error: unknown) => error instanceof AppError && error.code === expected;
  const publicOf = async (shop: Submitter, id: string) => (await at.read(shop, id)).id;
  const page = (shop: Submitter, change: Partial<PageQuery> = {}) =>
    listMessages(at.db, at.keyring, shop.workspaceId, { below: null, limit: 10, ...change });
  const search = (shop: Submitter, to: string, limit = 10, below: string | null = null) =>
    searchMessages(at.db, at.keyring, shop.workspaceId, to, below, limit);

  async function accepted(shop: Submitter, count: number, change = {}) {
    const facts = await at.acceptance(tariff).acceptMany(
      shop,
      Array.from({ length: count }, () => aRequest(change)),
      null,
    );
    return facts.map((fact) => {
      assert.ok(!isRefused(fact));
      return fact.id;
    });
  }

  describe('another workspace', () => {
    test('sees, finds, cancels and erases nothing', async () => {
      const [shop, stranger] = [await at.workspace(), await at.workspace()];
      const to = aNumber();
      const [id] = await accepted(shop, 1, { to });
      const publicId = await publicOf(shop, id!);
      await assert.rejects(getMessage(at.db, at.keyring, stranger.workspaceId, publicId), code('not_found'));
      assert.deepEqual((await page(stranger)).messages, []);
      assert.deepEqual((await search(stranger, to)).messages, []);
      await assert.rejects(
        cancelMessage(at.db, at.keyring, stranger.workspaceId, publicId),
        code('not_found'),
      );
      const forgot: string[] = [];
      await assert.rejects(
        eraseMessage(at, stranger.workspaceId, publicId, (ids) => forgot.push(...ids)),
        code('not_found'),
      );
      assert.deepEqual(forgot, []);
      assert.equal((await at.read(shop, id!)).to, to);
    });

    test('is shut out by the database itself, without a where clause', async () => {
      const [shop, stranger] = [await at.workspace(), await at.workspace()];
      await accepted(shop, 2);
      for (const table of ['messages.message', 'messages.part', 'messages.queue']) {
        const rows = await at.db.tenant(stranger.workspaceId, (tx) =>
          tx.exec(
            { name: `test.${table}`, purpose: 'service', text: `select workspace_id from ${table}` },
            [],
          ),
        );
        assert.deepEqual(rows, [], table);
      }
    });
  });

  describe('a list', () => {
    test('is newest first and whole over its pages, while others arrive', async () => {
      const shop = await at.workspace();
      const ids = await accepted(shop, 25);
      const seen: string[] = [];
      let below: string | null = null;
      do {
        const got = await page(shop, { below });
        seen.push(...got.messages.map((message) => message.id));
        below = got.next;
        await accepted(shop, 3);
      } while (below !== null);
      const expected = await Promise.all(
        [...ids]
          .sort()
          .reverse()
          .map((id) => publicOf(shop, id)),
      );
      assert.deepEqual(seen, expected);
    });

    test('of exactly one page has no next one', async () => {
      const shop = await at.workspace();
      await accepted(shop, 10);
      const got = await page(shop);
      assert.deepEqual([got.messages.length, got.next], [10, null]);
    });

    test('by status finds what shows that status, beyond its first look, and says where to go on', async () => {
      const shop = await at.workspace();
      const ids = await accepted(shop, 450);
      const cancelled = [ids[3]!, ids[200]!, ids[444]!];
      for (const id of cancelled) {
        await cancelMessage(at.db, at.keyring, shop.workspaceId, await publicOf(shop, id));
      }
      const first = await page(shop, { status: 'cancelled', limit: 2 });
      assert.equal(first.messages.length, 2);
      const rest = await page(shop, { status: 'cancelled', limit: 2, below: first.next });
      assert.deepEqual([rest.messages.length, rest.next], [1, null]);
      const found = [...first.messages, ...rest.messages].map((message) => message.id);
      assert.deepEqual(
        found,
        await Promise.all(
          [...cancelled]
            .sort()
            .reverse()
            .map((id) => publicOf(shop, id)),
        ),
      );
      assert.deepEqual((await page(shop, { status: 'delivered' })).messages, []);
    });

    test('between two times holds what was made between them', async () => {
      const shop = await at.workspace();
      const [before] = await accepted(shop, 1);
      await at.advance(60_000);
      const [between] = await accepted(shop, 1);
      await at.advance(60_000);
      await accepted(shop, 1);
      const got = await page(shop, {
        createdAfter: new Date(idTimeMs(before!) + 1_000),
        createdBefore: new Date(idTimeMs(between!) + 1_000),
      });
      assert.deepEqual(
        got.messages.map((message) => message.id),
        [await publicOf(shop, between!)],
      );
    });
  });

  describe('a search by number', () => {
    test('finds every message to it, newest first, page by page, and no other', async () => {
      const shop = await at.workspace();
      const to = aNumber();
      const ids = await accepted(shop, 5, { to });
      await accepted(shop, 5);
      const first = await search(shop, to, 3);
      const second = await search(shop, to, 3, first.next);
      const found = [...first.messages, ...second.messages];
      assert.deepEqual(
        found.map(({ id }) => id),
        await Promise.all(
          [...ids]
            .sort()
            .reverse()
            .map((id) => publicOf(shop, id)),
        ),
      );
      assert.ok(found.every((message) => message.to === to));
      assert.equal(second.next, null);
    });

    test('in a workspace that never sent finds nothing', async () => {
      assert.deepEqual(await search(await at.workspace(), aNumber()), { messages: [], next: null });
    });
  });

  describe('erasing', () => {
    test('leaves a record without recipient, text or notes, and the number finds it no more', async () => {
      const line = await at.line();
      const shop = await at.workspace();
      const request = aRequest({ reference: 'order 7', metadata: { shop: 'a' } });
      const { id } = await line.acceptance.acceptOne(shop, request, null);
      await at.becomes(shop, id, 'submitted');
      const publicId = await publicOf(shop, id);
      const before = await at.detail(shop, id);
      assert.deepEqual(
        [before.text, before.reference, before.metadata],
        [request.text, 'order 7', { shop: 'a' }],
      );
      const forgot: string[] = [];
      await eraseMessage(at, shop.workspaceId, publicId, (ids) => forgot.push(...ids));
      await eraseMessage(at, shop.workspaceId, publicId, () => undefined);
      const after = await at.detail(shop, id);
      assert.deepEqual([after.to, after.text, after.reference, after.metadata], [null, null, null, {}]);
      assert.ok(after.erased_at !== null);
      assert.equal(after.status, 'submitted');
      assert.deepEqual(forgot, [id]);
      assert.deepEqual((await search(shop, request.to)).messages, []);
    });

    test('is refused while the message waits to be sent', async () => {
      const shop = await at.workspace();
      const [id] = await accepted(shop, 1);
      await assert.rejects(
        eraseMessage(at, shop.workspaceId, await publicOf(shop, id!), () => undefined),
        code('conflict'),
      );
      assert.ok((await at.read(shop, id!)).to !== null);
    });
  });

  test('what was sealed under a destroyed key shows as null, and the rest of the message stands', async () => {
    const shop = await at.workspace();
    const [id] = await accepted(shop, 1, { reference: 'r' });
    const day = utcDay(idTimeMs(id!));
    await at.keyring.destroy([
      at.keyring.keyId({ class: 'content_outbound', workspaceId: shop.workspaceId, day }),
    ]);
    const shown = await at.detail(shop, id!);
    assert.deepEqual([shown.to, shown.text, shown.reference, shown.erased_at], [null, null, null, null]);
    assert.equal(shown.status, 'accepted');
  });

  test('a message whose key was destroyed before it left is cancelled, and not charged', async () => {
    const shop = await at.workspace();
    const [id] = await accepted(shop, 1);
    const day = utcDay(idTimeMs(id!));
    await at.keyring.destroy([
      at.keyring.keyId({ class: 'content_outbound', workspaceId: shop.workspaceId, day }),
    ]);
    const line = await at.line({ id: connectorId, tariff });
    await at.becomes(shop, id!, 'cancelled');
    await until(async () => (await at.purse(shop))[1] === 0n);
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    assert.ok(line.connector.written.every((part) => part.text !== ''));
  });
});
