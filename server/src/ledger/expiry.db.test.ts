import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import type { JobContext } from '#platform/jobs';
import { useDatabase } from '../../test/harness.ts';
import { assertBooksExact, balances, capture, hold, place, wallet } from './fixtures/arrange.ts';
import { expireHoldsJob } from './jobs.ts';
import { captureHolds, expireHolds, releaseHolds } from './ledger.ts';

describe('ledger: expiry', () => {
  const base = useDatabase({ connections: 24 });
  const HOUR_MS = 3_600_000;

  test('a hold expires when the clock has passed its time, not before, and only once', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    const sweep = () => base.db.batch((tx) => expireHolds(tx, 100));
    const early = await hold(base.db, workspaceId, 10n, new Date(Date.now() + HOUR_MS));
    const late = await hold(base.db, workspaceId, 20n, new Date(Date.now() + 5 * HOUR_MS));
    assert.deepEqual((await sweep()).holds, []);
    await base.advance(2 * HOUR_MS);
    assert.deepEqual(await sweep(), {
      holds: [{ id: early, outcome: 'resolved', state: 'expired', amountMicros: 10n, capturedMicros: 0n }],
      more: false,
    });
    assert.deepEqual((await sweep()).holds, []);
    assert.deepEqual(await balances(base.db, workspaceId), [80n, 0n, 20n]);
    assert.equal((await capture(base.db, workspaceId, early, 10n)).outcome, 'already');
    await base.advance(48 * HOUR_MS);
    assert.deepEqual(
      (await sweep()).holds.map((outcome) => outcome.id),
      [late],
    );
    await assertBooksExact(base.db);
  });

  test('a sweep is bounded and says when more is overdue', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    for (let at = 0; at < 5; at++) await hold(base.db, workspaceId, 1n, new Date(0));
    const sweeps: [number, boolean][] = [];
    for (let more = true; more && sweeps.length < 10; ) {
      const sweep = await base.db.batch((tx) => expireHolds(tx, 2));
      sweeps.push([sweep.holds.length, sweep.more]);
      more = sweep.more;
    }
    assert.deepEqual(sweeps, [
      [2, true],
      [2, true],
      [1, false],
    ]);
    assert.deepEqual(await balances(base.db, workspaceId), [100n, 0n, 0n]);
  });

  test('capture, release and expiry race for one hold: exactly one wins, all others learn its outcome', async () => {
    for (let round = 0; round < 10; round++) {
      const workspaceId = await wallet(base.db, { available: 100n });
      const id = await hold(base.db, workspaceId, 40n, new Date(0));
      const outcomes = await Promise.all(
        Array.from({ length: 18 }, (_, at) =>
          base.db.batch(async (tx) => {
            if (at % 3 === 0) return (await captureHolds(tx, [{ id, workspaceId, amountMicros: 25n }]))[0];
            if (at % 3 === 1) return (await releaseHolds(tx, [{ id, workspaceId }]))[0];
            return (await expireHolds(tx, 10)).holds.find((outcome) => outcome.id === id);
          }),
        ),
      );
      const won = outcomes.filter((outcome) => outcome?.outcome === 'resolved');
      assert.equal(won.length, 1);
      const [winner] = won;
      for (const other of outcomes) {
        if (other === undefined || other === winner) continue;
        assert.deepEqual(other, { ...winner, outcome: 'already' });
      }
      const earned = winner?.outcome === 'resolved' ? winner.capturedMicros : 0n;
      assert.deepEqual(await balances(base.db, workspaceId), [100n - earned, 0n, 0n]);
    }
    await assertBooksExact(base.db);
  });

  test('a hold of nothing is raced for without a wallet to lock, and resolves once all the same', async () => {
    for (let round = 0; round < 10; round++) {
      const workspaceId = newId();
      const id = await hold(base.db, workspaceId, 0n);
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, at) =>
          at % 2 === 0
            ? capture(base.db, workspaceId, id, 0n)
            : base.db.batch((tx) => releaseHolds(tx, [{ id, workspaceId }])).then(([outcome]) => outcome!),
        ),
      );
      const won = outcomes.filter((outcome) => outcome.outcome === 'resolved');
      assert.equal(won.length, 1);
      for (const other of outcomes) {
        if (other !== won[0]) assert.deepEqual(other, { ...won[0], outcome: 'already' });
      }
    }
  });

  test('the recurring sweep goes on until nothing is overdue', async () => {
    const workspaceId = await wallet(base.db, { available: 1_000n });
    const asks = Array.from({ length: 600 }, () => ({
      id: newId(),
      workspaceId,
      amountMicros: 1n,
      expiresAt: new Date(0),
    }));
    await place(base.db, asks);
    assert.deepEqual(await balances(base.db, workspaceId), [400n, 0n, 600n]);
    const context = { db: base.db, signal: new AbortController().signal } as unknown as JobContext;
    assert.equal(await expireHoldsJob.handler(context, {}), undefined);
    assert.deepEqual(await balances(base.db, workspaceId), [1_000n, 0n, 0n]);
    await assertBooksExact(base.db);
  });
});
