// Accepting while the database goes away at the worst moment: neither lost nor doubled, neither free nor charged twice.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { cuttingProxy } from '../platform/db/fixtures/cutting-proxy.ts';
import { isRefused, writeFacts } from './answers.ts';
import { aRequest, PER_PART, PLENTY, tariffOver } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: acceptance faults', () => {
  const at = useMessaging();
  const CONNECTOR = '01980000-0000-7000-8000-000000000001';
  const tariff = tariffOver([CONNECTOR]);
  const mac = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16);
  const key = { keyMac: mac('k'), requestMac: mac('r') };

  for (const when of ['before', 'after'] as const) {
    describe(`a connection cut ${when} COMMIT took effect`, () => {
      /** Runs with a database behind a proxy that cuts the next COMMIT. */
      async function cut(work: (db: Database, cutNext: () => void) => Promise<void>): Promise<void> {
        const proxy = await cuttingProxy(at.url);
        const db = new Database({ url: proxy.url, connections: 4 });
        try {
          await work(db, () => proxy.cutNext(when));
        } finally {
          await db.end();
          await proxy.stop();
        }
      }

      for (const keyed of [true, false]) {
        test(`a message ${keyed ? 'with' : 'without'} a key is stored and charged exactly once`, () =>
          cut(async (db, cutNext) => {
            const shop = await at.workspace();
            const acceptance = at.acceptance(tariff, { db });
            cutNext();
            const facts = await acceptance.acceptOne(shop, aRequest(), keyed ? key : null);
            assert.equal(await at.count('messages.message', 'workspace_id = $1', [shop.workspaceId]), 1);
            assert.equal((await at.read(shop, facts.id)).status, 'accepted');
            assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, PER_PART]);
          }));
      }

      test('a batch with refusals gets the same answers from its retry as from the database', () =>
        cut(async (db, cutNext) => {
          const shop = await at.workspace(2n * PER_PART);
          const acceptance = at.acceptance(tariff, { db });
          cutNext();
          const facts = await acceptance.acceptMany(
            shop,
            [aRequest(), aRequest({ to: '+1' }), aRequest(), aRequest()],
            () => key,
          );
          assert.deepEqual(facts.map(isRefused), [false, true, false, true]);
          assert.deepEqual(await at.purse(shop), [0n, 2n * PER_PART]);
          const again = await acceptance.acceptMany(shop, [aRequest()], () => key);
          assert.equal(writeFacts(again), writeFacts(facts));
        }));

      test('a batch without a key answers what is stored', () =>
        cut(async (db, cutNext) => {
          const shop = await at.workspace(2n * PER_PART);
          const acceptance = at.acceptance(tariff, { db });
          cutNext();
          const facts = await acceptance.acceptMany(shop, [aRequest(), aRequest(), aRequest()], null);
          assert.deepEqual(facts.map(isRefused), [false, false, true]);
          assert.deepEqual(await at.purse(shop), [0n, 2n * PER_PART]);
          assert.equal(await at.count('messages.message', 'workspace_id = $1', [shop.workspaceId]), 2);
        }));

      test('what this process claimed in that transaction is submitted once, and its room given back', () =>
        cut(async (db, cutNext) => {
          const shop = await at.workspace();
          const line = await at.line({ window: 4, acceptance: { db } });
          const { handoff } = line.sending;
          let token: string | null = null;
          await until(() => {
            token = handoff.reserve(line.connector.id, 1, 1);
            return token !== null;
          }, 'an idle line');
          handoff.cancel(line.connector.id, token!, 1, false);
          cutNext();
          const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
          await at.becomes(shop, id, 'submitted');
          for (let n = 0; n < 10; n++) {
            const next = await line.acceptance.acceptOne(shop, aRequest(), null);
            await at.becomes(shop, next.id, 'submitted');
          }
          assert.equal(line.connector.written.length, 11);
          assert.deepEqual(await at.purse(shop), [PLENTY - 11n * PER_PART, 0n]);
        }));
    });
  }

  test('with the database away a request is refused as retryable, and nothing of it comes up later', async () => {
    const proxy = await cuttingProxy(at.url);
    const db = new Database({ url: proxy.url, connections: 2 });
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariff, { db });
    await proxy.stop();
    await assert.rejects(acceptance.acceptOne(shop, aRequest(), key), (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual([error.code, error.retryable], ['unavailable', true]);
      return true;
    });
    await db.end();
    assert.equal(acceptance.depth(), 0);
    assert.equal(await at.count('messages.message', 'workspace_id = $1', [shop.workspaceId]), 0);
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
  });
});
