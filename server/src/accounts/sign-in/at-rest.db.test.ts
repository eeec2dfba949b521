// What is left of people who signed up and in: their address, their password and where they came from, looked for in
// every form in the tables, in the files of the database with its write-ahead log, and in the log.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { api } from '@sotto/contract';
import { createThrottle } from '#abuse';
import { abuseExpiry } from '#abuse/expiry';
import { createHttpServer, type HttpServer } from '#http';
import { configureLog, log } from '#platform/log';
import { type Keyring, openKeyring } from '#privacy';
import { HOLDS_ALL } from '#privacy/collection';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { readerFor, UnreadableQuery } from '#privacy/reading';
import type { ExpiryHandler } from '#privacy/retention';
import { textForms } from '../../../test/content/canary-forms.ts';
import { searchDisk } from '../../../test/content/disk-search.ts';
import { useDatabase } from '../../../test/harness.ts';
import { testAccounts } from '../../../test/people.ts';
import { accountMail } from '../../main/compose-accounts.ts';
import { dataMap } from '../../main/data-map.ts';
import { attemptsUnder, createAuthenticator } from '../accounts.ts';
import { sessionExpiry } from '../expiry.ts';
import { accounts } from '../steward.ts';
import type { AccountLetter } from './account-mail.ts';
import { signInRoutes } from './routes.ts';

/** Purposes for which the policy sends mail. */
const DECLARED: ReadonlySet<string> = new Set(['contact', 'security']);

const canary = (word: string) => `${word}${randomBytes(6).toString('hex')}`;
const LOCAL = canary('heliotrope');
const PASSWORD = canary('Zwetschgen');
const WRONG = canary('Mirabellen');
/** Documentation prefix (RFC 3849); its last octets are of this run. */
const NETWORK = `2001:db8:${(0x1000 | randomBytes(1)[0]!).toString(16)}:${(0x1000 | randomBytes(1)[0]!).toString(16)}`;
const POLICY = `sha256:${'ab'.repeat(32)}`;

