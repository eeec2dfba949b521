// The books judged from outside: fifteen invariants of a ledger, numbered as the Ledger Conformance Kit numbers them,
// asked over HTTP of a server that stands in test/conformance alone. What the ledger promises differently is said at 03.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { auditBooks, platformBalances } from '#ledger';
import { assertBooksExact, balances, place, wallet } from '../src/ledger/fixtures/arrange.ts';
import { useApi } from './api.ts';
import {
  type Answer,
  type AskedPosting,
  type JournalEntry,
  type Status,
  startLedgerServer,
} from './conformance/ledger-server.ts';

let url = '';

/** Sockets are kept and shared: what is judged are the books, not how many sockets a machine opens. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const sent = request(`${url}/_lck/${path}`, { agent, method: body === undefined ? 'GET' : 'POST' });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const said = await text(answer);
  assert.equal(answer.statusCode, 200, said);
  return JSON.parse(said) as T;
}

const reset = (accounts: Record<string, string> = { alice: 'EUR', bob: 'EUR' }) => ask('reset', accounts);
const send = (posting: AskedPosting) => ask<Answer>('post', posting);
const journal = () => ask<JournalEntry[]>('journal');
const balance = async (account: string, currency = 'EUR') =>
  BigInt((await ask<Record<string, string>>(`balance?account=${account}`))[currency] ?? '0');

/** Moves an amount from one account to the other. */
const move = (id: string, from: string, to: string, amount: bigint | string, currency = 'EUR') =>
  send({
    id,
    currency,
    entries: [
      { account: from, amount: `-${amount}` },
      { account: to, amount: `${amount}` },
    ],
  });
const fund = (id: string, amount: bigint, to = 'available:alice') => move(id, 'deposits', to, amount);

const count = (answers: readonly Answer[]) =>
  Object.fromEntries(
    (['APPLIED', 'DUPLICATE', 'REJECTED'] satisfies Status[]).map((status) => [
      status,
      answers.filter((answer) => answer.status === status).length,
    ]),
  );

