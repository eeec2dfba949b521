// Numbers that are not written to: recorded once, found in one statement, lifted by nobody but their recipient.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createConsent, withdrawConsent } from '@sotto/contract/consents';
import { checkOptOuts, createOptOut, deleteOptOut, listOptOuts } from '@sotto/contract/opt-outs';
import { useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { type NewSuppression, suppress, suppressedAmong } from './suppress.ts';

const POLICY = '0f'.repeat(32);
let numbers = 0;
/** A number of a range that is kept for drama; another one each time. */
const aNumber = () => `+4915551${String(++numbers).padStart(6, '0')}`;

describe('suppressions', () => {
  const app = useApi();
  const asShop = (operation: Parameters<typeof callOperation>[1], request: object = {}) =>
    callOperation(app.server, operation, { token: app.shop.token, ...request });
  const optOut = async (body: object) => (await asShop(createOptOut, { body })).body;
  const isOptedOut = async (number: string, messageClass = 'marketing') =>
    (await asShop(checkOptOuts, { body: { numbers: [number], class: messageClass } })).body.data[0].opted_out;
  const add = (number: string, change: Partial<NewSuppression> = {}) =>
    app.database.db.batch((tx) =>
      suppress(tx, app.keyring, number, {
        workspaceId: app.shop.id,
        kind: 'stop',
        covers: 'marketing',
        source: 'recipient',
        ...change,
      }),
    );
  const count = async (where: string) =>
    (
      await app.database.sql<{ count: number }>(
        `select count(*)::integer as count from privacy.suppression where ${where}`,
      )
    )[0]!.count;

  test('recorded twice it is one, also when both come at once', async () => {
    const number = aNumber();
    const before = await count('true');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => optOut({ number })));
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    assert.equal(await count('true'), before + 1);
    assert.equal(await isOptedOut(number), true);
  });

  test('one that covers marketing leaves codes and transactional messages alone, and widens but never narrows', async () => {
    const number = aNumber();
    await optOut({ number });
    assert.deepEqual(
      [await isOptedOut(number, 'otp'), await isOptedOut(number, 'transactional')],
      [false, false],
    );
    assert.equal((await optOut({ number, covers: 'all' })).covers, 'all');
    assert.deepEqual([await isOptedOut(number, 'otp'), await isOptedOut(number)], [true, true]);
    assert.equal((await optOut({ number, covers: 'marketing' })).covers, 'all');
  });

  test('one of the installation holds for every workspace, and is in nobody’s list', async () => {
    const number = aNumber();
    const { id } = await add(number, { workspaceId: null, kind: 'operator_block', source: 'operator' });
    assert.equal(await isOptedOut(number), true);
    const theirs = await callOperation(app.server, checkOptOuts, {
      token: app.stranger.token,
      body: { numbers: [number] },
    });
    assert.equal(theirs.body.data[0].opted_out, true);
    const listed = (await asShop(listOptOuts, { query: { limit: '200' } })).body.data;
    assert.ok(listed.length > 0);
    assert.ok(!JSON.stringify(listed).includes(id.slice(0, 8)));
  });

  test('of many numbers the right ones are found, whatever their order and workspace', async () => {
    const asked = Array.from({ length: 300 }, () => aNumber());
    const stopped = asked.filter((_, at) => at % 7 === 3);
    for (const number of stopped) await add(number);
    await add(asked[0]!, { workspaceId: app.stranger.id });
    const recipients = asked.flatMap((number) => [
      { workspaceId: app.shop.id, number, class: 'marketing' as const },
      { workspaceId: app.stranger.id, number, class: 'marketing' as const },
    ]);
    const found = await app.database.db.batch((tx) => suppressedAmong(tx, app.keyring, recipients));
    const expected = recipients.flatMap(({ workspaceId, number }, at) =>
      (workspaceId === app.shop.id && stopped.includes(number)) ||
      (workspaceId === app.stranger.id && number === asked[0])
        ? [at]
        : [],
    );
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      expected,
    );
    const none = await app.database.db.batch((tx) => suppressedAmong(tx, app.keyring, []));
    assert.equal(none.size, 0);
  });

  test('only a later consent of the recipient lifts a stop', async () => {
    const number = aNumber();
    const consent = { purpose: 'marketing', policy_hash: POLICY, recipient: number };
    await asShop(createConsent, { body: consent });
    await app.database.advance(1_000);
    const { id } = await optOut({ number });
    const refused = await asShop(deleteOptOut, { id });
    assert.deepEqual(
      [refused.status, refused.body.code],
      [409, 'conflict'],
      'an earlier consent lifts nothing',
    );
    await app.database.advance(1_000);
    await asShop(createConsent, { body: { ...consent, recipient: aNumber() } });
    assert.equal((await asShop(deleteOptOut, { id })).status, 409, 'nor does that of another number');
    await asShop(createConsent, { body: { purpose: 'marketing', policy_hash: POLICY } });
    assert.equal((await asShop(deleteOptOut, { id })).status, 409, 'nor that of the workspace');
    await asShop(createConsent, { body: consent });
    assert.equal((await asShop(deleteOptOut, { id })).status, 204);
    assert.equal(await isOptedOut(number), false);
    assert.equal((await asShop(deleteOptOut, { id })).status, 404);
  });

  test('a consent that was withdrawn or has expired lifts nothing', async () => {
    const [withdrawn, expired] = [aNumber(), aNumber()];
    const [first, second] = [await optOut({ number: withdrawn }), await optOut({ number: expired })];
    await app.database.advance(1_000);
    const consent = { purpose: 'marketing', policy_hash: POLICY };
    const given = (await asShop(createConsent, { body: { ...consent, recipient: withdrawn } })).body;
    await asShop(withdrawConsent, { id: given.id, body: {} });
    const [{ now }] = (await app.database.sql<{ now: Date }>('select platform.clock() as now')) as [
      { now: Date },
    ];
    const expires_at = new Date(now.getTime() + 60_000).toISOString();
    await asShop(createConsent, { body: { ...consent, recipient: expired, expires_at } });
    await app.database.advance(61_000);
    for (const { id } of [first, second]) assert.equal((await asShop(deleteOptOut, { id })).status, 409);
  });

  test('a complaint and a block of the operator are not lifted by consent', async () => {
    const number = aNumber();
    const complaint = await optOut({ number, kind: 'complaint' });
    const block = await add(number, { workspaceId: null, kind: 'operator_block', source: 'operator' });
    await app.database.advance(1_000);
    await asShop(createConsent, { body: { purpose: 'marketing', policy_hash: POLICY, recipient: number } });
    assert.equal((await asShop(deleteOptOut, { id: complaint.id })).status, 409);
    const { encodeId } = await import('@sotto/contract');
    assert.equal((await asShop(deleteOptOut, { id: encodeId('opt', block.id) })).status, 404);
    assert.equal(await isOptedOut(number), true);
  });

  test('a recipient who withdraws from marketing is opted out at once', async () => {
    const number = aNumber();
    const body = { purpose: 'marketing', policy_hash: POLICY, recipient: number };
    const { id } = (await asShop(createConsent, { body })).body;
    assert.equal(await isOptedOut(number), false);
    await asShop(withdrawConsent, { id, body: { method: 'keyword' } });
    assert.equal(await isOptedOut(number), true);
    const [newest] = (await asShop(listOptOuts)).body.data;
    assert.deepEqual([newest.kind, newest.source, newest.covers], ['objection', 'recipient', 'marketing']);
  });

  test('neither table nor trail holds a number, and each change is in the trail', async () => {
    const number = aNumber();
    await optOut({ number });
    const rows = await app.database.sql(
      `select s::text as row from privacy.suppression s union all select e::text from privacy.audit_entry e
        union all select c::text from privacy.consent_record c`,
    );
    const text = JSON.stringify(rows);
    assert.ok(!text.includes(number.slice(1)) && !text.includes(Buffer.from(number).toString('hex')));
    const added = await app.database.sql(
      `select 1 from privacy.audit_entry where action = 'suppression.added'`,
    );
    assert.equal(added.length, (await count('true')) + 1, 'all that stand, and the one that was lifted');
  });

  test('pages give every opt-out once, newest first', async () => {
    const all: string[] = (await asShop(listOptOuts, { query: { limit: '200' } })).body.data.map(
      ({ id }: { id: string }) => id,
    );
    const { data, next_cursor: cursor } = (await asShop(listOptOuts, { query: { limit: '10' } })).body;
    const rest = (await asShop(listOptOuts, { query: { limit: '10', cursor } })).body.data;
    assert.deepEqual(
      [...data, ...rest].map(({ id }: { id: string }) => id),
      all.slice(0, 20),
    );
  });

  test('a number of another form is refused with its place in the list', async () => {
    const refused = await asShop(checkOptOuts, { body: { numbers: [aNumber(), '0151'] } });
    assert.deepEqual([refused.status, refused.body.code], [422, 'invalid_number']);
    assert.equal(refused.body.field, 'numbers[1]');
  });
});
