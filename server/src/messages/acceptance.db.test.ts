// Accepting on real PostgreSQL: one transaction for message, hold, queue and key; each item decided alone.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { SendMessage } from '@sotto/contract/send-message';
import { alignTo } from '#platform/clock';
import { AppError } from '#platform/errors';
import { idTimeMs } from '#platform/ids';
import { utcDay } from '#privacy';
import type { RequestKey } from './acceptance.ts';
import { isRefused, writeFacts } from './answers.ts';
import type { Submitter } from './preparation.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import { useMessaging } from './test/messaging.ts';

describe('messages: acceptance', () => {
  const at = useMessaging();
  const tariff = tariffOver(['01980000-0000-7000-8000-000000000001']);

  const DAY_MS = 86_400_000;
  const dayOf = (id: string): string => utcDay(idTimeMs(id));
  const mac = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16);
  const keyOf = (name: string, request = 'r'): RequestKey => ({
    keyMac: mac(name),
    requestMac: mac(request),
  });
  const chunksOf =
    (name: string, request = 'r') =>
    (chunk: number) =>
      keyOf(`${name}/${chunk}`, request);
  const code = (expected: string) => (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, expected);
    return true;
  };

  /** What one workspace has stored: messages, parts queued, open holds, answers kept. */
  const stored = async ({ workspaceId }: Submitter) => [
    await at.count('messages.message', 'workspace_id = $1', [workspaceId]),
    await at.count('messages.queue', 'workspace_id = $1', [workspaceId]),
    await at.count('ledger.hold', 'workspace_id = $1', [workspaceId]),
    await at.count('platform.idempotency', 'scope = $1', [workspaceId]),
  ];
  const batchOf = (count: number, change: Partial<SendMessage> = {}) =>
    Array.from({ length: count }, () => aRequest(change));

  describe('one message', () => {
    test('is stored with its hold, its parts and its key together', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      const facts = await acceptance.acceptOne(shop, aRequest({ text: textOfParts(3) }), keyOf('k'));
      assert.deepEqual(await stored(shop), [1, 3, 1, 1]);
      assert.equal(facts.priceMicros, 3n * PER_PART);
      assert.deepEqual(await at.purse(shop), [PLENTY - 3n * PER_PART, 3n * PER_PART]);
    });

    test('that is refused leaves nothing behind', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      await assert.rejects(
        acceptance.acceptOne(shop, aRequest({ to: '+1' }), keyOf('k')),
        code('invalid_number'),
      );
      assert.deepEqual(await stored(shop), [0, 0, 0, 0]);
      assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    });

    test('without the money leaves nothing behind, and its key is free for after a top-up', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace(PER_PART);
      const dear = aRequest({ text: textOfParts(2) });
      await assert.rejects(acceptance.acceptOne(shop, dear, keyOf('k')), code('insufficient_funds'));
      assert.deepEqual(await stored(shop), [0, 0, 0, 0]);
      await acceptance.acceptOne(shop, aRequest(), keyOf('k', 'cheap'));
      assert.deepEqual(await at.purse(shop), [0n, PER_PART]);
    });

    test('of a workspace without a wallet is refused', async () => {
      const acceptance = at.acceptance(tariff);
      const nobody = { workspaceId: '01980000-0000-7000-8000-0000000000ff', currency: 'EUR', test: false };
      await assert.rejects(acceptance.acceptOne(nobody, aRequest(), null), code('insufficient_funds'));
    });

    test('of a test key is kept and shown, and never charged or queued', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      const facts = await acceptance.acceptOne({ ...shop, test: true }, aRequest(), keyOf('k'));
      assert.deepEqual(await stored(shop), [1, 0, 0, 1]);
      assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
      const shown = await at.read(shop, facts.id);
      assert.deepEqual([shown.status, shown.test, shown.price.amount], ['delivered', true, '0.00']);
    });

    test('and a hundred like it spend exactly what is there', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace(37n * PER_PART);
      const settled = await Promise.allSettled(
        Array.from({ length: 100 }, () => acceptance.acceptOne(shop, aRequest(), null)),
      );
      assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 37);
      for (const one of settled) if (one.status === 'rejected') code('insufficient_funds')(one.reason);
      assert.deepEqual(await at.purse(shop), [0n, 37n * PER_PART]);
      assert.deepEqual(await stored(shop), [37, 37, 37, 0]);
    });
  });

  describe('an Idempotency-Key', () => {
    test('a hundred times in parallel, over two processes, makes one message and one answer', async () => {
      const processes = [at.acceptance(tariff), at.acceptance(tariff)];
      const shop = await at.workspace();
      const request = aRequest();
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => processes[n % 2]!.acceptOne(shop, request, keyOf('k'))),
      );
      assert.equal(new Set(answers.map((facts) => writeFacts([facts]))).size, 1);
      assert.deepEqual(await stored(shop), [1, 1, 1, 1]);
      assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, PER_PART]);
    });

    test('with another request is refused, at once and later, and stores nothing of it', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      const [first, second] = await Promise.allSettled([
        acceptance.acceptOne(shop, aRequest(), keyOf('k')),
        acceptance.acceptOne(shop, aRequest(), keyOf('k', 'other')),
      ]);
      assert.equal(first.status, 'fulfilled');
      assert.ok(second.status === 'rejected');
      code('idempotency_mismatch')(second.reason);
      await assert.rejects(
        acceptance.acceptOne(shop, aRequest(), keyOf('k', 'third')),
        code('idempotency_mismatch'),
      );
      assert.deepEqual(await stored(shop), [1, 1, 1, 1]);
    });

    test('of a batch of 1,200 repeats the same answers, and charges once', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace(1_000n * PER_PART);
      const batch = batchOf(1_200);
      const first = await acceptance.acceptMany(shop, batch, chunksOf('k'));
      assert.equal(first.filter(isRefused).length, 200);
      const purse = await at.purse(shop);
      assert.deepEqual(purse, [0n, 1_000n * PER_PART]);
      const again = await acceptance.acceptMany(shop, batch, chunksOf('k'));
      assert.equal(writeFacts(again), writeFacts(first));
      assert.deepEqual(await at.purse(shop), purse);
      assert.equal((await stored(shop))[0], 1_000);
    });

    test('of a batch whose first try died between chunks completes it, and keeps what was decided', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      const batch = batchOf(1_200);
      // What the first try left: its first chunk, committed, and nothing after it.
      const died = await acceptance.acceptMany(shop, batch.slice(0, 500), chunksOf('k'));
      const whole = await acceptance.acceptMany(shop, batch, chunksOf('k'));
      assert.equal(writeFacts(whole.slice(0, 500)), writeFacts(died));
      assert.equal(writeFacts(await acceptance.acceptMany(shop, batch, chunksOf('k'))), writeFacts(whole));
      assert.equal((await stored(shop))[0], 1_200);
      assert.deepEqual(await at.purse(shop), [PLENTY - 1_200n * PER_PART, 1_200n * PER_PART]);
    });

    test('of a small batch, used for a larger one, refuses all of it and stores nothing of it', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      await acceptance.acceptMany(shop, batchOf(3), chunksOf('k'));
      const before = await stored(shop);
      await assert.rejects(
        acceptance.acceptMany(shop, batchOf(1_200), chunksOf('k', 'other')),
        code('idempotency_mismatch'),
      );
      await acceptance.drain();
      assert.deepEqual(await stored(shop), before);
    });
  });

  describe('a batch', () => {
    test('decides each item alone: bad rows cost no other, and stand where they were asked', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      const facts = await acceptance.acceptMany(
        shop,
        [
          aRequest(),
          aRequest({ to: '+1' }),
          { code: 'unknown_field', field: 'surprise', detail: 'No.' },
          aRequest({ text: textOfParts(11) }),
          aRequest({ text: textOfParts(2) }),
        ],
        null,
      );
      assert.deepEqual(
        facts.map((fact) => (isRefused(fact) ? fact.code : fact.segments)),
        [1, 'invalid_number', 'unknown_field', 'text_too_long', 2],
      );
      assert.deepEqual(await stored(shop), [2, 3, 2, 0]);
      assert.deepEqual(await at.purse(shop), [PLENTY - 3n * PER_PART, 3n * PER_PART]);
    });

    test('with too little money takes what fits, in order, a cheaper later one too', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace(4n * PER_PART);
      const sizes = [2, 3, 1, 2, 1];
      const facts = await acceptance.acceptMany(
        shop,
        sizes.map((parts) => aRequest({ text: textOfParts(parts) })),
        null,
      );
      assert.deepEqual(facts.map(isRefused), [false, true, false, true, false]);
      assert.deepEqual(await at.purse(shop), [0n, 4n * PER_PART]);
    });

    test('that straddles midnight is sealed under both days, and reads back whole', async () => {
      const shop = await at.workspace();
      const midnight = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
      // The first chunk's ids are made, and while its keys are readied the day ends.
      const keyring = new Proxy(at.keyring, {
        get: (target, name: keyof typeof at.keyring) =>
          name !== 'ensure'
            ? target[name]
            : (refs: Parameters<typeof target.ensure>[0]) => {
                alignTo(new Date(midnight + 1_000));
                return target.ensure(refs);
              },
      });
      let ids: string[];
      try {
        alignTo(new Date(midnight - 60_000));
        const facts = await at.acceptance(tariff, { keyring }).acceptMany(shop, batchOf(1_200), null);
        ids = facts.flatMap((fact) => (isRefused(fact) ? [] : [fact.id]));
      } finally {
        alignTo(new Date());
      }
      assert.equal(ids.length, 1_200);
      assert.equal(new Set(ids.map(dayOf)).size, 2, 'the batch straddled');
      for (const id of [ids[0]!, ids.at(-1)!]) {
        const shown = await at.detail(shop, id);
        assert.ok(shown.to !== null && shown.text !== null);
      }
    });

    test('of none is answered with none', async () => {
      const shop = await at.workspace();
      assert.deepEqual(await at.acceptance(tariff).acceptMany(shop, [], chunksOf('k')), []);
    });
  });

  describe('what shares a flush', () => {
    test('fails alone when the database refuses its row', async () => {
      const acceptance = at.acceptance(tariff);
      const shop = await at.workspace();
      // A currency the hold's wallet does not have is no data error; a sender with NUL is one PostgreSQL refuses.
      const poison = aRequest({ from: 'a\0b' });
      const requests = [aRequest(), aRequest(), poison, aRequest(), aRequest()];
      const settled = await Promise.allSettled(requests.map((one) => acceptance.acceptOne(shop, one, null)));
      assert.deepEqual(
        settled.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      );
      assert.deepEqual(await stored(shop), [4, 4, 4, 0]);
      assert.deepEqual(await at.purse(shop), [PLENTY - 4n * PER_PART, 4n * PER_PART]);
    });

    test('is answered for each workspace on its own', async () => {
      const acceptance = at.acceptance(tariff);
      const [rich, poor] = [await at.workspace(), await at.workspace(0n)];
      const settled = await Promise.allSettled(
        [rich, poor, rich, poor].map((one) => acceptance.acceptOne(one, aRequest(), keyOf('same'))),
      );
      assert.deepEqual(
        settled.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
      );
      assert.deepEqual(
        [await stored(rich), await stored(poor)],
        [
          [1, 1, 1, 1],
          [0, 0, 0, 0],
        ],
      );
    });
  });
});
