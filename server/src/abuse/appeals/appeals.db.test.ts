// Appeals through the whole server: made, read, decided, what a decision changes, and what is left of them at the end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { api, decodeId } from '@sotto/contract';
import { lift, restrict } from '#privacy/processing';
import { endOf, expireDue, liftLegalHold, placeLegalHold } from '#privacy/retention';
import { useApi } from '../../../test/api.ts';
import { callOperation, type Request } from '../../../test/route-contract.ts';
import { limitsFrom } from '../../privacy/retention/test/limits.ts';
import { grantsOf } from '../abuse.ts';
import { abuseExpiry, endAppealsOf } from '../expiry.ts';
import { verdict } from '../verdict.ts';

const SECRET = 'The word is heliotrope';
const DAY_MS = 86_400_000;

describe('appeals', () => {
  const limits = limitsFrom({ ticket: ['P12M', 'ticket_closed'] });
  const app = useApi({ limits });
  const { database } = app;
  const asShop = (operation: Parameters<typeof callOperation>[1], request: Request = {}) =>
    callOperation(app.server, operation, { token: app.shop.token, ...request });
  const asStaff = async (operation: Parameters<typeof callOperation>[1], request: Request = {}) =>
    callOperation(app.server, operation, {
      token: (await app.person({ staffRole: 'abuse', strength: 'second_factor' })).token,
      ...request,
    });
  const appeal = (reason: string) => asShop(api.appeals.create, { body: { reason, text: SECRET } });
  const appealed = async (reason: string): Promise<string> => {
    const made = await appeal(reason);
    assert.equal(made.status, 201, made.text);
    return made.body.id;
  };
  const decide = (id: string, body: object) => asStaff(api.admin.appeals.decide, { id, body });
  const grants = () => database.db.batch((tx) => grantsOf(tx, app.shop.id));
  const auditOf = async () =>
    (await callOperation(app.server, api.admin.audit.list, { token: app.admin })).body.data
      .filter(({ object }: { object: { kind: string } | null }) => object?.kind === 'appeal')
      .map(({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`);

  test('an appeal is made, waits once for its reason, and is read in words by its workspace and the staff alone', async () => {
    const id = await appealed('keys_too_often');
    const again = await appeal('keys_too_often');
    assert.deepEqual([again.status, again.body.code], [409, 'conflict']);
    for (const reason of ['sign_in_too_often', 'age_not_attested', 'no_such_reason']) {
      const refused = await appeal(reason);
      assert.deepEqual([refused.status, refused.body.field], [400, 'reason'], reason);
    }
    const rows = await database.sql<{ row: string }>('select a::text as row from abuse.appeal a');
    assert.ok(!JSON.stringify(rows).includes('heliotrope') && rows.length === 1);
    assert.equal((await asShop(api.appeals.get, { id })).body.text, SECRET);
    const [listed] = (await asShop(api.appeals.list)).body.data;
    assert.deepEqual([listed.id, listed.state, listed.text], [id, 'waiting', undefined]);
    const waiting = await asStaff(api.admin.appeals.list);
    assert.deepEqual(
      waiting.body.data.map((one: { id: string; workspace_id: string }) => [one.id, one.workspace_id]),
      [[id, app.shop.publicId]],
    );
    assert.ok(!waiting.text.includes('heliotrope'));
    assert.equal((await asStaff(api.admin.appeals.get, { id })).body.text, SECRET);
    assert.deepEqual(await auditOf(), ['appeal.read done']);
    const support = await app.person({ staffRole: 'support', strength: 'second_factor' });
    const foreign = await callOperation(app.server, api.admin.appeals.get, { token: support.token, id });
    assert.equal(foreign.body.code, 'scope_missing');
    await decide(id, { outcome: 'refused' });
  });

  test('one of many decisions at once stands, is recorded, and nobody of the staff reads it afterwards', async () => {
    const id = await appealed('rental_above_tier');
    const staff = await app.person({ staffRole: 'abuse', strength: 'second_factor' });
    const answers = await Promise.all(
      [{ outcome: 'refused' }, { outcome: 'granted', days: 3 }, { outcome: 'granted', days: 5 }].map((body) =>
        callOperation(app.server, api.admin.appeals.decide, { token: staff.token, id, body }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
    const entries = await auditOf();
    assert.equal(entries.filter((entry: string) => /^appeal\.(granted|refused) done$/.test(entry)).length, 2);
    const late = await asStaff(api.admin.appeals.get, { id });
    assert.deepEqual([late.status, late.body.code], [403, 'forbidden']);
    assert.ok((await auditOf()).includes('appeal.read refused'));
    assert.equal((await asShop(api.appeals.get, { id })).body.text, SECRET);
    for (const body of [
      { outcome: 'granted' },
      { outcome: 'refused', days: 3 },
      { outcome: 'refused', tier: 'T2' },
    ])
      assert.equal((await decide(id, body)).body.code, 'invalid_request');
  });

  test('what is granted holds until its end to the second, and verdicts follow it', async () => {
    await database.advance(4 * DAY_MS);
    const facts = {
      isVerified: true,
      isOfAge: true,
      accountAgeDays: 0,
      firstTopUpAgeDays: null,
      hasConfirmedPayment: false,
      isSuspended: false,
      countries: [],
    };
    const bulk = async (count: number) =>
      verdict({ ...facts, ...(await grants()) }, { kind: 'send_bulk', count, today: 0 }).outcome;
    assert.equal(await bulk(101), 'refuse');
    const lifted = await appealed('bulk_above_tier');
    const { granted_until } = (await decide(lifted, { outcome: 'granted', days: 1 })).body;
    assert.equal(await bulk(101), 'allow');
    assert.equal(await bulk(6_000_000), 'allow');
    const raised = await appealed('top_up_above_tier');
    assert.equal((await decide(raised, { outcome: 'granted', days: 30, tier: 'T2' })).body.tier, 'T2');
    assert.equal((await grants()).reviewedTier, 'T2');
    await database.standAt(new Date(Date.parse(granted_until) - 1_000));
    assert.ok((await grants()).exceptions.has('bulk_above_tier'));
    await database.standAt(new Date(Date.parse(granted_until) + 1_000));
    assert.ok(!(await grants()).exceptions.has('bulk_above_tier'));
    await database.advance(31 * DAY_MS);
    assert.deepEqual(await grants(), { reviewedTier: null, exceptions: new Set() });
  });

  test('a person who decides about speed sets the counters of the workspace back', async () => {
    const create = (at: number) =>
      asShop(api.keys.create, { body: { name: `key ${at}`, scopes: ['wallet:read'] } });
    let refused = await create(0);
    for (let at = 1; refused.status === 201 && at < 60; at++) refused = await create(at);
    assert.deepEqual([refused.body.code, refused.body.reason], ['rate_limited', 'keys_too_often']);
    await decide(await appealed(refused.body.reason), { outcome: 'granted', days: 1 });
    assert.equal((await create(100)).status, 201);
  });

  test('appeals are made no faster than five and one a day', async () => {
    await database.advance(6 * DAY_MS);
    const reasons = [
      'keys_too_often',
      'top_up_too_often',
      'account_suspended',
      'balance_above_tier',
      'bulk_above_tier',
    ];
    for (const reason of reasons) await appealed(reason);
    const refused = await appeal('rental_above_tier');
    assert.deepEqual([refused.body.code, refused.body.reason], ['rate_limited', 'requests_too_often']);
    await database.advance(DAY_MS);
    await appealed('rental_above_tier');
  });

  test('a restricted workspace is left alone: its appeal is neither read nor decided', async () => {
    const { id } = (await asStaff(api.admin.appeals.list)).body.data[0];
    const subject = { kind: 'workspace', id: app.shop.id } as const;
    await database.db.batch((tx) => restrict(tx, subject, 'accuracy_contested'));
    for (const answer of [
      await asStaff(api.admin.appeals.get, { id }),
      await decide(id, { outcome: 'refused' }),
    ])
      assert.deepEqual([answer.status, answer.body.code], [403, 'restricted']);
    await database.db.batch((tx) => lift(tx, subject, 'accuracy_contested'));
    assert.equal((await decide(id, { outcome: 'refused' })).status, 200);
  });

  test('a year after its decision an appeal is gone with its key; with its workspace at once; a legal hold keeps it', async () => {
    const run = async () => {
      const done = await expireDue(
        {
          db: database.db,
          keyring: app.keyring,
          limits,
          handlers: abuseExpiry(app.keyring),
          keyDayUsers: [],
          restFactor: 0,
        },
        new AbortController().signal,
      );
      if (done.failures.length > 0) throw done.failures[0];
    };
    const count = async (where = 'true') =>
      (
        await database.sql<{ n: number }>(`select count(*)::integer as n from abuse.appeal where ${where}`)
      )[0]!.n;
    const decided = (await asShop(api.appeals.list)).body.data.find(
      ({ state }: { state: string }) => state === 'refused',
    );
    const row = decodeId('apl', decided.id)!;
    const [copy] = await database.sql<{ body: Buffer }>('select body from abuse.appeal where id = $1', [row]);
    await database.standAt(new Date(endOf('P12M', new Date(decided.decided_at)).getTime() + 1_000));
    assert.equal((await asShop(api.appeals.get, { id: decided.id })).status, 404, 'before the job has run');
    const hold = await database.db.batch((tx) => placeLegalHold(tx, app.shop.id, 'court_order'));
    await run();
    assert.equal(await count(`id = '${row}'`), 1, 'held');
    await database.db.batch((tx) => liftLegalHold(tx, hold.id));
    await run();
    assert.equal(await count(`id = '${row}'`), 0);
    assert.ok((await count("state = 'waiting'")) > 0, 'what waits is not past');
    const keyId = app.keyring.keyId({ class: 'ticket', ticketId: row });
    app.keyring.evict([keyId]);
    await app.keyring.load([keyId]);
    const place = { column: 'abuse.appeal.body', rowId: row, ownerId: row, keyId } as const;
    assert.equal(app.keyring.open(place, copy!.body).state, 'shredded');
    await database.db.batch((tx) => endAppealsOf(tx, [app.shop.id]));
    assert.deepEqual((await asStaff(api.admin.appeals.list)).body.data, []);
    await run();
    assert.equal(await count(), 0);
  });
});
