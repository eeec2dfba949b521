// Books that end: sums are carried forward, and every balance stays the sum of what is booked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expireDue, liftLegalHold, placeLegalHold } from '#privacy/retention';
import { useDatabase } from '../../test/harness.ts';
import { openKeyring } from '../privacy/keys/cached-keyring.ts';
import { openMemoryKeyStore } from '../privacy/keys/memory-key-store.ts';
import { endOf } from '../privacy/retention/limit.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { ledgerExpiry } from './expiry.ts';
import { assertBooksExact, balances, CURRENCY, capture, hold, runs, wallet } from './fixtures/arrange.ts';
import {
  closeWallets,
  credit,
  grantBonus,
  listTransactions,
  platformBalances,
  releaseHolds,
  sumStatement,
} from './ledger.ts';

const base = useDatabase({ connections: 12 });
const keyring = await openKeyring(openMemoryKeyStore());
const LIMIT = 'P6M';
const limits = limitsFrom({ ledger: [LIMIT, 'created'] });
const DAY_MS = 86_400_000;

async function run(batchRows = 500) {
  const done = await expireDue(
    { db: base.db, keyring, limits, handlers: ledgerExpiry, keyDayUsers: [], restFactor: 0, batchRows },
    new AbortController().signal,
  );
  if (done.failures.length > 0) throw done.failures[0];
  return done;
}
const now = async () => (await base.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now;
const advanceTo = (moment: Date, byMs: number) => base.standAt(new Date(moment.getTime() + byMs));
const count = async (table: string, where: string, values: unknown[]) =>
  (await base.sql<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`, values))[0]!.n;
const history = (workspaceId: string) =>
  base.db.tenant(workspaceId, (tx) => listTransactions(tx, { workspaceId, limit: 100, keptFor: LIMIT }));

test('a second before its limit an entry is shown; a second after it is not, then gone, and the balance stays', async () => {
  const workspaceId = await wallet(base.db, { available: 1_000n, bonus: 50n });
  const id = await hold(base.db, workspaceId, 300n);
  await capture(base.db, workspaceId, id, 200n);
  const entries = await history(workspaceId);
  assert.equal(entries.length, 4);
  const last = endOf(LIMIT, entries[0]!.createdAt);
  const first = endOf(LIMIT, entries.at(-1)!.createdAt);
  const standing = await balances(base.db, workspaceId);
  await advanceTo(first, -1_000);
  await run();
  assert.equal((await history(workspaceId)).length, 4);
  await advanceTo(last, 1_000);
  assert.equal((await history(workspaceId)).length, 0);
  assert.equal(
    await count('ledger.transaction', 'workspace_id = $1', [workspaceId]),
    4,
    'the job has not run yet',
  );
  await run();
  for (const table of ['ledger.transaction', 'ledger.entry', 'ledger.hold'])
    assert.equal(await count(table, 'workspace_id = $1', [workspaceId]), 0, table);
  assert.equal(await count('ledger.posting_key', 'scope = $1', [workspaceId]), 0);
  assert.deepEqual(await balances(base.db, workspaceId), standing);
  await assertBooksExact(base.db);
});

test('a statement after that opens with what was carried forward', async () => {
  const workspaceId = await wallet(base.db, { available: 700n });
  await base.advance(200 * DAY_MS);
  await run();
  await base.db.batch((tx) =>
    credit(tx, 'top_up', { workspaceId, amountMicros: 5n, currency: CURRENCY, key: 'second' }),
  );
  const to = new Date((await now()).getTime() + 60_000);
  const statement = await base.db.tenant(workspaceId, (tx) =>
    sumStatement(tx, { workspaceId, from: new Date(to.getTime() - DAY_MS), to }),
  );
  assert.equal(statement.opening.availableMicros, 700n);
  assert.equal(statement.closing.availableMicros, 705n);
});

test('an open hold stays with its amount, however old, and resolves as ever', async () => {
  const workspaceId = await wallet(base.db, { available: 100n });
  const id = await hold(base.db, workspaceId, 40n, new Date(Date.now() + 4_000 * DAY_MS));
  await base.advance(200 * DAY_MS);
  await run();
  await assertBooksExact(base.db);
  assert.deepEqual(await balances(base.db, workspaceId), [60n, 0n, 40n]);
  assert.equal((await capture(base.db, workspaceId, id, 40n)).outcome, 'resolved');
  await assertBooksExact(base.db);
  await base.advance(200 * DAY_MS);
  await run();
  assert.equal(await count('ledger.hold', 'id = $1', [id]), 0);
  assert.deepEqual(await balances(base.db, workspaceId), [60n, 0n, 0n]);
  await assertBooksExact(base.db);
});

test('whatever was booked and whenever it ends, balances and the platform’s accounts stay, to the micro', async () => {
  const step = fc.record({
    do: fc.constantFrom('credit', 'bonus', 'capture', 'release', 'open', 'expire', 'pass'),
    who: fc.nat({ max: 2 }),
    amount: fc.bigInt({ min: 1n, max: 40n }),
    days: fc.nat({ max: 70 }),
    batch: fc.integer({ min: 1, max: 7 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const wallets: string[] = [];
      for (let at = 0; at < 3; at++) wallets.push(await wallet(base.db, { available: 5_000n, bonus: 20n }));
      const booked = async () => ({
        wallets: await Promise.all(wallets.map((id) => balances(base.db, id))),
        platform: await base.db.batch(platformBalances),
      });
      const far = new Date((await now()).getTime() + 4_000 * DAY_MS);
      for (const [at, one] of steps.entries()) {
        const workspaceId = wallets[one.who]!;
        const given = { workspaceId, amountMicros: one.amount, currency: CURRENCY, key: `step-${at}` };
        switch (one.do) {
          case 'credit':
            await base.db.batch((tx) => credit(tx, 'top_up', given));
            break;
          case 'bonus':
            await base.db.batch((tx) => grantBonus(tx, given));
            break;
          case 'open':
            await hold(base.db, workspaceId, one.amount, far);
            break;
          case 'capture':
            await capture(
              base.db,
              workspaceId,
              await hold(base.db, workspaceId, one.amount, far),
              one.amount / 2n,
            );
            break;
          case 'release': {
            const id = await hold(base.db, workspaceId, one.amount, far);
            await base.db.batch((tx) => releaseHolds(tx, [{ id, workspaceId }]));
            break;
          }
          case 'pass':
            await base.advance(one.days * DAY_MS);
            break;
          case 'expire': {
            const standing = await booked();
            await run(one.batch);
            assert.deepEqual(await booked(), standing);
            await assertBooksExact(base.db);
          }
        }
      }
      await base.advance(200 * DAY_MS);
      const before = await Promise.all(wallets.map((id) => balances(base.db, id)));
      await run(3);
      assert.deepEqual(await Promise.all(wallets.map((id) => balances(base.db, id))), before);
      await assertBooksExact(base.db);
    }),
    { numRuns: runs(4) },
  );
});

test('under a legal hold a workspace’s books stay, others’ go; lifted, they go too', async () => {
  const [held, other] = [
    await wallet(base.db, { available: 10n }),
    await wallet(base.db, { available: 20n }),
  ];
  const order = await base.db.batch((tx) => placeLegalHold(tx, held, 'tax_audit'));
  await base.advance(200 * DAY_MS);
  await run();
  const left = (id: string) => count('ledger.transaction', 'workspace_id = $1', [id]);
  assert.deepEqual([await left(held), await left(other)], [1, 0]);
  await assertBooksExact(base.db);
  await base.db.batch((tx) => liftLegalHold(tx, order.id));
  await run();
  assert.equal(await left(held), 0);
  await assertBooksExact(base.db);
});

test('a wallet whose workspace is gone ends with its last transaction; what was in it is nobody’s, and adds up', async () => {
  const workspaceId = await wallet(base.db, { available: 77n });
  await base.db.batch((tx) => closeWallets(tx, [workspaceId]));
  await run();
  assert.equal(await count('ledger.wallet', 'workspace_id = $1', [workspaceId]), 1, 'its books are kept');
  await base.advance(200 * DAY_MS);
  await run();
  await run();
  for (const table of ['ledger.wallet', 'ledger.opening_balance', 'ledger.entry'])
    assert.equal(await count(table, 'workspace_id = $1', [workspaceId]), 0, table);
  await assertBooksExact(base.db);
});

test('a month with a row stays, and is dropped when it is empty', async () => {
  const workspaceId = await wallet(base.db, { available: 1n });
  const [row] = await base.sql<{ name: string }>(
    'select tableoid::regclass::text as name from ledger.entry where workspace_id = $1 limit 1',
    [workspaceId],
  );
  const exists = () => count('pg_class', 'oid = to_regclass($1)', [row!.name]);
  await base.advance(100 * DAY_MS);
  await run();
  assert.equal(await exists(), 1);
  await base.advance(120 * DAY_MS);
  await run();
  assert.equal(await exists(), 0);
  assert.deepEqual(await balances(base.db, workspaceId), [1n, 0n, 0n]);
  await assertBooksExact(base.db);
});

test('nobody but the carrying functions deletes what was posted: not the product’s role, not the owner', async () => {
  const workspaceId = await wallet(base.db, { available: 1n });
  await assert.rejects(
    base.sql('delete from ledger.transaction where workspace_id = $1', [workspaceId]),
    /keeps its rows as they are/,
  );
  const client = await base.db.connection();
  try {
    await client.query(`set ledger.carrying = 'on'`);
    for (const table of ['transaction', 'entry', 'hold', 'wallet', 'opening_balance'])
      await assert.rejects(client.query(`delete from ledger.${table}`), /permission denied/);
    await client.query('reset ledger.carrying');
  } finally {
    client.release(true);
  }
});
