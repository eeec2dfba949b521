// Limits on a real database: exactly as many pass as there are tokens, whoever asks at the same time.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Database } from '#platform/database';
import { createLog } from '#platform/log';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../../test/harness.ts';
import { abuseExpiry } from '../expiry.ts';
import { LIMITS, limitsWith } from './limits.ts';
import { type Ask, createThrottle, type Taken, type Throttle } from './throttle.ts';

const log = createLog({ level: 'silent' });
let people = 0;
const somebody = () => `person-${++people}@example.com`;

describe('limits over all processes', () => {
  let keyring: Keyring;
  let elsewhere: Database;
  // Hooks run in the order they are registered: what uses the database ends before it does.
  after(() => elsewhere.end());
  const database = useDatabase();
  /** Another process: nothing of it is shared but the database. */
  const process = (db = database.db): Throttle => createThrottle({ db, keyring, log });

  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    elsewhere = new Database({ url: database.url, connections: 4, connectTimeoutMs: 60_000 });
    await database.standAt(new Date('2026-11-26T12:00:00Z'));
  });

  const passed = (answers: readonly Taken[]) => answers.filter(({ allowed }) => allowed).length;
  const rows = async (where = 'true') =>
    (
      await database.sql<{ count: number }>(
        `select count(*)::integer as count from abuse.bucket where ${where}`,
      )
    )[0]!.count;
  const expire = async (key: string, now: Date, before: Date) => {
    const handler = abuseExpiry(keyring).find((one) => one.key === key)!;
    return database.db.batch((tx) =>
      handler.expire(tx, {
        now,
        before,
        from: 'created',
        until: null,
        limit: 100,
        held: [],
        progress: { after: null },
        onErased: async () => undefined,
      }),
    );
  };

  test('of a hundred tries at once, over two processes, exactly as many pass as the bucket holds (checklist 11)', async () => {
    const [one, other] = [process(), process(elsewhere)];
    const email = somebody();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        (at % 2 === 0 ? one : other).take([{ limit: 'sign_in.email', subject: email }]),
      ),
    );
    assert.equal(passed(answers), LIMITS['sign_in.email'].burst);
    const refused = answers.find(({ allowed }) => !allowed)!;
    assert.ok(!refused.allowed && refused.code === 'sign_in_too_often');
    assert.equal(!refused.allowed && refused.retryAfterSeconds, LIMITS['sign_in.email'].refillSeconds);
  });

  test('all buckets or none: who is refused by one has taken of no other, in whatever order they are named', async () => {
    const [one, other] = [process(), process(elsewhere)];
    const email = somebody();
    const addresses = Array.from({ length: 20 }, (_, at) => `192.0.2.${at}`);
    const answers = await Promise.all(
      addresses.flatMap((subject, at): Promise<Taken>[] => {
        const asks: Ask[] = [
          { limit: 'sign_in.email', subject: email },
          { limit: 'sign_in.address', subject },
        ];
        return [one.take(at % 3 === 0 ? asks : asks.toReversed()), other.take(asks.toReversed())];
      }),
    );
    assert.equal(passed(answers), LIMITS['sign_in.email'].burst);
    // What the addresses have left shows that the refused took nothing: together they miss what passed.
    const left = await Promise.all(
      addresses.map(async (subject) => {
        const { burst } = LIMITS['sign_in.address'];
        const { allowed } = await process().take([{ limit: 'sign_in.address', subject, cost: burst }]);
        if (allowed) return 0;
        return (await process().take([{ limit: 'sign_in.address', subject, cost: burst - 1 }])).allowed
          ? 1
          : 2;
      }),
    );
    assert.equal(
      left.reduce<number>((sum, missing) => sum + missing, 0),
      LIMITS['sign_in.email'].burst,
    );
  });

  test('many buckets asked for in many orders end in no deadlock', async () => {
    const throttles = [process(), process(elsewhere)];
    const keys = Array.from({ length: 6 }, () => somebody());
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        throttles[at % 2]!.take(
          keys.map((_, place) => ({ limit: 'sign_in.email', subject: keys[(place * 5 + at) % 6]! })),
        ),
      ),
    );
    assert.equal(passed(answers), LIMITS['sign_in.email'].burst);
  });

  test('tokens come back one by one, and what is given back is there at once, once', async () => {
    const email = somebody();
    const ask: Ask[] = [{ limit: 'sign_in.email', subject: email }];
    const { burst, refillSeconds } = LIMITS['sign_in.email'];
    const taken = await Promise.all(Array.from({ length: burst }, () => process().take(ask)));
    assert.equal((await process().take(ask)).allowed, false);
    const [first] = taken;
    const throttle = process();
    assert.ok(first?.allowed);
    await throttle.giveBack(first.tokens);
    await throttle.giveBack(first.tokens);
    assert.equal((await process().take(ask)).allowed, true);
    assert.equal((await process().take(ask)).allowed, false);
    const backAt = Date.parse('2026-11-26T12:00:00Z') + refillSeconds * 1_000;
    await database.standAt(new Date(backAt - 1));
    assert.equal((await process().take(ask)).allowed, false);
    await database.standAt(new Date(backAt));
    assert.equal((await process().take(ask)).allowed, true);
    assert.equal((await process().take(ask)).allowed, false);
    await database.standAt(new Date('2026-11-26T13:00:00Z'));
  });

  test('one spelling of an address or mail does not get around the limit of another', async () => {
    const throttle = process();
    const { burst } = LIMITS['sign_up.address'];
    for (const subject of ['198.51.100.7', '::ffff:198.51.100.7', '::FFFF:c633:6407', '::ffff:198.51.100.7'])
      await throttle.take([{ limit: 'sign_up.address', subject }]);
    assert.equal(
      (await throttle.take([{ limit: 'sign_up.address', subject: '198.51.100.7', cost: burst - 3 }])).allowed,
      false,
    );
    const local = somebody();
    await throttle.take([{ limit: 'sign_up.email', subject: local, cost: 3 }]);
    for (const subject of [local.toUpperCase(), ` ${local}`, local.replace('p', 'ｐ')])
      assert.equal((await throttle.take([{ limit: 'sign_up.email', subject }])).allowed, false, subject);
  });

  test('no row holds a subject, and two rows of one subject share nothing', async () => {
    const subject = '203.0.113.99';
    await process().take([
      { limit: 'sign_in.address', subject },
      { limit: 'sign_up.address', subject },
    ]);
    const stored = await database.sql<{ row: string; address: Buffer | null }>(
      'select b::text as row, address from abuse.bucket b',
    );
    assert.ok(stored.every(({ row }) => !row.includes('203.0.113') && !row.includes('example.com')));
    const indexes = stored.flatMap(({ address }) => (address ? [address.toString('hex')] : []));
    assert.equal(new Set(indexes).size, indexes.length);
  });

  test('within a transaction that fails nothing was taken', async () => {
    const ask: Ask[] = [{ limit: 'top_up.workspace', subject: 'a-workspace', cost: 10 }];
    await assert.rejects(
      database.db.batch(async (tx) => {
        assert.equal((await process().takeWithin(tx, ask)).allowed, true);
        throw new Error('something else went wrong');
      }),
    );
    assert.equal((await process().take(ask)).allowed, true);
    assert.equal((await process().take(ask)).allowed, false);
  });

  test('after a change of the index key what was taken still counts', async () => {
    const store = openMemoryKeyStore();
    const old = await openKeyring(store);
    const ask: Ask[] = [{ limit: 'sign_in.email', subject: somebody() }];
    const before = createThrottle({ db: database.db, keyring: old, log });
    for (let tried = 0; tried < LIMITS['sign_in.email'].burst; tried++) await before.take(ask);
    const renewed = createThrottle({
      db: database.db,
      log,
      keyring: {
        globalIndexCandidates: (column, value) => [
          keyring.globalIndexCandidates(column, `new ${value}`)[0]!,
          ...old.globalIndexCandidates(column, value),
        ],
      },
    });
    assert.equal((await renewed.take(ask)).allowed, false);
    await database.advance(LIMITS['sign_in.email'].refillSeconds * 1_000);
    assert.deepEqual([(await renewed.take(ask)).allowed, (await renewed.take(ask)).allowed], [true, false]);
    await database.standAt(new Date('2026-11-26T14:00:00Z'));
  });

  test('what may not be stored is counted in memory, as exactly, and leaves no row', async () => {
    const before = await rows();
    const throttle = createThrottle({
      db: database.db,
      keyring,
      log,
      holds: (category) => category !== 'user.device.ip_address',
    });
    const ask: Ask[] = [{ limit: 'sign_in.address', subject: '192.0.2.200' }];
    const answers = await Promise.all(Array.from({ length: 100 }, () => throttle.take(ask)));
    assert.equal(passed(answers), LIMITS['sign_in.address'].burst);
    assert.equal(await rows(), before);
    // Refused by the database, it has taken nothing of what is in memory.
    const both: Ask[] = [
      { limit: 'reset.address', subject: '192.0.2.201' },
      { limit: 'reset.email', subject: somebody() },
    ];
    const mixed = [];
    for (let tried = 0; tried < 9; tried++) mixed.push(await throttle.take(both));
    assert.equal(passed(mixed), LIMITS['reset.email'].burst);
    assert.equal(
      (await throttle.take([{ limit: 'reset.address', subject: '192.0.2.201', cost: 7 }])).allowed,
      true,
    );
  });

  test('with the database away, sign-in is shut and what is harmless goes on (checklist 56)', async () => {
    const away = new Database({ url: 'postgresql://nobody@127.0.0.1:1/none', connectTimeoutMs: 500 });
    const throttle = process(away);
    await assert.rejects(
      throttle.take([{ limit: 'sign_in.email', subject: somebody() }]),
      (error: { code?: string; retryAfterSeconds?: number }) =>
        error.code === 'unavailable' && error.retryAfterSeconds === 1,
    );
    const open = await throttle.take([{ limit: 'create_key.workspace', subject: 'a-workspace' }]);
    assert.ok(open.allowed);
    await throttle.giveBack(open.tokens);
    await away.end();
  });

  test('a flood of what was just refused costs no statement', async () => {
    let asked = 0;
    const counting = Object.create(database.db, {
      batchEnding: {
        value: (work: Parameters<Database['batchEnding']>[0]) => {
          asked++;
          return database.db.batchEnding(work);
        },
      },
    }) as Database;
    const throttle = process(counting);
    const ask: Ask[] = [{ limit: 'reset.email', subject: somebody() }];
    for (let tried = 0; tried < 200; tried++) await throttle.take(ask);
    // The first of each second asks; all of these were within one of the stopped clock.
    assert.equal(asked, LIMITS['reset.email'].burst + 1);
  });

  test('a bucket goes soon after it is full, an address when the policy says so, and forgetting frees at once', async () => {
    const throttle = createThrottle({
      db: database.db,
      keyring,
      log,
      limits: limitsWith({ 'sign_in.account': { burst: 2, refillSeconds: 60 } }),
    });
    const account: Ask[] = [{ limit: 'sign_in.account', subject: 'an-account', cost: 2 }];
    assert.equal((await throttle.take(account)).allowed, true);
    assert.equal((await throttle.take(account)).allowed, false);
    await database.db.batch((tx) => throttle.forget(tx, 'account', 'an-account'));
    assert.equal((await throttle.take(account)).allowed, true);

    const moment = new Date('2026-11-26T14:00:00Z');
    const addresses = await rows('address is not null');
    assert.ok(addresses > 0);
    await expire('ip', moment, new Date(moment.getTime() - 3_600_001));
    assert.equal(await rows('address is not null and created_at < $$2026-11-26T13:00:00Z$$'), 0);
    const all = await rows();
    await expire('account', moment, moment);
    assert.ok((await rows()) < all, 'those full by now are gone');
    assert.ok((await rows('full_at > $$2026-11-26T14:00:00Z$$')) > 0, 'those in use are not');
    await expire('account', new Date('2026-12-27T14:00:00Z'), moment);
    assert.equal(await rows(), 0);
  });
});
