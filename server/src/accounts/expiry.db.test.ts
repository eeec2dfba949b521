// When accounts end: closed workspaces, keys of administrators, tokens; and those nobody uses.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { type AnyJob, JobRunner } from '#platform/jobs';
import { Outbox } from '#platform/outbox';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import {
  expireDue,
  liftLegalHold,
  type OnErased,
  placeLegalHold,
  type RetentionLimits,
  retentionReport,
} from '#privacy/retention';
import { useDatabase } from '../../test/harness.ts';
import { personIn } from '../../test/people.ts';
import { endOf } from '../privacy/retention/limit.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import {
  type AccountLetter,
  closeWorkspace,
  createAdminToken,
  createAuthenticator,
  createKey,
  createWorkspace,
  findWorkspaces,
} from './accounts.ts';
import { noteActivity } from './activity.sql.ts';
import { closingNoticeJob } from './closing-mail.ts';
import { inactivityNotice } from './events.ts';
import { accountsExpiry } from './expiry.ts';
import { endInactive, inactivityTerms } from './inactivity.ts';

/** Keys are asked for no workspace: theirs is the only one. */
const ASKED = { scope: 'messages:read', workspaceId: null } as const;

const DAY_MS = 86_400_000;
const standard = limitsFrom({
  account: ['P24M', 'last_activity', 'account_closed'],
  audit: ['P24M', 'created'],
});
const terms = { after: 'P24M', notify: ['P30D', 'P7D'] };

