// Marketing to who opted out: refused alone, charged nothing, and asked about by no flush that holds none.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Database, OpenTx } from '#platform/database';
import { AppError } from '#platform/errors';
import { suppress, watchSuppressions } from '#privacy/suppressions';
import { isRefused } from './answers.ts';
import type { Submitter } from './preparation.ts';
import { aNumber, aRequest, classes, PER_PART, PLENTY, tariffOver } from './test/arrange.ts';
import { useMessaging } from './test/messaging.ts';

describe('messages: opted out', () => {
  const at = useMessaging();
  const tariff = tariffOver(['01980000-0000-7000-8000-000000000001']);
  const mac = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16);
  const keyOf = (name: string) => ({ keyMac: mac(name), requestMac: mac('r') });
  const optOut = ({ workspaceId }: Submitter, number: string, covers: 'marketing' | 'all' = 'marketing') =>
    at.db.batch((tx) =>
      suppress(tx, at.keyring, number, { workspaceId, kind: 'stop', covers, source: 'recipient' }),
    );
  const isOptedOut = (error: unknown) =>
    error instanceof AppError && error.code === 'recipient_opted_out' && error.field === 'to';

  test('marketing to a number that opted out is refused, stores nothing and charges nothing', async () => {
    const shop = await at.workspace();
    const to = aNumber();
    await optOut(shop, to);
    const acceptance = at.acceptance(tariff);
    await assert.rejects(acceptance.acceptOne(shop, aRequest({ to, class: 'marketing' }), null), isOptedOut);
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    assert.equal(await at.count('messages.message', 'workspace_id = $1', [shop.workspaceId]), 0);
  });

  test('codes and transactional messages to the same number go on, and so does marketing to others', async () => {
    const shop = await at.workspace();
    const to = aNumber();
    await optOut(shop, to);
    const acceptance = at.acceptance(tariff);
    for (const request of [
      { to, class: 'otp' },
      { to, class: 'transactional' },
      { class: 'marketing' },
    ] as const) {
      const facts = await acceptance.acceptOne(shop, aRequest(request), null);
      assert.ok(!isRefused(facts));
    }
    assert.deepEqual(await at.purse(shop), [PLENTY - 3n * PER_PART, 3n * PER_PART]);
  });

  test("another workspace's stop does not stop this one", async () => {
    const [shop, other] = [await at.workspace(), await at.workspace()];
    const to = aNumber();
    await optOut(other, to);
    const acceptance = at.acceptance(tariff);
    const request = aRequest({ to, class: 'marketing' });
    const [here, there] = await Promise.allSettled([
      acceptance.acceptOne(shop, request, null),
      acceptance.acceptOne(other, request, null),
    ]);
    assert.deepEqual([here.status, there.status], ['fulfilled', 'rejected']);
  });

  test('in a batch those who opted out are refused and the others are accepted, in order and again', async () => {
    const shop = await at.workspace();
    const requests = Array.from({ length: 20 }, () => aRequest({ class: 'marketing' }));
    for (const [n, { to }] of requests.entries()) if (n % 3 === 1) await optOut(shop, to);
    const acceptance = at.acceptance(tariff);
    const send = () => acceptance.acceptMany(shop, requests, (chunk) => keyOf(`batch/${chunk}`));
    const first = await send();
    assert.deepEqual(
      first.map((facts) => (isRefused(facts) ? facts.code : 'accepted')),
      requests.map((_, n) => (n % 3 === 1 ? 'recipient_opted_out' : 'accepted')),
    );
    assert.deepEqual(await send(), first);
    const accepted = first.filter((facts) => !isRefused(facts)).length;
    assert.equal((await at.purse(shop))[1], PER_PART * BigInt(accepted));
  });

  test('a request accepted before the stop is answered as then; one refused is decided anew', async () => {
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariff);
    const request = aRequest({ class: 'marketing' });
    const accepted = await acceptance.acceptOne(shop, request, keyOf('before'));
    await optOut(shop, request.to);
    assert.deepEqual(await acceptance.acceptOne(shop, request, keyOf('before')), accepted);
    await assert.rejects(acceptance.acceptOne(shop, request, keyOf('after')), isOptedOut);
    await at.sql('delete from privacy.suppression where workspace_id = $1', [shop.workspaceId]);
    assert.ok(!isRefused(await acceptance.acceptOne(shop, request, keyOf('after'))));
  });

  test('a flush without marketing asks nothing, and one with it asks once', async () => {
    const shop = await at.workspace();
    const asked: string[] = [];
    const watched = Object.create(at.db, {
      begin: {
        value: async (): Promise<OpenTx> => {
          const tx = await at.db.begin();
          return {
            run: (query) => tx.run(query),
            exec: (statement, values) => {
              asked.push(statement.name);
              return tx.exec(statement, values);
            },
            demandPurpose: (purpose) => tx.demandPurpose(purpose),
            commit: () => tx.commit(),
            rollback: () => tx.rollback(),
          };
        },
      },
    }) as Database;
    const acceptance = at.acceptance(tariff, { db: watched });
    const others = Array.from({ length: 5 }, (_, n) =>
      aRequest({ class: n % 2 === 0 ? 'otp' : 'transactional' }),
    );
    await Promise.all(others.map((request) => acceptance.acceptOne(shop, request, null)));
    assert.ok(asked.includes('messages.insert_messages'));
    assert.ok(!asked.some((name) => /suppressed$/.test(name)));
    asked.length = 0;
    const mixed = [...others, ...Array.from({ length: 50 }, () => aRequest({ class: 'marketing' }))];
    await acceptance.acceptMany(shop, mixed, null);
    const questions = () => asked.filter((name) => /suppressed$/.test(name));
    assert.ok(questions().length <= 2, 'at most whether there is any, and then about the numbers');
    asked.length = 0;
    await optOut(shop, aNumber());
    await acceptance.acceptMany(shop, [aRequest({ class: 'marketing' })], null);
    asked.length = 0;
    await acceptance.acceptMany(shop, mixed, null);
    assert.deepEqual(questions(), ['privacy.find_suppressed'], 'once there is one, a flush asks once');
  });

  test('a number that opted out of everything gets nothing, once this process knows that there is one', async () => {
    const shop = await at.workspace();
    const to = aNumber();
    const watch = await watchSuppressions(at.db, at.log);
    const acceptance = at.acceptance(tariff, { suppressesAll: watch.coversAll });
    try {
      assert.equal(watch.coversAll(), false);
      await optOut(shop, to, 'all');
      await watch.refresh();
      assert.equal(watch.coversAll(), true);
      for (const messageClass of classes) {
        await assert.rejects(
          acceptance.acceptOne(shop, aRequest({ to, class: messageClass }), null),
          isOptedOut,
        );
        assert.ok(!isRefused(await acceptance.acceptOne(shop, aRequest({ class: messageClass }), null)));
      }
      const marketingOnly = aNumber();
      await optOut(shop, marketingOnly);
      assert.ok(
        !isRefused(await acceptance.acceptOne(shop, aRequest({ to: marketingOnly, class: 'otp' }), null)),
      );
    } finally {
      watch.stop();
    }
  });
});