describe('after a journey through sign-up and sign-in', () => {
  let server: HttpServer;
  after(() => server.close());
  const database = useDatabase();
  let keyring: Keyring;
  /** Of the write-ahead log, which other tests write too. */
  let firstSegment = '';
  const lines: string[] = [];
  const letters: AccountLetter[] = [];
  const call = async (path: string, body: object, remoteAddress = `${NETWORK}::7`) => {
    const answer = await server.fastify.inject({ method: 'POST', url: path, payload: body, remoteAddress });
    return { status: answer.statusCode, body: answer.json() };
  };
  const signIn = (email: string, password: string, from?: string) =>
    call(api.sessions.create.path, { email, password }, from);

  before(async () => {
    configureLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
    keyring = await openKeyring(openMemoryKeyStore());
    const { db } = database;
    const [wal] = await database.sql<{ name: string }>(
      'select pg_walfile_name(pg_current_wal_lsn()) as name',
    );
    firstSegment = wal!.name;
    const mail = accountMail(keyring, () => 'https://sotto.example', DECLARED);
    const authenticator = createAuthenticator(db, keyring);
    server = createHttpServer({
      db,
      keyring,
      log,
      authenticator,
      routes: signInRoutes({
        ...(await testAccounts(db, keyring, POLICY, [])),
        attempts: attemptsUnder(createThrottle({ db, keyring, log })),
        mail: {
          async queue(tx, letter) {
            letters.push(letter);
            await mail.queue(tx, letter);
          },
        },
        db,
        keyring,
        holds: HOLDS_ALL,
        authenticator,
      }),
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
    });
    const opened = await call(api.signUp.start.path, {
      email: `${LOCAL}@example.com`,
      password: PASSWORD,
      of_age: true,
      accepted_policy: POLICY,
    });
    assert.equal(opened.status, 202);
    const letter = letters.at(-1)!;
    assert.ok('secret' in letter);
    assert.equal((await call(api.signUp.confirm.path, { token: letter.secret })).status, 201);
    assert.equal((await signIn(`${LOCAL}@example.com`, PASSWORD)).status, 201, 'what is stored verifies');
    assert.equal((await signIn(`${LOCAL}@example.com`, WRONG)).status, 401);
    log.info('accounts.tested');
  });

  test('address, password and network address stand in no table, no file of the database and no log line', async () => {
    const plant = canary('planted');
    await database.sql(`create table public.planted as select $1::text as word`, [plant]);
    await database.sql('checkpoint');
    const tables = await database.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const dump: string[] = [];
    for (const { name } of tables) {
      const rows = await database.sql<{ row: string }>(`select t::text as row from ${name} t`);
      dump.push(...rows.map(({ row }) => row));
    }
    const [place] = await database.sql<{ folder: string; base: string }>(
      `select current_setting('data_directory') as folder, oid::text as base
         from pg_database where datname = current_database()`,
    );
    const segments = readdirSync(join(place!.folder, 'pg_wal')).filter((name) => name >= firstSegment);
    const folders = [
      join(place!.folder, 'base', place!.base),
      ...segments.map((name) => join(place!.folder, 'pg_wal', name)),
    ];
    const forms = [LOCAL, PASSWORD, WRONG, NETWORK, plant].flatMap((text) =>
      textForms(text).map((form) => ({ ...form, name: `${text}: ${form.name}` })),
    );
    const { hits, bytes } = searchDisk(folders, forms);
    assert.ok(bytes > 1_000_000);
    const strange = hits.filter(({ form }) => !form.startsWith(plant));
    assert.deepEqual(strange, []);
    assert.ok(hits.length > 0, 'what is not sealed is found');
    assert.ok(dump.join('\n').includes(plant));
    assert.ok(lines.some((line) => line.includes('accounts.tested')));
    const said = Buffer.from(`${dump.join('\n')}\n${lines.join('\n')}`);
    for (const { name, octets } of forms) {
      if (!name.startsWith(plant)) assert.ok(!said.includes(octets), name);
    }
  });

  test('the address of a mailbox is read for what the policy says, and refused for marketing', () => {
    const read = readerFor(accounts);
    const tx = { demandPurpose: () => undefined };
    const asked = (purpose: 'security' | 'marketing') =>
      read(tx, purpose as 'security')
        .selectFrom('accounts.person')
        .select('email')
        .compile();
    assert.match(asked('security').sql, /"email"/);
    assert.throws(() => asked('marketing'), UnreadableQuery);
    for (const [name, tag] of dataMap.columns) {
      if (!('category' in tag) || tag.category !== 'user.contact.email') continue;
      assert.ok(!(tag.purposes as readonly string[]).includes('marketing'), name);
    }
  });

  test('where somebody is, is known to the country at most: no column is finer', () => {
    for (const [name, tag] of dataMap.columns) {
      if ('category' in tag) assert.ok(!tag.category.startsWith('user.location.precise'), name);
    }
  });

  test('wrong passwords in a row from one network stop at its limit, and what counted them expires', async () => {
    const from = '2001:db8:ffff:1::1';
    const statuses: number[] = [];
    for (let at = 0; at < 51; at++) {
      const { status } = await signIn(`nobody-${at}@example.com`, WRONG, `2001:db8:ffff:1::${at}`);
      statuses.push(status);
    }
    assert.deepEqual([...new Set(statuses.slice(0, 50))], [401]);
    assert.equal(statuses[50], 429);
    assert.equal((await signIn('nobody@example.com', WRONG, from)).status, 429);
    assert.equal((await signIn('nobody@example.com', WRONG, '2001:db8:ffff:2::1')).status, 401);
    const rows = () => database.sql('select 1 from abuse.bucket where address is not null');
    assert.ok((await rows()).length > 0);
    const handler = abuseExpiry(keyring).find(({ key }) => key === 'ip')!;
    await expire(handler, 86_400_000);
    assert.deepEqual(await rows(), []);
  });

  test('a session that is past its time goes, row and all', async () => {
    const rows = () => database.sql('select 1 from accounts.session');
    assert.ok((await rows()).length > 0);
    await expire(sessionExpiry, 86_400_000);
    assert.deepEqual(await rows(), []);
  });

  /** Ends what is older than a moment that lies `inMs` ahead. */
  async function expire(handler: ExpiryHandler, inMs: number) {
    const moment = new Date(Date.now() + inMs);
    await database.db.batch((tx) =>
      handler.expire(tx, {
        now: moment,
        before: moment,
        from: 'created',
        until: null,
        limit: 1_000,
        held: [],
        progress: { after: null },
        onErased: async () => undefined,
      }),
    );
  }
});