describe('the end of accounts', () => {
  const database = useDatabase();
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
  });
  const erased: [string, readonly string[]][] = [];
  const onErased: OnErased = async (_tx, kind, ids) => void erased.push([kind, ids]);
  const options = (limits: RetentionLimits) => ({
    db: database.db,
    keyring,
    limits,
    handlers: accountsExpiry(keyring),
    keyDayUsers: [],
    restFactor: 0,
    onErased,
  });
  const run = async (limits = standard) => {
    const done = await expireDue(options(limits), new AbortController().signal);
    if (done.failures.length > 0) throw done.failures[0];
    return done;
  };
  const workspace = async () =>
    (
      await database.db.batch((tx) =>
        createWorkspace(tx, keyring, { kind: 'organisation', name: 'Example shop', currency: 'EUR' }),
      )
    ).id;
  const issue = async (workspaceId: string | null) => {
    const made = await database.db.batch((tx) =>
      createKey(tx, keyring, 'operator', {
        workspaceId,
        kind: workspaceId === null ? 'admin' : 'live',
        name: 'window',
        scopes: workspaceId === null ? ['admin:jobs'] : ['messages:read'],
        networks: [],
        expiresAt: null,
      }),
    );
    assert.ok(made.outcome === 'created');
    return made;
  };
  const close = (id: string) => database.db.batch((tx) => closeWorkspace(tx, id));
  const count = async (table: string, where: string, values: unknown[]) =>
    (await database.sql<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`, values))[0]!
      .n;
  const stored = (id: string) => count('accounts.workspace', 'id = $1', [id]);
  const now = async () => (await database.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now;
  const advanceTo = (moment: Date, byMs: number) => database.standAt(new Date(moment.getTime() + byMs));

  test('kept until it is closed, a workspace goes when it is, with its keys, and its name opens nowhere', async () => {
    const [id, other] = [await workspace(), await workspace()];
    const { token } = await issue(id);
    const [copy] = await database.sql<{ name: Buffer }>('select name from accounts.workspace where id = $1', [
      id,
    ]);
    await run();
    assert.equal(await stored(id), 1, 'it is open');
    await close(id);
    await run();
    assert.deepEqual([await stored(id), await stored(other)], [0, 1]);
    assert.equal(await count('accounts.api_key', 'workspace_id = $1', [id]), 0);
    assert.deepEqual(await database.db.batch((tx) => findWorkspaces(tx, keyring, [id])), []);
    const keyId = keyring.keyId({ class: 'identity', subjectId: id });
    await keyring.load([keyId]);
    const place = { column: 'accounts.workspace.name', rowId: id, ownerId: id, keyId } as const;
    assert.equal(keyring.open(place, copy!.name).state, 'shredded', 'a copy in a backup');
    const { outcome } = await createAuthenticator(database.db, keyring).authenticate(
      token,
      '127.0.0.1',
      ASKED,
    );
    assert.equal(outcome, 'refused');
    assert.ok(erased.some(([kind, ids]) => kind === 'workspace' && ids.includes(id)));
    const [wallet] = await database.sql<{ closed: boolean }>(
      'select closed_at is not null as closed from ledger.wallet where workspace_id = $1',
      [id],
    );
    assert.equal(wallet!.closed, true, 'the books stay as long as the law asks');
  });

  test('kept for some time after it was closed, it goes to the second', async () => {
    const after = limitsFrom({ account: ['P30D', 'account_closed'] });
    const id = await workspace();
    await close(id);
    const [row] = await database.sql<{ closed_at: Date }>(
      'select closed_at from accounts.workspace where id = $1',
      [id],
    );
    await advanceTo(endOf('P30D', row!.closed_at), -1_000);
    await run(after);
    assert.equal(await stored(id), 1);
    await advanceTo(endOf('P30D', row!.closed_at), 1_000);
    await run(after);
    assert.equal(await stored(id), 0);
  });

  test('a legal hold keeps a closed workspace, and lifted lets it go', async () => {
    const id = await workspace();
    const hold = await database.db.batch((tx) => placeLegalHold(tx, id, 'court_order'));
    await close(id);
    await run();
    assert.equal(await stored(id), 1);
    assert.equal((await retentionReport(options(standard))).find(({ key }) => key === 'account')!.held, 1);
    await database.db.batch((tx) => liftLegalHold(tx, hold.id));
    await run();
    assert.equal(await stored(id), 0);
  });

  test('an administrator’s key nobody used for the limit goes, one in use stays', async () => {
    const [idle, used] = [await issue(null), await issue(null)];
    const [row] = await database.sql<{ created_at: Date }>(
      'select created_at from accounts.api_key where id = $1',
      [idle.key.id],
    );
    const left = (id: string) => count('accounts.api_key', 'id = $1', [id]);
    await advanceTo(endOf('P24M', row!.created_at), -1_000);
    const authenticator = createAuthenticator(database.db, keyring);
    await authenticator.authenticate(used.token, '127.0.0.1', ASKED);
    await authenticator.recordUses();
    await run();
    assert.deepEqual([await left(idle.key.id), await left(used.key.id)], [1, 1]);
    await advanceTo(endOf('P24M', row!.created_at), 1_000);
    await run();
    assert.deepEqual([await left(idle.key.id), await left(used.key.id)], [0, 1]);
  });

  test('a token of the first administrator goes with the audit trail', async () => {
    await database.db.batch((tx) => createAdminToken(tx, keyring));
    const [row] = await database.sql<{ id: string; created_at: Date }>(
      'select id, created_at from accounts.admin_token order by id desc limit 1',
    );
    const left = () => count('accounts.admin_token', 'id = $1', [row!.id]);
    await advanceTo(endOf('P24M', row!.created_at), -1_000);
    await run();
    assert.equal(await left(), 1);
    await advanceTo(endOf('P24M', row!.created_at), 1_000);
    await run();
    assert.equal(await left(), 0);
  });

  const noticesOf = async (id: string) =>
    (
      await database.sql<{ distance: string }>(
        `select payload->>'distance' as distance from platform.outbox
          where name = 'accounts.inactivity_notice' and payload->>'workspace_id' = $1 order by id`,
        [id],
      )
    ).map(({ distance }) => distance);
  const letters: AccountLetter[] = [];
  const closing = {
    get keyring() {
      return keyring;
    },
    mail: { queue: async (_tx: unknown, letter: AccountLetter) => void letters.push(letter) },
  };
  const inactive = () => endInactive(database.db, terms, closing);

  test('an idle workspace hears of its end at each distance once, then it is closed and erased', async () => {
    const id = await workspace();
    const lastDay = new Date((await now()).toISOString().slice(0, 10));
    const end = endOf('P24M', lastDay);
    await advanceTo(end, -31 * DAY_MS);
    await inactive();
    assert.deepEqual(await noticesOf(id), []);
    await advanceTo(end, -30 * DAY_MS + 1_000);
    await inactive();
    await inactive();
    assert.deepEqual(await noticesOf(id), ['P30D'], 'once');
    await advanceTo(end, -7 * DAY_MS + 1_000);
    await inactive();
    assert.deepEqual(await noticesOf(id), ['P30D', 'P7D']);
    await advanceTo(end, -1_000);
    assert.ok(!(await inactive()).closed.includes(id));
    await advanceTo(end, 2_000);
    assert.ok((await inactive()).closed.includes(id));
    await run();
    assert.equal(await stored(id), 0);
    assert.equal(await count('accounts.inactivity_notice', 'workspace_id = $1', [id]), 0);
  });

  test('owners hear of each notice and of the end by mail, with the day; a device has no address and hears nothing', async () => {
    const job = closingNoticeJob(closing);
    const outbox = new Outbox({ db: database.db });
    outbox.subscribe(inactivityNotice, job);
    const told = async () => {
      letters.length = 0;
      await inactive();
      await outbox.dispatchAll();
      await new JobRunner({ db: database.db, jobs: [job] as unknown as AnyJob[] }).runDue();
      return letters.map((letter) => [
        letter.kind,
        letter.to,
        'closesOn' in letter ? letter.closesOn.toISOString().slice(0, 10) : null,
      ]);
    };
    await inactive();
    await outbox.dispatchAll();
    await database.sql('delete from platform.job');
    const began = await now();
    await personIn(database.db, keyring, { email: 'idle@example.com' });
    await personIn(database.db, keyring, { email: null });
    const end = endOf('P24M', new Date(began.toISOString().slice(0, 10)));
    const mine = async () => (await told()).filter(([, to]) => to === 'idle@example.com');
    const day = end.toISOString().slice(0, 10);
    await advanceTo(end, -30 * DAY_MS + 1_000);
    assert.deepEqual(await mine(), [['account_closing', 'idle@example.com', day]]);
    assert.deepEqual(await mine(), [], 'once');
    await advanceTo(end, -7 * DAY_MS + 1_000);
    assert.deepEqual(await mine(), [['account_closing', 'idle@example.com', day]]);
    await advanceTo(end, 2_000);
    assert.deepEqual(await mine(), [['account_closed', 'idle@example.com', null]]);
    assert.deepEqual(await mine(), []);
  });

  test('whoever comes back in between stays, and would hear of it again', async () => {
    const id = await workspace();
    const { token } = await issue(id);
    await database.advance(720 * DAY_MS);
    await inactive();
    assert.deepEqual(await noticesOf(id), ['P30D']);
    const authenticator = createAuthenticator(database.db, keyring);
    await authenticator.authenticate(token, '127.0.0.1', ASKED);
    await authenticator.recordUses();
    await database.advance(40 * DAY_MS);
    assert.ok(!(await inactive()).closed.includes(id));
    await database.advance(680 * DAY_MS);
    await inactive();
    assert.deepEqual(await noticesOf(id), ['P30D', 'P30D']);
  });

  test('nobody is closed who was not told in time, however late the notice went out', async () => {
    const id = await workspace();
    await database.advance(800 * DAY_MS);
    const first = await inactive();
    assert.ok(!first.closed.includes(id));
    assert.deepEqual((await noticesOf(id)).sort(), ['P30D', 'P7D']);
    await database.advance(7 * DAY_MS - 60_000);
    assert.ok(!(await inactive()).closed.includes(id));
    await database.advance(120_000);
    assert.ok((await inactive()).closed.includes(id));
  });

  test('under a legal hold an idle workspace is not closed', async () => {
    const id = await workspace();
    await database.db.batch((tx) => placeLegalHold(tx, id, 'court_order'));
    await database.advance(800 * DAY_MS);
    await inactive();
    await database.advance(10 * DAY_MS);
    assert.ok(!(await inactive()).closed.includes(id));
  });

  test('a ceiling on open accounts that may come before the end by disuse is the end', () => {
    const ceiling = (duration: string) =>
      limitsFrom({ account: [duration, 'last_activity', 'account_closed'] });
    assert.equal(inactivityTerms(terms, ceiling('P12M')).after, 'P12M');
    assert.equal(inactivityTerms(terms, ceiling('P36M')).after, 'P24M');
    assert.equal(inactivityTerms(terms, limitsFrom({ account: ['P1M', 'account_closed'] })).after, 'P24M');
  });

  test('activity is written once a day', async () => {
    const id = await workspace();
    const day = async () =>
      (
        await database.sql<{ version: string }>(
          'select xmin::text as version from accounts.workspace where id = $1',
          [id],
        )
      )[0]!.version;
    const made = await day();
    await database.db.batch((tx) => noteActivity(tx, [id, newId()]));
    assert.equal(await day(), made, 'the day it was made on');
    await database.advance(DAY_MS);
    await database.db.batch((tx) => noteActivity(tx, [id]));
    const next = await day();
    assert.notEqual(next, made);
    await database.db.batch((tx) => noteActivity(tx, [id]));
    assert.equal(await day(), next);
  });
});