/** Balances as the journal alone says they are, by account and currency. */
const fold = (entries: readonly JournalEntry[]): Map<string, bigint> => {
  const sums = new Map<string, bigint>();
  for (const { account, currency, amount } of entries) {
    const key = `${account} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(amount));
  }
  return sums;
};

const transactionsOf = (entries: readonly JournalEntry[]): JournalEntry[][] => [
  ...Map.groupBy(entries, (entry) => entry.transaction).values(),
];

async function assertProjection(): Promise<void> {
  for (const [key, sum] of fold(await journal())) {
    const [account, currency] = key.split(' ') as [string, string];
    assert.equal(await balance(account, currency), sum, key);
  }
}

describe('the books, from outside', () => {
  const app = useApi();
  let stop: () => Promise<unknown>;

  before(async () => {
    const { db } = app.database;
    const started = await startLedgerServer(db, (text, values) => app.database.sql(text, values));
    url = started.url;
    stop = started.stop;
  });
  after(() => {
    agent.destroy();
    return stop?.();
  });

  test('01 balanced: what does not sum to zero in its currency is rejected, and nothing of it stays', async () => {
    await reset();
    await fund('in', 100n);
    const stored = await journal();
    const lopsided = (amounts: readonly [string, string][]) =>
      send({
        id: 'lopsided',
        currency: 'EUR',
        entries: amounts.map(([account, amount]) => ({ account, amount })),
      });
    for (const amounts of [
      [
        ['available:alice', '10'],
        ['deposits', '-9'],
      ],
      [['available:alice', '10']],
      [],
      [
        ['available:alice', '0'],
        ['deposits', '0'],
      ],
    ] as [string, string][][])
      assert.deepEqual(await lopsided(amounts), { status: 'REJECTED', code: 'malformed' });
    assert.deepEqual(await journal(), stored);
    for (const entries of transactionsOf(stored))
      assert.ok(
        [...fold(entries.map((entry) => ({ ...entry, account: '' }))).values()].every((sum) => sum === 0n),
      );
  });

  test('02 append-only: later postings and reversals leave every stored entry as it was', async () => {
    await reset();
    await fund('in', 100n);
    await move('out', 'available:alice', 'revenue', 30n);
    const stored = await journal();
    await send({ id: 'undo', reverses: 'out' });
    await fund('in', 100n);
    await fund('more', 5n);
    assert.deepEqual((await journal()).slice(0, stored.length), stored);
    for (const attempt of ['update ledger.entry set amount = amount', 'delete from ledger.entry'])
      await assert.rejects(app.database.sql(attempt), { code: '23000' }, 'not even the owner of the tables');
  });

  test('03 instead of a hash chain: an edit that broke a sum is found, a forgery that keeps every sum is not', async () => {
    // Entries carry no hash of the one before: whoever has the right to switch triggers off could compute it anew. The
    // audit trail has a chain, signed with a key that is not in the database. What the books have is double entry, and
    // this is how far it reaches.
    await reset();
    await fund('in', 100n);
    const { db } = app.database;
    const forge = (statement: string) =>
      app.database.sql(`begin;
      alter table ledger.entry disable trigger user;
      ${statement};
      alter table ledger.entry enable trigger user;
      commit`);
    const last = '(select id from ledger.transaction order by id desc limit 1)';
    const raise = (by: bigint, account: string) =>
      `update ledger.entry set amount = amount + ${by} where transaction_id = ${last} and account = '${account}'`;
    await forge(raise(7n, 'available'));
    const rules = (await db.batch((tx) => auditBooks(tx))).map(({ rule }) => rule);
    assert.deepEqual(rules.toSorted(), ['balance_is_sum', 'entries_balance']);
    await forge(raise(-7n, 'deposits'));
    assert.deepEqual(
      (await db.batch((tx) => auditBooks(tx))).map(({ rule }) => rule),
      ['balance_is_sum'],
      'both sides changed, the balance still tells',
    );
    await app.database.sql(
      `update ledger.wallet set available = available + 7
      where workspace_id = (select workspace_id from ledger.transaction where id = ${last})`,
    );
    await assertBooksExact(db);
  });

  test('04 a duplicate is a no-op that says so, and its id with other content is rejected', async () => {
    await reset();
    assert.deepEqual(await fund('in', 100n), { status: 'APPLIED' });
    const stored = await journal();
    for (let round = 0; round < 3; round++) assert.deepEqual(await fund('in', 100n), { status: 'DUPLICATE' });
    assert.deepEqual(await fund('in', 101n), { status: 'REJECTED', code: 'conflict' });
    assert.deepEqual(await journal(), stored);
    assert.equal(await balance('available:alice'), 100n);
  });

  test('05 64 parallel duplicates collapse into one (checklist 10)', async () => {
    await reset();
    const answers = await Promise.all(Array.from({ length: 64 }, () => fund('in', 100n)));
    assert.deepEqual(count(answers), { APPLIED: 1, DUPLICATE: 63, REJECTED: 0 });
    assert.equal(await balance('available:alice'), 100n);
    assert.equal(transactionsOf(await journal()).length, 1);
  });

  test('06 500 parallel postings on one account lose no update', async () => {
    await reset();
    await fund('in', 1_000n);
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, at) =>
        at % 2 === 0 ? fund(`in:${at}`, 3n) : move(`out:${at}`, 'available:alice', 'revenue', 1n),
      ),
    );
    assert.deepEqual(count(answers), { APPLIED: 500, DUPLICATE: 0, REJECTED: 0 });
    assert.equal(await balance('available:alice'), 1_000n + 750n - 250n);
    assert.equal(await balance('revenue'), 250n);
    await assertProjection();
  });

  test('07, 08, 13 whatever is posted, value is conserved, balances are their journal, and replaying it builds them again', async () => {
    const account = fc.constantFrom('available:alice', 'bonus:alice', 'available:bob', 'deposits', 'revenue');
    const posting = fc.record({ from: account, to: account, amount: fc.bigInt(1n, 50n), id: fc.nat(30) });
    await fc.assert(
      fc.asyncProperty(fc.array(posting, { minLength: 20, maxLength: 30 }), async (postings) => {
        await reset();
        await Promise.all([fund('first', 60n), fund('second', 60n, 'available:bob')]);
        await Promise.all(postings.map(({ from, to, amount, id }) => move(`random:${id}`, from, to, amount)));
        const stored = await journal();
        const sums = fold(stored);
        assert.equal(
          [...sums.values()].reduce((sum, value) => sum + value, 0n),
          0n,
        );
        for (const [key, sum] of sums) if (key.includes(':')) assert.ok(sum >= 0n, key);
        await assertProjection();
        await reset();
        for (const [at, entries] of transactionsOf(stored).entries()) {
          const again = { id: `replayed:${at}`, currency: entries[0]!.currency, entries };
          assert.deepEqual(await send(again), { status: 'APPLIED' });
        }
        assert.deepEqual(fold(await journal()), sums);
        await assertProjection();
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  test('09 500 parallel spends of a last credit: one wins, no negative balance, no deadlock (checklist 10)', async () => {
    await reset();
    await fund('in', 10n);
    const posted = await Promise.all(
      Array.from({ length: 500 }, (_, at) => move(`spend:${at}`, 'available:alice', 'revenue', 10n)),
    );
    assert.deepEqual(count(posted), { APPLIED: 1, DUPLICATE: 0, REJECTED: 499 });
    assert.ok(posted.every(({ code }) => code === undefined || code === 'insufficient_funds'));
    assert.equal(await balance('available:alice'), 0n);
    // The same by the way the product spends: by holds.
    const workspaceId = await wallet(app.database.db, { available: 10n });
    const granted = await Promise.all(
      Array.from({ length: 500 }, () =>
        place(app.database.db, [{ id: crypto.randomUUID(), workspaceId, amountMicros: 10n }]),
      ),
    );
    assert.equal(granted.flat().filter(Boolean).length, 1);
    assert.deepEqual(await balances(app.database.db, workspaceId), [0n, 0n, 10n]);
    const [seen] = await app.database.sql<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    assert.equal(Number(seen!.deadlocks), 0);
    await assertBooksExact(app.database.db);
  });

  test('10 no precision drifts: micros past what a JSON number holds stay exact, and a number is no amount', async () => {
    await reset();
    const large = 9_007_199_254_740_993n;
    await fund('large', large);
    for (let at = 0; at < 10; at++) await fund(`tenth:${at}`, 100_000n);
    assert.equal(await balance('available:alice'), large + 1_000_000n);
    for (const amount of [10, 0.1, 1e3, '0.1', '1e3', ' 1', null])
      assert.equal(
        (
          await send({
            id: 'odd',
            currency: 'EUR',
            entries: [
              { account: 'available:alice', amount },
              { account: 'deposits', amount: '-1' },
            ],
          })
        ).code,
        'malformed',
      );
  });

  test('11 currencies do not mix: a posting is in the one of its account or rejected', async () => {
    await reset({ alice: 'EUR', bob: 'SAR' });
    await fund('in', 10n);
    const foreign = await move('foreign', 'deposits', 'available:alice', 10n, 'SAR');
    assert.deepEqual(foreign, { status: 'REJECTED', code: 'conflict' });
    const across = await move('across', 'available:alice', 'available:bob', 10n);
    assert.deepEqual(across, { status: 'REJECTED', code: 'malformed' }, 'a posting moves one wallet');
    assert.deepEqual(
      (await journal()).map(({ currency }) => currency),
      ['EUR', 'EUR'],
    );
    assert.equal(await balance('available:bob', 'SAR'), 0n);
  });

  test('12 a reversal is a compensation: the opposite beside the original, once, and never of a reversal', async () => {
    await reset();
    await fund('in', 10n);
    const [original] = transactionsOf(await journal());
    assert.deepEqual(await send({ id: 'undo', reverses: 'in' }), { status: 'APPLIED' });
    assert.deepEqual(await send({ id: 'undo again', reverses: 'in' }), { status: 'DUPLICATE' });
    const [kept, undone, ...others] = transactionsOf(await journal());
    assert.deepEqual([kept, others], [original, []]);
    assert.deepEqual(
      undone!.map(({ account, amount, reverses }) => [account, amount, reverses]),
      original!.map(({ account, amount, transaction }) => [account, String(-BigInt(amount)), transaction]),
    );
    assert.equal(await balance('available:alice'), 0n);
    assert.equal((await send({ id: 'undo what never was', reverses: 'nothing' })).code, 'not_found');
  });

  test('14 the order of an account is the order in which its postings took effect', async () => {
    await reset();
    const answers: Promise<Answer>[] = [];
    for (let at = 0; at < 60; at++) {
      answers.push(fund(`in:${at}`, 5n), move(`out:${at}`, 'available:alice', 'revenue', 7n));
    }
    await Promise.all(answers);
    let running = 0n;
    for (const { account, amount } of await journal()) {
      if (account !== 'available:alice') continue;
      running += BigInt(amount);
      assert.ok(running >= 0n, 'nothing was spent before it had come in');
    }
    await fund('later', 1n);
    const stored = await journal();
    assert.equal(
      stored.at(-1)!.transaction,
      stored
        .map(({ transaction }) => transaction)
        .toSorted()
        .at(-1),
    );
  });

  test('15 a duplicate of what was rejected is rejected again, and applied once it fits', async () => {
    await reset();
    await fund('in', 5n);
    const spend = () => move('spend', 'available:alice', 'revenue', 10n);
    for (let round = 0; round < 2; round++)
      assert.deepEqual(await spend(), { status: 'REJECTED', code: 'insufficient_funds' });
    const parallel = await Promise.all(Array.from({ length: 16 }, spend));
    assert.deepEqual(count(parallel), { APPLIED: 0, DUPLICATE: 0, REJECTED: 16 });
    assert.equal(await balance('available:alice'), 5n);
    await fund('more', 5n);
    assert.deepEqual(await spend(), { status: 'APPLIED' });
    assert.deepEqual(await spend(), { status: 'DUPLICATE' });
  });

  test('the product has none of these routes, and none of its files knows them', async () => {
    for (const [method, path] of [
      ['POST', 'reset'],
      ['POST', 'post'],
      ['GET', 'balance'],
      ['GET', 'journal'],
    ] as const) {
      const answer = await app.server.fastify.inject({
        method,
        url: `/_lck/${path}`,
        headers: { authorization: `Bearer ${app.admin}` },
        ...(method === 'POST' ? { payload: {} } : {}),
      });
      assert.equal(answer.statusCode, 404, path);
    }
    const root = resolve(import.meta.dirname, '../..');
    const shipped = ['server/src', 'contract', 'sdk', 'policy', 'text', 'smpp', 'simulator'];
    const knowing = shipped.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|json)$/.test(file) && !/\.test\.ts$|node_modules/.test(file))
        .map((file) => join(folder, file))
        .filter((file) => /_lck\b|test\/conformance/.test(readFileSync(join(root, file), 'utf8'))),
    );
    assert.deepEqual(knowing, []);
    const platform = await app.database.db.batch((tx) => platformBalances(tx));
    assert.ok(platform.length > 0, 'the books judged here are the books of the product');
  });
});
