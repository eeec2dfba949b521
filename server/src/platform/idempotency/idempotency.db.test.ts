import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { useDatabase } from '../../../test/harness.ts';
import { alignTo } from '../clock.ts';
import { Database, type Tx } from '../db/database.ts';
import { cuttingProxy } from '../db/fixtures/cutting-proxy.ts';
import { AppError } from '../errors.ts';
import { idFloor, idTimeMs, newId } from '../ids.ts';
import {
  type DecidedAnswer,
  decideLater,
  expireKeys,
  type IdempotentRequest,
  lookUp,
  remember,
  runIdempotent,
} from './idempotency.ts';

describe('platform: idempotency', () => {
  const at = useDatabase({ connections: 10 });

  const mac = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16);
  /** Stands for sealing: of the form the column's domain asks for, and not readable. */
  const HEADER = Buffer.concat([Buffer.from([1]), Buffer.alloc(44)]);
  const flip = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
  const seal = (plain: Buffer) => Buffer.concat([HEADER, flip(plain)]);
  const requestOf = (scope: string, key: string, body = 'body'): IdempotentRequest => ({
    scope,
    keyMac: mac(key),
    requestMac: mac(body),
    seal: (_, plain) => seal(plain),
    open: (_, sealed) => flip(sealed.subarray(HEADER.length)),
  });
  const effect = async (tx: Tx, scope: string) => {
    await tx.exec(
      {
        name: 'test.idempotent_effect',
        purpose: 'operations',
        text: 'insert into sotto_test.effect values ($1::uuid)',
      },
      [scope],
    );
  };
  const effects = async (scope: string) =>
    (await at.sql('select from sotto_test.effect where scope = $1', [scope])).length;
  const working =
    (scope: string, text = 'made') =>
    async (tx: Tx): Promise<DecidedAnswer> => {
      await effect(tx, scope);
      return { status: 201, body: Buffer.from(text) };
    };
  const code = (expected: string) => (error: unknown) => error instanceof AppError && error.code === expected;
  /** Ids follow the database's clock; in production a component keeps them together. */
  const follow = async () => alignTo((await at.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now);

  test('the same request gets the same answer, and its work is done once', async () => {
    await at.sql('create table sotto_test.effect (scope uuid)');
    await at.sql('grant insert, select on sotto_test.effect to sotto_batch');
    const scope = newId();
    const first = await runIdempotent(at.db, requestOf(scope, 'k'), working(scope, 'first'));
    const second = await runIdempotent(at.db, requestOf(scope, 'k'), working(scope, 'second'));
    assert.deepEqual([first.status, first.body.toString(), first.replayed], [201, 'first', false]);
    assert.deepEqual([second.status, second.body.toString(), second.replayed], [201, 'first', true]);
    assert.equal(await effects(scope), 1);
  });

  test('neither key nor body nor answer is stored readable', async () => {
    const scope = newId();
    await runIdempotent(at.db, requestOf(scope, 'plain-key', 'plain-body'), working(scope, 'plain-answer'));
    const rows = await at.sql<{ line: string }>(
      `select encode(i.key_mac || i.request_mac || i.answer, 'escape') as line from platform.idempotency i where scope = $1`,
      [scope],
    );
    assert.equal(rows.length, 1);
    assert.doesNotMatch(rows[0]!.line, /plain/);
  });

  test('the same key with another request is refused, and the first answer stands', async () => {
    const scope = newId();
    await runIdempotent(at.db, requestOf(scope, 'k'), working(scope));
    await assert.rejects(
      runIdempotent(at.db, requestOf(scope, 'k', 'other'), working(scope)),
      code('idempotency_mismatch'),
    );
    assert.equal((await runIdempotent(at.db, requestOf(scope, 'k'), working(scope))).replayed, true);
    assert.equal(await effects(scope), 1);
  });

  test('the same key in another workspace is another key', async () => {
    const [one, two] = [newId(), newId()];
    await runIdempotent(at.db, requestOf(one, 'k'), working(one));
    assert.equal((await runIdempotent(at.db, requestOf(two, 'k', 'other'), working(two))).replayed, false);
  });

  test('100 duplicates at once, over two processes’ worth of connections, do the work once', async () => {
    const other = new Database({ url: at.url, connections: 10 });
    try {
      for (let round = 0; round < 3 * Number(process.env.SOTTO_SWEEP ?? 1); round++) {
        const scope = newId();
        const results = await Promise.all(
          Array.from({ length: 100 }, (_, n) =>
            runIdempotent(n % 2 ? other : at.db, requestOf(scope, 'k'), working(scope, `answer ${n}`)),
          ),
        );
        assert.equal(await effects(scope), 1);
        assert.equal(results.filter(({ replayed }) => !replayed).length, 1);
        assert.equal(new Set(results.map(({ body }) => body.toString())).size, 1);
      }
    } finally {
      await other.end();
    }
  });

  test('work that fails leaves the key free: nothing was stored, the next try decides anew', async () => {
    const scope = newId();
    await assert.rejects(
      runIdempotent(at.db, requestOf(scope, 'k'), async (tx) => {
        await effect(tx, scope);
        throw new AppError('conflict');
      }),
      code('conflict'),
    );
    assert.equal(await effects(scope), 0);
    assert.equal((await runIdempotent(at.db, requestOf(scope, 'k'), working(scope))).replayed, false);
  });

  test('an answer that is not kept is given and forgotten, so that a retry after a top-up is decided anew', async () => {
    const scope = newId();
    const poor = async (): Promise<DecidedAnswer> => ({
      status: 402,
      body: Buffer.from('poor'),
      keep: false,
    });
    assert.equal((await runIdempotent(at.db, requestOf(scope, 'k'), poor)).status, 402);
    assert.equal((await runIdempotent(at.db, requestOf(scope, 'k'), working(scope))).status, 201);
  });

  for (const [when, known] of [
    ['before', false],
    ['after', true],
  ] as const) {
    test(`a connection cut ${when} COMMIT took effect says so, and the retry does the work exactly once`, async () => {
      const scope = newId();
      const proxy = await cuttingProxy(at.url);
      const db = new Database({ url: proxy.url, connections: 2 });
      try {
        proxy.cutNext(when);
        await assert.rejects(runIdempotent(db, requestOf(scope, 'k'), working(scope)), (error) => {
          assert.ok(error instanceof AppError);
          assert.deepEqual([error.code, error.retryable], ['unavailable', true]);
          return true;
        });
        const retried = await runIdempotent(db, requestOf(scope, 'k'), working(scope));
        assert.equal(retried.replayed, known);
        assert.equal(await effects(scope), 1);
      } finally {
        await db.end();
        await proxy.stop();
      }
    });
  }

  test('a postponed request answers 409 until it is decided, once, and then answers that', async () => {
    const scope = newId();
    const request = requestOf(scope, 'k');
    let rowId = '';
    const postponing = runIdempotent(at.db, request, async (tx, id) => {
      await effect(tx, scope);
      rowId = id;
      return { postponed: true };
    });
    await assert.rejects(postponing, code('idempotency_undecided'));
    await assert.rejects(runIdempotent(at.db, request, working(scope)), code('idempotency_undecided'));
    const decide = (text: string) =>
      at.db.batch((tx) => decideLater(tx, request, rowId, { status: 200, body: Buffer.from(text) }));
    assert.equal(await decide('paid'), true);
    assert.equal(await decide('paid twice'), false);
    const answer = await runIdempotent(at.db, request, working(scope));
    assert.deepEqual([answer.status, answer.body.toString()], [200, 'paid']);
    assert.equal(await effects(scope), 1);
  });

  test('an answer whose key was destroyed is refused, and the work is not done again', async () => {
    const scope = newId();
    await runIdempotent(at.db, requestOf(scope, 'k'), working(scope));
    await assert.rejects(
      runIdempotent(at.db, { ...requestOf(scope, 'k'), open: () => undefined }, working(scope)),
      code('conflict'),
    );
    assert.equal(await effects(scope), 1);
  });

  test('a batch looks many keys up at once and remembers many at once', async () => {
    const scope = newId();
    const rows = Array.from({ length: 500 }, (_, n) => ({
      id: newId(),
      scope,
      keyMac: mac(`batch ${n}`),
      requestMac: mac(`body ${n}`),
      status: n % 7 === 0 ? null : 202,
      answer: n % 7 === 0 ? null : seal(Buffer.from([n & 255])),
    }));
    await at.db.batch((tx) => remember(tx, rows));
    const found = await at.db.batch((tx) =>
      lookUp(tx, [...rows, { scope, keyMac: mac('never') }, { scope: newId(), keyMac: mac('batch 1') }]),
    );
    assert.equal(found.length, 500);
    for (const row of rows)
      assert.deepEqual(
        found.find(({ id }) => id === row.id),
        row,
      );
  });

  test('a look-up reads few partitions by their key, however many keys are stored', async () => {
    await at.sql(
      `insert into platform.idempotency (id, scope, key_mac, request_mac, status)
     select uuidv7(), gen_random_uuid(), decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), 202
       from generate_series(1, 20000) n`,
    );
    // Autoanalyze looks at the partitions that were written, so coming days keep the planner's cautious guess.
    const [today] = await at.sql<{ name: string }>(
      `select tableoid::regclass::text as name from platform.idempotency order by id desc limit 1`,
    );
    await at.sql(`analyze ${today!.name}`);
    const registered = (await import('../db/statement.ts')).registeredStatements();
    const { text } = registered.find(({ name }) => name === 'platform.look_up_idempotency_keys')!;
    const macs = Array.from({ length: 200 }, (_, n) => mac(`plan ${n}`));
    const plan = await at.sql<{ 'QUERY PLAN': string }>(
      `explain (analyze, timing off, summary off) ${text}`,
      [macs.map(newId), macs, 'P2D'],
    );
    const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
    assert.doesNotMatch(lines, /Seq Scan|Hash Join|Merge Join/, lines);
    assert.match(lines, /Index (?:Only )?Scan/);
    const touched = [...lines.matchAll(/on (idempotency_\w+) (?!.*never executed)/g)].map(([, name]) => name);
    assert.ok(new Set(touched).size <= 4, lines);
  });

  test('a key is known for 48 hours; then it is free', async () => {
    const scope = newId();
    const request = requestOf(scope, 'old');
    await runIdempotent(at.db, request, working(scope));
    await at.advance(48 * 3_600_000 - 1_500);
    await follow();
    assert.equal((await runIdempotent(at.db, request, working(scope))).replayed, true);
    await at.advance(3_000);
    await follow();
    assert.equal((await runIdempotent(at.db, request, working(scope))).replayed, false);
    assert.equal(await effects(scope), 2);
  });

  test('keys go in the order of their birth, a batch at a time, and their day when it is empty', async () => {
    const scope = newId();
    const remembered = Array.from({ length: 5 }, (_, n) => ({
      id: newId(),
      scope,
      keyMac: mac(`ends ${n}`),
      requestMac: mac(`ends ${n}`),
      status: 202,
      answer: null,
    }));
    await at.db.batch((tx) => remember(tx, remembered));
    const ids = remembered.map(({ id }) => id);
    const highest = idFloor(idTimeMs(ids.at(-1)!) + 1);
    const held = newId();
    const lowest = idFloor(0);
    await at.db.batch((tx) =>
      remember(tx, [{ ...remembered[0]!, id: newId(), scope: held, keyMac: mac('held') }]),
    );
    const expire = (limit: number) => at.db.batch((tx) => expireKeys(tx, lowest, highest, [held], limit));
    let gone: string[] = [];
    for (let found = await expire(10_000); found.length > 0; found = await expire(3)) {
      gone = [...gone, ...found.filter((row) => row.scope === scope).map(({ id }) => id)];
    }
    assert.deepEqual([...gone].sort(), ids);
    const [row] = await at.sql<{ count: string }>(
      'select count(*) from platform.idempotency where scope = $1',
      [held],
    );
    assert.equal(Number(row!.count), 1, 'what is held stays');
  });
});
