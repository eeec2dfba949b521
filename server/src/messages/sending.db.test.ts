// Sending over a carrier in memory: what is claimed, in which order it is written, and how a claim is never lost.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartToSubmit } from '#carriers';
import { LoopbackConnector } from '#carriers/loopback';
import { Database } from '#platform/database';
import { newId } from '#platform/ids';
import { cuttingProxy } from '../platform/db/fixtures/cutting-proxy.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import type { Line } from './test/line.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: sending', () => {
  const at = useMessaging();

  const lanesOf = (written: readonly PartToSubmit[]) => written.map(({ lane }) => lane);
  /** Parts of a connector that are claimed by anybody. */
  const claimed = (connectorId: string) =>
    at.count('messages.queue', 'connector_id = $1 and sender_token is not null', [connectorId]);

  test('an accepted message is submitted as it was asked, and charged once', async () => {
    const line = await at.line();
    const shop = await at.workspace();
    const request = aRequest({ text: 'Your table is ready.', validity_seconds: 900 });
    const { id } = await line.acceptance.acceptOne(shop, request, null);
    const message = await at.becomes(shop, id, 'submitted');
    assert.equal(message.to, request.to);
    const [part] = line.connector.written;
    assert.deepEqual(
      [part!.to, part!.text, part!.lane, part!.concat],
      [request.to, 'Your table is ready.', 'transactional', null],
    );
    assert.ok(part!.validitySeconds! > 890 && part!.validitySeconds! <= 900, String(part!.validitySeconds));
    assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
    assert.equal(await at.count('messages.queue', 'message_id = $1', [id]), 0);
  });

  test('parts of a long message carry one reference and add up to its text', async () => {
    const line = await at.line();
    const shop = await at.workspace();
    const text = textOfParts(4);
    const { id } = await line.acceptance.acceptOne(shop, aRequest({ text }), null);
    await at.becomes(shop, id, 'submitted');
    const written = [...line.connector.written].sort((a, b) => a.concat!.sequence - b.concat!.sequence);
    assert.equal(written.map((part) => part.text).join(''), text);
    assert.deepEqual(
      written.map(({ concat }) => [concat!.sequence, concat!.total]),
      [1, 2, 3, 4].map((sequence) => [sequence, 4]),
    );
    assert.equal(new Set(written.map(({ concat }) => concat!.reference)).size, 1);
  });

  test('a test message reaches no carrier', async () => {
    const line = await at.line();
    const shop = await at.workspace();
    await line.acceptance.acceptOne({ ...shop, test: true }, aRequest(), null);
    const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
    await at.becomes(shop, id, 'submitted');
    assert.equal(line.connector.written.length, 1);
  });

  describe('claims', () => {
    test('never exceed one window ahead of the carrier, and one-time codes never exceed its room', async () => {
      const id = newId();
      const shop = await at.workspace();
      const tariff = tariffOver([id]);
      const waiting = at.acceptance(tariff);
      await waiting.acceptMany(
        shop,
        Array.from({ length: 60 }, () => aRequest({ class: 'marketing' })),
        null,
      );
      await waiting.acceptMany(
        shop,
        Array.from({ length: 60 }, () => aRequest({ class: 'otp' })),
        null,
      );
      const line = await at.line({ id, tariff, window: 10, reserve: 2, script: () => 'silence' });
      await until(() => line.connector.written.length === 10, 'a full window');
      for (let n = 0; n < 20; n++) {
        line.sending.wake();
        await new Promise((next) => setImmediate(next));
      }
      await until(() => line.sending.outcomes.depth === 0);
      assert.ok((await claimed(id)) <= 20, `${await claimed(id)} are claimed`);
      const codes = await at.count(
        'messages.queue',
        'connector_id = $1 and lane = 0 and sender_token is not null',
        [id],
      );
      assert.ok(codes <= 10, `${codes} one-time codes are claimed`);
      assert.equal(line.connector.written.length, 10);
    });

    test('of a thousand messages through a small window go on without a pause of the poll', async () => {
      const id = newId();
      const line = await at.line({ id, window: 10, sending: { pollMs: 60_000 } });
      const shop = await at.workspace();
      await line.acceptance.acceptMany(
        shop,
        Array.from({ length: 1_000 }, () => aRequest()),
        null,
      );
      await until(() => line.connector.written.length === 1_000, 'all of them written');
      await line.sending.outcomes.settled();
      assert.equal(new Set(line.connector.written.map((part) => part.id)).size, 1_000, 'each once');
      assert.deepEqual(await at.purse(shop), [PLENTY - 1_000n * PER_PART, 0n]);
    });

    test('take one-time codes before everything, and marketing after everything', async () => {
      const id = newId();
      const tariff = tariffOver([id]);
      const shop = await at.workspace();
      const waiting = at.acceptance(tariff);
      for (const messageClass of ['marketing', 'transactional', 'otp'] as const) {
        await waiting.acceptMany(
          shop,
          Array.from({ length: 5 }, () => aRequest({ class: messageClass })),
          null,
        );
      }
      const line = await at.line({ id, tariff, window: 50 });
      await until(() => line.connector.written.length === 15);
      assert.deepEqual(lanesOf(line.connector.written), [
        ...Array<string>(5).fill('otp'),
        ...Array<string>(5).fill('transactional'),
        ...Array<string>(5).fill('marketing'),
      ]);
    });

    test('of two processes never take the same part', async () => {
      const id = newId();
      const tariff = tariffOver([id]);
      const shop = await at.workspace();
      await at.acceptance(tariff).acceptMany(
        shop,
        Array.from({ length: 400 }, () => aRequest()),
        null,
      );
      const lines = await Promise.all([
        at.line({ id, tariff, window: 20 }),
        at.line({ id, tariff, window: 20 }),
      ]);
      const written = () => lines.flatMap((line) => line.connector.written);
      await until(() => written().length >= 400);
      await Promise.all(lines.map((line) => line.sending.outcomes.settled()));
      assert.equal(new Set(written().map((part) => part.id)).size, 400);
      assert.equal(written().length, 400);
      assert.deepEqual(await at.purse(shop), [PLENTY - 400n * PER_PART, 0n]);
    });
  });

  test('a message just accepted does not overtake those that wait already', async () => {
    const id = newId();
    const tariff = tariffOver([id]);
    const shop = await at.workspace();
    const first = aRequest();
    await at
      .acceptance(tariff)
      .acceptMany(shop, [first, ...Array.from({ length: 39 }, () => aRequest())], null);
    const line = await at.line({ id, tariff, window: 4, reserve: 0 });
    const late = aRequest();
    await line.acceptance.acceptOne(shop, late, null);
    await until(() => line.connector.written.length === 41);
    const order = line.connector.written.map(({ to }) => to);
    assert.equal(order[0], first.to);
    assert.equal(order.at(-1), late.to);
  });

  test('a scheduled message waits for its time, and goes then', async () => {
    // A lapsed lease is renewed by the next heartbeat, a fifth of it later.
    const line = await at.line({ sending: { leaseMs: 200 } });
    const shop = await at.workspace();
    const [row] = await at.sql<{ at: Date }>(`select platform.clock() + interval '1 hour' as at`);
    const { id, scheduled } = await line.acceptance.acceptOne(
      shop,
      aRequest({ scheduled_at: row!.at.toISOString() }),
      null,
    );
    assert.equal(scheduled, true);
    line.sending.wake();
    await at.becomes(shop, id, 'scheduled');
    assert.equal(line.connector.written.length, 0);
    await at.advance(3_600_000);
    await at.becomes(shop, id, 'submitted');
    assert.equal(line.connector.written.length, 1);
  });

  test('a message that expires while it waits is closed, told so, and not charged', async () => {
    const id = newId();
    const tariff = tariffOver([id]);
    const shop = await at.workspace();
    const { id: messageId } = await at
      .acceptance(tariff)
      .acceptOne(shop, aRequest({ validity_seconds: 60 }), null);
    await at.advance(61_000);
    const line = await at.line({ id, tariff });
    const message = await at.becomes(shop, messageId, 'expired');
    assert.equal(message.error?.code, 'carrier_unavailable');
    assert.equal(line.connector.written.length, 0);
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
  });

  describe('a claim that this process does not know of', () => {
    test('because its COMMIT was cut off, is found again and sent once', async () => {
      const proxy = await cuttingProxy(at.url);
      const db = new Database({ url: proxy.url, connections: 4 });
      let line: Line | undefined;
      try {
        const id = newId();
        const tariff = tariffOver([id]);
        const shop = await at.workspace();
        const connector = new LoopbackConnector({ id, window: 10 });
        line = await at.line({ connectors: [connector], tariff, db, sending: { pollMs: 60_000 } });
        const ids = await at.acceptance(tariff).acceptMany(
          shop,
          Array.from({ length: 5 }, () => aRequest()),
          null,
        );
        proxy.cutNext('after');
        line.sending.wake();
        for (const fact of ids) if ('id' in fact) await at.becomes(shop, fact.id, 'submitted');
        assert.equal(connector.written.length, 5);
        assert.deepEqual(await at.purse(shop), [PLENTY - 5n * PER_PART, 0n]);
      } finally {
        await line?.stop();
        await db.end();
        await proxy.stop();
      }
    });

    test('because its content could not be read, is given back and sent once', async () => {
      const id = newId();
      const tariff = tariffOver([id]);
      const shop = await at.workspace();
      const { id: messageId } = await at.acceptance(tariff).acceptOne(shop, aRequest(), null);
      let failures = 2;
      const keyring = new Proxy(at.keyring, {
        get: (target, name: keyof typeof at.keyring) =>
          name === 'load' && failures-- > 0
            ? () => Promise.reject(new Error('the key store is away'))
            : target[name],
      });
      const line = await at.line({ id, tariff, keyring });
      await at.becomes(shop, messageId, 'submitted');
      assert.equal(line.connector.written.length, 1);
    });
  });

  test('a connector that is replaced keeps its count of room, and what was promised on it is submitted', async () => {
    const id = newId();
    const line = await at.line({ id, window: 4, reserve: 0, script: () => 'silence' });
    const shop = await at.workspace();
    const { handoff } = line.sending;
    let token: string | null = null;
    await until(() => {
      token = handoff.reserve(id, 0, 3);
      return token !== null;
    });
    const successor = new LoopbackConnector({ id, window: 4, reserve: 0, script: () => 'silence' });
    line.connectors.set(id, successor);
    line.sending.wake();
    await until(() => {
      const one = handoff.reserve(id, 0, 1);
      if (one !== null) handoff.cancel(id, one, 1, false);
      return one !== null;
    });
    assert.equal(handoff.reserve(id, 0, 2), null, 'three of four places are promised still');
    assert.equal(handoff.reserve(id, 1, 6), null, 'the others may have one window more, and no further');
    handoff.cancel(id, token!, 3, false);
    const { id: messageId } = await line.acceptance.acceptOne(shop, aRequest(), null);
    await until(() => successor.written.length === 1);
    assert.equal((await at.read(shop, messageId)).status, 'submitting');
  });

  test('stopping claims nothing more, waits for answers within the limit, and ends the lease', async () => {
    const line = await at.line({ script: () => 'silence', sending: { pollMs: 60_000 } });
    const { handoff } = line.sending;
    // A claim under way when the stop begins is carried through; here none is.
    await until(() => {
      const token = handoff.reserve(line.connector.id, 1, 1);
      if (token !== null) handoff.cancel(line.connector.id, token, 1, false);
      return token !== null;
    });
    const shop = await at.workspace();
    const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
    await until(() => line.connector.written.length === 1);
    const before = await at.count('messages.sender');
    const stopped = line.stop(5_000);
    await line.acceptance.acceptOne(shop, aRequest(), null);
    line.connector.answer({ kind: 'accepted', carrierMessageId: 'a-1' });
    await stopped;
    assert.equal((await at.read(shop, id)).status, 'submitted');
    assert.equal(line.connector.written.length, 1, 'the second one waits for another process');
    assert.equal(await at.count('messages.sender'), before - 1);
  });
});
