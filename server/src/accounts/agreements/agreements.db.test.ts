// The agreement on the processing of data, through the whole server: published once, accepted by an organisation, and
// what waits for it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { api, encodeId, headers } from '@sotto/contract';
import type { WorkspaceRole } from '@sotto/contract/roles';
import { expireDue } from '#privacy/retention';
import { useApi } from '../../../test/api.ts';
import type { TestPerson } from '../../../test/people.ts';
import { callOperation, type Request } from '../../../test/route-contract.ts';
import { limitsFrom } from '../../privacy/retention/test/limits.ts';
import { accountsExpiry } from '../expiry.ts';
import { insertMembership } from '../people/person.sql.ts';

const TEXT =
  'Agreement on the processing of personal data.\n\n1. The processor acts on instructions. “§ 28” ☂';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const HOUR_MS = 3_600_000;

describe('the agreement on the processing of data', () => {
  const app = useApi();
  const call = (operation: Parameters<typeof callOperation>[1], request: Request = {}) =>
    callOperation(app.server, operation, request);
  const as = (
    { token }: { readonly token: string },
    workspace: string,
    operation: Parameters<typeof callOperation>[1],
    request: Request = {},
  ) => call(operation, { token, headers: { [headers.workspace]: workspace }, ...request });
  const publish = (version: string, more: Record<string, unknown> = {}, text = TEXT) =>
    call(api.admin.agreements.publish, { token: app.admin, body: { version, text, ...more } });
  const accept = (person: TestPerson, workspace: string, version: string, digest = sha256(TEXT)) =>
    as(person, workspace, api.agreements.accept, { body: { version, digest } });
  const makeKey = (person: TestPerson, workspace: string, kind = 'live') =>
    as(person, workspace, api.keys.create, { body: { kind, name: 'till', scopes: ['messages:send'] } });
  const open = async () => {
    const owner = await app.person();
    const made = await call(api.organisations.create, { token: owner.token, body: { name: 'Example' } });
    return { owner, workspace: made.body.id as string };
  };
  const rowOf = async (workspace: string) =>
    (await app.database.sql<{ id: string }>('select id from accounts.workspace')).find(
      ({ id }) => encodeId('wrk', id) === workspace,
    )!.id;
  const join = async (workspace: string, role: WorkspaceRole) => {
    const person = await app.person();
    const row = { workspace_id: await rowOf(workspace), person_id: person.id, role };
    await app.database.db.batch((tx) => insertMembership(tx, row));
    app.authenticator.forget(person.id);
    return person;
  };
  const inAnHour = () => new Date(Date.now() + HOUR_MS).toISOString();

  test('is not there until the operator publishes one, and holds nothing up', async () => {
    assert.equal((await call(api.agreements.get)).status, 404);
    const { owner, workspace } = await open();
    const { body } = await as(owner, workspace, api.agreements.getAcceptance);
    assert.deepEqual(body, { current: null, accepted: null, is_required: false });
    assert.equal((await accept(owner, workspace, '1')).status, 404);
    assert.equal((await makeKey(owner, workspace)).status, 201);
  });

  test('is read by anybody as it was published, and a version is published once', async () => {
    const published = await publish('2026-01');
    assert.equal(published.status, 201, published.text);
    assert.equal(published.body.digest, sha256(TEXT));
    const read = await call(api.agreements.get);
    assert.deepEqual([read.body.text, read.body.digest, read.body.version], [TEXT, sha256(TEXT), '2026-01']);
    const again = await publish('2026-01', {}, 'Another text under the same name.');
    assert.deepEqual([again.status, again.body.code, again.body.field], [409, 'conflict', 'version']);
    assert.equal((await call(api.agreements.get)).body.text, TEXT);
    const denied = /permission denied/;
    for (const change of [
      `update accounts.agreement set text = 'x'`,
      'delete from accounts.agreement',
      `update accounts.agreement_acceptance set accepted_at = now()`,
    ]) {
      await assert.rejects(
        app.database.db.batch((tx) => tx.exec({ name: change, purpose: 'operations', text: change }, [])),
        (error: Error) => denied.test(`${error.message} ${(error.cause as Error)?.message}`),
      );
    }
  });

  test('is accepted by digest, once, by an owner or administrator and nobody else', async () => {
    const { owner, workspace } = await open();
    const others = [];
    for (const role of ['developer', 'billing', 'viewer'] as const) others.push(await join(workspace, role));
    for (const person of others) assert.equal((await accept(person, workspace, '2026-01')).status, 403);
    const stranger = await app.person();
    assert.equal((await accept(stranger, workspace, '2026-01')).status, 404);
    const altered = await accept(owner, workspace, '2026-01', sha256(`${TEXT} `));
    assert.deepEqual([altered.status, altered.body.code], [409, 'conflict']);
    assert.equal((await as(owner, workspace, api.agreements.getAcceptance)).body.accepted, null);

    const admin = await join(workspace, 'admin');
    const answers = await Promise.all(
      [owner, admin, owner, admin].map((person) => accept(person, workspace, '2026-01')),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    );
    const [first] = answers;
    for (const { body } of answers) assert.deepEqual(body.accepted, first!.body.accepted);
    assert.ok([owner.publicId, admin.publicId].includes(first!.body.accepted.accepted_by));
    const trail = await call(api.admin.audit.list, { token: app.admin });
    const accepted = (trail.body.data as { action: string }[]).filter(
      ({ action }) => action === 'agreement.accepted',
    );
    assert.equal(accepted.length, 1, 'one acceptance, one entry');
  });

  test('is for organisations: a personal workspace accepts nothing and waits for nothing', async () => {
    const person = await app.person();
    const own = (await call(api.account.get, { token: person.token })).body.workspaces[0].id as string;
    const refused = await accept(person, own, '2026-01');
    assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
  });

  test('a required version keeps organisations from making live keys until they accept it or a later one', async () => {
    const { owner, workspace } = await open();
    const { owner: ready, workspace: signed } = await open();
    await accept(ready, signed, '2026-01');
    const kept = await makeKey(owner, workspace);
    const since = new Date(Date.now() - HOUR_MS).toISOString();
    assert.equal((await publish('2026-02', { required_from: since })).status, 201);

    for (const [person, own] of [
      [owner, workspace],
      [ready, signed],
    ] as const) {
      const refused = await makeKey(person, own);
      assert.deepEqual([refused.status, refused.body.code], [403, 'agreement_required']);
      assert.equal((await makeKey(person, own, 'test')).status, 201, 'nothing is sent with a test key');
    }
    const { body } = await as(ready, signed, api.agreements.getAcceptance);
    assert.deepEqual([body.is_required, body.accepted.version], [true, '2026-01']);
    assert.deepEqual(
      [(await accept(ready, signed, '2026-01')).status],
      [409],
      'the old one is offered no more',
    );
    const key = { token: kept.body.key as string };
    assert.equal((await call(api.messages.list, key)).status, 403, 'the key that was there is known');
    assert.equal(
      (await as(owner, workspace, api.keys.rotate, { id: kept.body.id, body: {} })).status,
      201,
      'and rotates',
    );
    const person = await app.person();
    const own = (await call(api.account.get, { token: person.token })).body.workspaces[0].id as string;
    assert.equal((await makeKey(person, own)).status, 201, 'nobody else waits for it');

    await accept(ready, signed, '2026-02');
    assert.equal((await makeKey(ready, signed)).status, 201);
    // A later version that is not required does for one that is; one required later holds nobody up before.
    assert.equal((await publish('2026-03')).status, 201);
    await accept(owner, workspace, '2026-03');
    assert.equal((await makeKey(owner, workspace)).status, 201);
    assert.equal((await publish('2026-04', { required_from: inAnHour() })).status, 201);
    assert.equal((await makeKey(owner, workspace)).status, 201);
    await app.database.advance(2 * HOUR_MS);
    const late = await makeKey(owner, workspace);
    assert.equal(late.body.code, 'agreement_required');
  });

  test('the operator sees versions, how many accepted each, and which organisations', async () => {
    const { data } = (await call(api.admin.agreements.list, { token: app.admin })).body;
    assert.deepEqual(
      data.map(({ version }: { version: string }) => version),
      ['2026-04', '2026-03', '2026-02', '2026-01'],
    );
    assert.deepEqual(
      data.map(({ acceptances }: { acceptances: number }) => acceptances),
      [0, 1, 1, 2],
    );
    const oldest = data.at(-1).id as string;
    const rows = (await call(api.admin.agreements.acceptances, { token: app.admin, id: oldest })).body.data;
    assert.equal(rows.length, 2);
    assert.match(rows[0].workspace_id, /^wrk_/);
    const unknown = encodeId('agr', '0197f3e0-6f1c-7a7e-8f00-000000000001');
    assert.equal(
      (await call(api.admin.agreements.acceptances, { token: app.admin, id: unknown })).status,
      404,
    );
  });

  test('who accepted is forgotten with their account, and the acceptance with the organisation', async () => {
    const { owner, workspace } = await open();
    const admin = await join(workspace, 'admin');
    assert.equal((await accept(admin, workspace, '2026-04')).status, 200);
    const id = await rowOf(workspace);
    const left = () =>
      app.database.sql('select accepted_by from accounts.agreement_acceptance where workspace_id = $1', [id]);
    await app.database.sql('delete from accounts.person where id = $1', [admin.id]);
    assert.deepEqual(await left(), [{ accepted_by: null }]);
    const seen = await as(owner, workspace, api.agreements.getAcceptance);
    assert.equal(seen.body.accepted.accepted_by, null);
    assert.equal(seen.body.accepted.version, '2026-04');
    const { status } = await as(owner, workspace, api.workspace.close, { body: { workspace_id: workspace } });
    assert.equal(status, 200);
    await app.database.advance(60 * 86_400_000);
    const done = await expireDue(
      {
        db: app.database.db,
        keyring: app.keyring,
        limits: limitsFrom({
          account: ['P30D', 'account_closed'],
          audit: ['P24M', 'created'],
          session: ['P90D', 'last_activity'],
        }),
        handlers: accountsExpiry(app.keyring),
        keyDayUsers: [],
        restFactor: 0,
        onErased: async () => undefined,
      },
      new AbortController().signal,
    );
    assert.deepEqual(done.failures, []);
    assert.deepEqual(await left(), []);
  });
});
