import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../test/harness.ts';
import { assertBooksExact, balances, capture, hold, inAnHour, place, wallet } from './fixtures/arrange.ts';
import {
  captureHolds,
  lockWallets,
  placeHolds,
  platformBalances,
  releaseHolds,
  settleHolds,
} from './ledger.ts';

describe('ledger: holds', () => {
  const base = useDatabase();

  test('a hold sets its amount aside, capture earns it', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    const id = await hold(base.db, workspaceId, 30n);
    assert.deepEqual(await balances(base.db, workspaceId), [70n, 0n, 30n]);
    assert.deepEqual(await capture(base.db, workspaceId, id, 30n), {
      id,
      outcome: 'resolved',
      state: 'captured',
      amountMicros: 30n,
      capturedMicros: 30n,
    });
    assert.deepEqual(await balances(base.db, workspaceId), [70n, 0n, 0n]);
    await assertBooksExact(base.db);
  });

  test('what a capture leaves over returns in the same transaction, the bonus part being used first', async () => {
    const workspaceId = await wallet(base.db, { available: 100n, bonus: 20n });
    const small = await hold(base.db, workspaceId, 15n);
    const both = await hold(base.db, workspaceId, 15n);
    assert.deepEqual(await balances(base.db, workspaceId), [90n, 0n, 30n]);
    await capture(base.db, workspaceId, small, 4n);
    assert.deepEqual(await balances(base.db, workspaceId), [90n, 11n, 15n], '11 of the bonus came back');
    await capture(base.db, workspaceId, both, 7n);
    assert.deepEqual(
      await balances(base.db, workspaceId),
      [98n, 11n, 0n],
      '5 of the bonus used, 8 paid came back',
    );
    await assertBooksExact(base.db);
  });

  test('a release returns every part to where it came from', async () => {
    const workspaceId = await wallet(base.db, { available: 10n, bonus: 5n, creditLimit: 20n });
    const id = await hold(base.db, workspaceId, 25n);
    assert.deepEqual(await balances(base.db, workspaceId), [-10n, 0n, 25n]);
    await base.db.batch((tx) => releaseHolds(tx, [{ id, workspaceId }]));
    assert.deepEqual(await balances(base.db, workspaceId), [10n, 5n, 0n]);
    await assertBooksExact(base.db);
  });

  test('a second capture of one hold posts nothing and answers with the first outcome', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    const id = await hold(base.db, workspaceId, 30n);
    await capture(base.db, workspaceId, id, 10n);
    const before = await base.sql('select count(*) from ledger.transaction');
    const again = await capture(base.db, workspaceId, id, 30n);
    assert.deepEqual(again, {
      id,
      outcome: 'already',
      state: 'captured',
      amountMicros: 30n,
      capturedMicros: 10n,
    });
    const [released] = await base.db.batch((tx) => releaseHolds(tx, [{ id, workspaceId }]));
    assert.equal(released!.outcome, 'already');
    assert.deepEqual(await base.sql('select count(*) from ledger.transaction'), before);
    assert.deepEqual(await balances(base.db, workspaceId), [90n, 0n, 0n]);
  });

  test('an id named twice in one batch is resolved once, by the first', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    const id = await hold(base.db, workspaceId, 30n);
    const outcomes = await base.db.batch((tx) =>
      captureHolds(tx, [
        { id, workspaceId, amountMicros: 10n },
        { id, workspaceId, amountMicros: 20n },
      ]),
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome.outcome),
      ['resolved', 'already'],
    );
    assert.deepEqual(await balances(base.db, workspaceId), [90n, 0n, 0n]);
  });

  test('one bad item of a batch fails no other (checklist 12)', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    const strangerId = await wallet(base.db, { available: 100n });
    const good = await hold(base.db, workspaceId, 10n);
    const tooMuch = await hold(base.db, workspaceId, 10n);
    const foreign = await hold(base.db, strangerId, 10n);
    const outcomes = await base.db.batch((tx) =>
      captureHolds(tx, [
        { id: tooMuch, workspaceId, amountMicros: 11n },
        { id: foreign, workspaceId, amountMicros: 10n },
        { id: newId(), workspaceId, amountMicros: 1n },
        { id: good, workspaceId, amountMicros: 10n },
      ]),
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome.outcome),
      ['exceeds_hold', 'unknown', 'unknown', 'resolved'],
    );
    assert.deepEqual(await balances(base.db, workspaceId), [80n, 0n, 10n]);
    assert.deepEqual(await balances(base.db, strangerId), [90n, 0n, 10n]);
    await assertBooksExact(base.db);
  });

  test('captures and releases settled together, twice, post once and leave the unfit alone', async () => {
    const spaces = [await wallet(base.db, { available: 100n }), await wallet(base.db, { available: 100n })];
    const asks = await Promise.all(
      [0, 1, 0, 1].map(async (at) => ({
        id: await hold(base.db, spaces[at]!, 10n),
        workspaceId: spaces[at]!,
        amountMicros: 4n,
      })),
    );
    const tooMuch = { id: await hold(base.db, spaces[0]!, 10n), workspaceId: spaces[0]!, amountMicros: 11n };
    for (let round = 0; round < 2; round++) {
      await base.db.batchEnding(async (tx) => ({
        value: undefined,
        writes: [settleHolds(tx, [...asks.slice(0, 2), tooMuch], asks.slice(2))],
      }));
      assert.deepEqual(await balances(base.db, spaces[0]!), [86n, 0n, 10n]);
      assert.deepEqual(await balances(base.db, spaces[1]!), [96n, 0n, 0n]);
    }
    await base.db.batch((tx) => settleHolds(tx, [], []));
    await assertBooksExact(base.db);
  });

  test('a hold of nothing has a row and no entries, with or without a wallet', async () => {
    for (const workspaceId of [await wallet(base.db), newId()]) {
      const before = await base.sql('select count(*) from ledger.entry');
      const [captured, released] = [newId(), newId()];
      const asks = [captured, released].map((id) => ({ id, workspaceId, amountMicros: 0n }));
      assert.deepEqual(await place(base.db, asks), [true, true]);
      const first = await capture(base.db, workspaceId, captured, 0n);
      assert.equal(first.outcome, 'resolved');
      assert.equal((await capture(base.db, workspaceId, captured, 0n)).outcome, 'already');
      const [second] = await base.db.batch((tx) => releaseHolds(tx, [{ id: released, workspaceId }]));
      assert.equal(second!.outcome, 'resolved');
      assert.deepEqual(await base.sql('select count(*) from ledger.entry'), before);
    }
    await assertBooksExact(base.db);
  });

  test('a batch is one transaction of the books for each workspace, naming its holds', async () => {
    const spaces = [await wallet(base.db, { available: 100n }), await wallet(base.db, { available: 100n })];
    const asks = Array.from({ length: 20 }, (_, at) => ({
      id: newId(),
      workspaceId: spaces[at % 2]!,
      amountMicros: 3n,
    }));
    await place(base.db, asks);
    await base.db.batch((tx) => captureHolds(tx, asks));
    const rows = await base.sql<{ kind: string; workspace_id: string; holds: number }>(
      `select t.kind, t.workspace_id,
            (select count(*)::integer from ledger.hold h where t.id in (h.opened_by, h.resolved_by)) as holds
       from ledger.transaction t
      where t.workspace_id = any($1) and t.kind in ('hold', 'capture')`,
      [spaces],
    );
    assert.equal(rows.length, 4);
    assert.ok(rows.every((row) => row.holds === 10));
    await assertBooksExact(base.db);
  });

  test('a hold id is used once: placing it again is refused and changes nothing', async () => {
    const workspaceId = await wallet(base.db, { available: 100n });
    const id = await hold(base.db, workspaceId, 10n);
    await assert.rejects(place(base.db, [{ id, workspaceId, amountMicros: 10n }]), { code: '23505' });
    assert.deepEqual(await balances(base.db, workspaceId), [90n, 0n, 10n]);
  });

  test('a caller that decided wrongly is refused by the constraint, and nothing of its batch remains', async () => {
    const workspaceId = await wallet(base.db, { available: 10n, bonus: 5n, creditLimit: 3n });
    const overdraw = (amountMicros: bigint, fromBonusMicros: bigint) =>
      base.db.batch(async (tx) => {
        await lockWallets(tx, [workspaceId]);
        await placeHolds(tx, [
          { id: newId(), workspaceId, amountMicros, fromBonusMicros, expiresAt: inAnHour() },
        ]);
      });
    await assert.rejects(overdraw(14n, 0n), { code: '23514', constraint: 'available_covers' });
    await assert.rejects(overdraw(10n, 6n), { code: '23514', constraint: 'bonus_not_negative' });
    await overdraw(18n, 5n);
    assert.deepEqual(await balances(base.db, workspaceId), [-3n, 0n, 18n]);
    await assertBooksExact(base.db);
  });

  test('a hold of an amount for a workspace without a wallet is refused by the database', async () => {
    const place = base.db.batch((tx) =>
      placeHolds(tx, [
        { id: newId(), workspaceId: newId(), amountMicros: 1n, fromBonusMicros: 0n, expiresAt: inAnHour() },
      ]),
    );
    await assert.rejects(place, { code: '23502' });
  });

  test('revenue is exactly what captures earned', async () => {
    const revenue = async () =>
      (await base.db.batch((tx) => platformBalances(tx))).find(
        (row) => row.account === 'revenue' && row.currency === 'EUR',
      )?.amountMicros ?? 0n;
    const before = await revenue();
    const workspaceId = await wallet(base.db, { available: 100n, bonus: 10n });
    const ids = [await hold(base.db, workspaceId, 20n), await hold(base.db, workspaceId, 30n)];
    await capture(base.db, workspaceId, ids[0]!, 12n);
    await base.db.batch((tx) => releaseHolds(tx, [{ id: ids[1]!, workspaceId }]));
    assert.equal((await revenue()) - before, 12n);
  });
});
