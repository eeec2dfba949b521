// Organisations, their members and invitations, through the whole server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { api, encodeId, headers } from '@sotto/contract';
import { organisationsMax } from '@sotto/contract/account/organisations';
import type { WorkspaceRole } from '@sotto/contract/roles';
import { expireDue, retentionReport } from '#privacy/retention';
import { useApi } from '../../../test/api.ts';
import type { TestPerson } from '../../../test/people.ts';
import { callOperation, type Request } from '../../../test/route-contract.ts';
import { accountMail } from '../../main/compose-accounts.ts';
import { limitsFrom } from '../../privacy/retention/test/limits.ts';
import { createAuthenticator } from '../accounts.ts';
import { accountsExpiry } from '../expiry.ts';
import { insertMembership } from '../people/person.sql.ts';
import { makeToken } from '../token.ts';

/** Purposes for which the policy sends mail. */
const DECLARED: ReadonlySet<string> = new Set(['contact', 'security']);

const NAME = 'Heliotrope & Söhne';
const WEEK_MS = 7 * 86_400_000;

describe('organisations', () => {
  const app = useApi();
  const call = (operation: Parameters<typeof callOperation>[1], request: Request = {}) =>
    callOperation(app.server, operation, request);
  const code = async (answer: Promise<{ status: number; body: { code?: string } }>) => {
    const { status, body } = await answer;
    return [status, body?.code];
  };
  /** As somebody in a workspace. */
  const as = (
    person: { readonly token: string },
    workspace: string,
    operation: Parameters<typeof callOperation>[1],
    request: Request = {},
  ) => call(operation, { token: person.token, headers: { [headers.workspace]: workspace }, ...request });
  const open = async (owner: TestPerson, name = NAME) => {
    const answer = await call(api.organisations.create, { token: owner.token, body: { name } });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.id as string;
  };
  const rowId = async (workspace: string) => {
    const rows = await app.database.sql<{ id: string }>('select id from accounts.workspace');
    return rows.find(({ id }) => encodeId('wrk', id) === workspace)!.id;
  };
  const join = async (workspace: string, role: WorkspaceRole) => {
    const person = await app.person();
    const row = { workspace_id: await rowId(workspace), person_id: person.id, role };
    await app.database.db.batch((tx) => insertMembership(tx, row));
    app.authenticator.forget(person.id);
    return person;
  };
  const invite = (by: TestPerson, workspace: string, email: string, role: string = 'developer') =>
    as(by, workspace, api.invitations.create, { body: { email, role } });
  const secretFor = (address: string) => {
    const letter = app.letters.findLast(({ to }) => to === address);
    assert.ok(letter !== undefined && 'secret' in letter, `a mail with a link went to ${address}`);
    return letter.secret;
  };
  const accept = (person: TestPerson, token: string) =>
    call(api.invitations.accept, { token: person.token, body: { token } });
  const setRole = (by: TestPerson, workspace: string, who: TestPerson, role: string) =>
    as(by, workspace, api.members.update, { id: who.publicId, body: { role } });
  const remove = (by: TestPerson, workspace: string, who: TestPerson) =>
    as(by, workspace, api.members.remove, { id: who.publicId });
  const leave = (who: TestPerson, workspace: string) =>
    call(api.organisations.leave, { token: who.token, id: workspace });
  const owners = async (workspace: string) =>
    (
      await app.database.sql(
        `select 1 from accounts.membership m join accounts.person p on p.id = m.person_id
          where m.workspace_id = $1 and m.role = 'owner' and p.closed_at is null`,
        [await rowId(workspace)],
      )
    ).length;
  const members = async (by: TestPerson, workspace: string) =>
    (await as(by, workspace, api.members.list)).body.data as { id: string; email: string; role: string }[];

  test('whoever is signed in opens one and owns it: a wallet, no keys, a name that stands nowhere in clear', async () => {
    const owner = await app.person({ email: 'owner@example.com' });
    const answer = await call(api.organisations.create, {
      token: owner.token,
      body: { name: NAME, currency: 'SAR' },
    });
    assert.deepEqual([answer.status, answer.body.kind, answer.body.role], [201, 'organisation', 'owner']);
    const { id } = answer.body;
    const own = (await call(api.account.get, { token: owner.token })).body.workspaces;
    assert.deepEqual(own.at(-1), { id, kind: 'organisation', role: 'owner' });
    assert.equal((await as(owner, id, api.wallet.get)).body.available.currency, 'SAR');
    assert.deepEqual((await as(owner, id, api.keys.list)).body.data, []);
    assert.equal((await as(owner, id, api.workspace.get)).body.name, NAME);
    assert.deepEqual(await members(owner, id), [
      { ...(await members(owner, id))[0]!, id: owner.publicId, email: 'owner@example.com', role: 'owner' },
    ]);
    await invite(owner, id, 'canary@example.com');
    const rows = JSON.stringify(
      await app.database.sql(
        `select o::text as row from accounts.organisation o
         union all select w::text from accounts.workspace w
         union all select i::text from accounts.invitation i`,
      ),
    );
    for (const canary of [NAME, 'canary@example.com', secretFor('canary@example.com')]) {
      assert.ok(!rows.includes(canary) && !rows.includes(Buffer.from(canary).toString('hex')), canary);
    }
  });

  test('nobody owns more than ten, however many they ask for at once', async () => {
    const owner = await app.person();
    const answers = await Promise.all(
      Array.from({ length: organisationsMax + 5 }, () =>
        call(api.organisations.create, { token: owner.token, body: { name: 'One of many' } }),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, organisationsMax);
    assert.ok(answers.every(({ status }) => [201, 409, 429].includes(status)));
  });

  test('names and roles that are none are refused, and so are fields that would make somebody more', async () => {
    const owner = await app.person();
    const id = await open(owner);
    for (const name of ['', '   ', 'a\r\nBcc: x', 'a\u2028b', 'x'.repeat(81), 7]) {
      const body = { name };
      assert.equal((await call(api.organisations.create, { token: owner.token, body })).status, 400);
      assert.equal((await as(owner, id, api.workspace.update, { body })).status, 400);
    }
    for (const role of ['root', 'OWNER', '', null])
      assert.equal((await setRole(owner, id, owner, role as never)).status, 400);
    for (const more of [{ workspace_id: id }, { invited_by: owner.publicId }, { accepted_at: null }]) {
      const body = { email: 'more@example.com', role: 'viewer', ...more };
      assert.deepEqual(await code(as(owner, id, api.invitations.create, { body })), [400, 'unknown_field']);
    }
    for (const email of ['a@b', 'аdmin@example.com', 'a\u200b@example.com']) {
      assert.deepEqual(await code(invite(owner, id, email)), [400, 'invalid_request'], email);
    }
  });

  test('a link makes the account of its address a member: fifty at once make one, and again is answered the same', async () => {
    const owner = await app.person();
    const id = await open(owner);
    const guest = await app.person({ email: 'Guest@example.com' });
    const sent = await invite(owner, id, 'guest@EXAMPLE.com');
    assert.equal(sent.status, 201, sent.text);
    assert.ok(!sent.text.includes('guest@'), 'the address is in one place alone');
    const token = secretFor('guest@example.com');
    assert.deepEqual(await code(as(guest, id, api.messages.list)), [404, 'not_found']);
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(guest, token)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.deepEqual([...new Set(answers.map(({ body }) => `${body.id} ${body.role}`))], [`${id} developer`]);
    const ofGuest = await app.database.sql('select 1 from accounts.membership where person_id = $1', [
      guest.id,
    ]);
    assert.equal(ofGuest.length, 2, 'the personal workspace, and this one once');
    assert.equal((await as(guest, id, api.messages.list)).status, 200, 'at once');
    // The address is erased with the acceptance; the role somebody has meanwhile stays.
    const rows = await app.database.sql('select email from accounts.invitation where email is null');
    assert.equal(rows.length, 1);
    assert.deepEqual((await as(owner, id, api.invitations.list)).body.data, []);
    await setRole(owner, id, guest, 'viewer');
    assert.equal((await accept(guest, token)).body.role, 'viewer');
    await invite(owner, id, 'guest@example.com', 'admin');
    assert.equal((await accept(guest, secretFor('guest@example.com'))).body.role, 'viewer');
    await remove(owner, id, guest);
    assert.deepEqual(await code(accept(guest, token)), [422, 'link_invalid'], 'used');
  });

  test('a link alone is not enough: another account, a device, a wrong token get nothing, and the link stays good', async () => {
    const owner = await app.person();
    const id = await open(owner);
    await invite(owner, id, 'meant@example.com');
    const token = secretFor('meant@example.com');
    const others = [await app.person({ email: 'other@example.com' }), await app.person({ email: null })];
    for (const other of others) {
      assert.deepEqual(await code(accept(other, token)), [403, 'forbidden']);
      assert.deepEqual(await code(as(other, id, api.workspace.get)), [404, 'not_found']);
    }
    // Somebody without an account signs up first.
    const late = await app.person({ email: 'meant@example.com' });
    for (const wrong of [makeToken('link'), makeToken('session'), 'x', token.slice(0, -1)]) {
      assert.deepEqual(await code(accept(late, wrong)), [422, 'link_invalid']);
    }
    assert.equal((await accept(late, token)).status, 200);
  });

  test('inviting answers the same whether an address has an account, and tells nothing of it', async () => {
    const owner = await app.person();
    const id = await open(owner);
    await app.person({ email: 'known@example.com' });
    const shape = ({ status, body }: Awaited<ReturnType<typeof invite>>) =>
      JSON.stringify({ status, ...body, id: '', created_at: '', expires_at: '' });
    const known = await invite(owner, id, 'known@example.com');
    assert.equal(shape(known), shape(await invite(owner, id, 'unknown@example.com')));
    assert.deepEqual(
      app.letters.slice(-2).map(({ kind }) => kind),
      ['invitation', 'invitation'],
    );
  });

  test('an invitation ends by another one, by revocation, by its inviter losing the power, and in a week', async () => {
    const owner = await app.person();
    const id = await open(owner);
    const guest = await app.person({ email: 'ending@example.com' });
    const asked = async (by = owner, role = 'developer') => {
      const sent = await invite(by, id, 'ending@example.com', role);
      assert.equal(sent.status, 201, sent.text);
      return { id: sent.body.id as string, token: secretFor('ending@example.com') };
    };
    const first = await asked();
    const second = await asked();
    assert.deepEqual(await code(accept(guest, first.token)), [422, 'link_invalid']);
    const listed = (await as(owner, id, api.invitations.list)).body.data;
    assert.deepEqual(
      listed.map((one: { id: string; email: string }) => [one.id, one.email]),
      [[second.id, 'ending@example.com']],
    );
    assert.equal((await as(owner, id, api.invitations.revoke, { id: second.id })).status, 204);
    assert.deepEqual(await code(as(owner, id, api.invitations.revoke, { id: second.id })), [
      404,
      'not_found',
    ]);
    assert.deepEqual(await code(accept(guest, second.token)), [422, 'link_invalid']);

    const admin = await join(id, 'admin');
    const third = await asked(admin, 'admin');
    assert.equal((await setRole(owner, id, admin, 'viewer')).status, 200);
    assert.deepEqual(await code(accept(guest, third.token)), [422, 'link_invalid']);

    const fourth = await asked();
    await app.database.advance(WEEK_MS);
    assert.deepEqual(await code(accept(guest, fourth.token)), [422, 'link_invalid']);
    const retention = {
      db: app.database.db,
      keyring: app.keyring,
      limits: limitsFrom({
        account: ['P24M', 'last_activity', 'account_closed'],
        audit: ['P24M', 'created'],
        session: ['P90D', 'last_activity'],
      }),
      handlers: accountsExpiry(app.keyring),
      keyDayUsers: [],
      restFactor: 0,
      onErased: async () => undefined,
    };
    const done = await expireDue(retention, new AbortController().signal);
    assert.deepEqual(done.failures, []);
    assert.deepEqual(await app.database.sql('select id from accounts.invitation'), []);
    assert.ok((await retentionReport(retention)).length > 0);
  });

  test('the mail goes to the outbox under the key of the workspace, whatever the organisation calls itself', async () => {
    const mail = accountMail(app.keyring, () => 'https://sotto.example', DECLARED);
    const letter = {
      kind: 'invitation',
      to: 'a@example.com',
      workspaceId: app.shop.id,
      language: 'ar',
      secret: makeToken('link'),
      days: 7,
    } as const;
    for (const workspace of [null, 'One\u2028Two', NAME]) {
      await app.database.db.batch((tx) => mail.queue(tx, { ...letter, workspace }));
    }
    const queued = await app.database.sql(
      `select template, workspace_id, purpose, person_id from mail.outbox where template = 'invitation'`,
    );
    const row = { template: 'invitation', workspace_id: app.shop.id, purpose: 'service', person_id: null };
    assert.deepEqual(queued, [row, row, row]);
  });

  test('nobody raises above themselves or touches an owner but an owner, and other roles change nobody', async () => {
    const owner = await app.person();
    const id = await open(owner);
    const [admin, other, developer, viewer] = [
      await join(id, 'admin'),
      await join(id, 'admin'),
      await join(id, 'developer'),
      await join(id, 'viewer'),
    ];
    for (const refused of [
      setRole(admin, id, developer, 'owner'),
      setRole(admin, id, admin, 'owner'),
      setRole(admin, id, owner, 'viewer'),
      remove(admin, id, owner),
      invite(admin, id, 'x@example.com', 'owner'),
    ]) {
      assert.deepEqual(await code(refused), [403, 'forbidden']);
    }
    for (const weak of [developer, viewer]) {
      assert.deepEqual(await code(setRole(weak, id, weak, 'admin')), [403, 'scope_missing']);
      assert.deepEqual(await code(remove(weak, id, viewer)), [403, 'scope_missing']);
      assert.deepEqual(await code(as(weak, id, api.members.list)), [403, 'scope_missing']);
      assert.deepEqual(await code(invite(weak, id, 'x@example.com', 'viewer')), [403, 'scope_missing']);
    }
    assert.equal((await setRole(admin, id, developer, 'admin')).body.role, 'admin');
    assert.equal((await setRole(other, id, developer, 'viewer')).body.role, 'viewer');
    assert.equal((await leave(viewer, id)).status, 204, 'everybody may leave');
    assert.deepEqual(await code(leave(viewer, id)), [404, 'not_found']);
    assert.equal((await remove(admin, id, other)).status, 204);
    assert.deepEqual(await code(as(other, id, api.workspace.get)), [404, 'not_found']);
    const actions = await app.database.sql<{ action: string }>(
      `select distinct action from privacy.audit_entry where action ~ '^member' order by 1`,
    );
    assert.deepEqual(
      actions.map(({ action }) => action),
      ['member.changed', 'member.invited', 'member.joined', 'member.removed'],
    );
  });

  test('it is never without an owner: the last one stays until another is made', async () => {
    const owner = await app.person();
    const id = await open(owner);
    const heir = await join(id, 'viewer');
    for (const refused of [
      setRole(owner, id, owner, 'admin'),
      remove(owner, id, owner),
      leave(owner, id),
      call(api.account.close, { token: owner.token }),
      leave(owner, encodeId('wrk', owner.workspaceId)),
    ]) {
      assert.deepEqual(await code(refused), [409, 'conflict']);
    }
    assert.equal((await setRole(owner, id, heir, 'owner')).status, 200);
    assert.equal((await setRole(owner, id, owner, 'viewer')).status, 200);
    assert.deepEqual(await code(setRole(owner, id, heir, 'viewer')), [403, 'scope_missing']);
    assert.equal((await call(api.account.close, { token: owner.token })).status, 204);
    assert.deepEqual(
      (await members(heir, id)).map((one) => [one.id, one.role]),
      [[heir.publicId, 'owner']],
      'whoever is gone is no member',
    );
  });

  test('of two owners who act on each other at once, or go at once, one stays', async () => {
    const races: ((a: TestPerson, b: TestPerson, id: string) => Promise<{ status: number }>[])[] = [
      (a, b, id) => [setRole(a, id, b, 'viewer'), setRole(b, id, a, 'viewer')],
      (a, b, id) => [remove(a, id, b), remove(b, id, a)],
      (a, b, id) => [leave(a, id), leave(b, id)],
      (a, b, id) => [setRole(a, id, a, 'viewer'), leave(b, id)],
      (a, b, id) => [call(api.account.close, { token: a.token }), leave(b, id)],
      (a, b) => [call(api.account.close, { token: a.token }), call(api.account.close, { token: b.token })],
      (a, b, id) => [setRole(a, id, b, 'admin'), call(api.account.close, { token: a.token })],
      (a, b, id) => [
        invite(a, id, 'z@example.com'),
        remove(b, id, a),
        call(api.account.close, { token: a.token }),
      ],
    ];
    for (const race of [...races, ...races]) {
      const a = await app.person();
      const id = await open(a);
      const b = await join(id, 'owner');
      const answers = await Promise.all(race(a, b, id));
      assert.ok(answers.every(({ status }) => status < 500));
      assert.ok((await owners(id)) >= 1);
    }
  });

  test('a changed or removed member loses the rights at once here, within two seconds elsewhere, and stays signed in', async () => {
    const owner = await app.person();
    const id = await open(owner);
    const member = await join(id, 'admin');
    let clock = 0;
    const elsewhere = createAuthenticator(app.database.db, app.keyring, { nowMs: () => clock });
    const there = async () => {
      const asked = { scope: 'members:read', workspaceId: await rowId(id) } as const;
      const decided = await elsewhere.authenticate(member.token, '192.0.2.1', asked);
      if (decided.outcome === 'refused') return decided.code;
      return decided.principal.scopes.has(asked.scope) ? 'accepted' : 'scope_missing';
    };
    assert.equal(await there(), 'accepted');
    const made = await as(member, id, api.keys.create, { body: { name: 'k', scopes: ['workspace:read'] } });
    const { key } = made.body;
    assert.equal((await call(api.workspace.get, { token: key })).status, 200);
    assert.equal((await as(member, id, api.members.list)).status, 200);
    await setRole(owner, id, member, 'viewer');
    assert.deepEqual(await code(as(member, id, api.members.list)), [403, 'scope_missing']);
    clock += 2_000;
    assert.equal(await there(), 'scope_missing');
    await remove(owner, id, member);
    assert.deepEqual(await code(as(member, id, api.workspace.get)), [404, 'not_found']);
    assert.deepEqual(await code(call(api.workspace.get, { token: key })), [401, 'key_revoked']);
    clock += 2_000;
    assert.equal(await there(), 'not_found');
    assert.equal((await call(api.account.get, { token: member.token })).status, 200);
  });

  test('an organisation is closed by an owner who has just signed in and says which: keys and members are out', async () => {
    const owner = await app.person();
    const id = await open(owner);
    const admin = await join(id, 'admin');
    const key = (await as(owner, id, api.keys.create, { body: { name: 'k', scopes: ['workspace:read'] } }))
      .body.key;
    await invite(owner, id, 'tooLate@example.com');
    const close = (by: TestPerson, where = id, workspace_id = id) =>
      as(by, where, api.workspace.close, { body: { workspace_id } });
    assert.deepEqual(await code(close(admin)), [403, 'scope_missing']);
    const personal = encodeId('wrk', owner.workspaceId);
    assert.deepEqual(await code(close(owner, personal)), [409, 'conflict'], 'the header was left out');
    assert.deepEqual(await code(close(owner, personal, personal)), [409, 'conflict'], 'a personal one');
    const stale = await app.person();
    const theirs = await open(stale);
    await app.database.advance(600_001);
    app.authenticator.forget(stale.id);
    assert.deepEqual(await code(close(stale, theirs, theirs)), [403, 'reauthentication_required']);
    await app.database.sql(
      'update accounts.session set authenticated_at = platform.clock() where person_id = $1',
      [owner.id],
    );
    app.authenticator.forget(owner.id);
    assert.equal((await call(api.workspace.get, { token: key })).body.role, null);
    assert.equal((await close(owner)).status, 200);
    for (const person of [owner, admin]) {
      assert.deepEqual(await code(as(person, id, api.workspace.get)), [404, 'not_found']);
    }
    assert.equal((await call(api.workspace.get, { token: key })).status, 401);
    const late = await app.person({ email: 'toolate@example.com' });
    assert.deepEqual(await code(accept(late, secretFor('tooLate@example.com'))), [422, 'link_invalid']);
    const own = (await call(api.account.get, { token: owner.token })).body.workspaces;
    assert.deepEqual(
      own.map(({ kind }: { kind: string }) => kind),
      ['personal'],
    );
    const entries = await app.database.sql(
      `select 1 from privacy.audit_entry where action = 'workspace.closed' and actor_kind = 'customer'`,
    );
    assert.equal(entries.length, 1);
  });

  test('what one organisation has is nothing to the owner of another', async () => {
    const [ours, theirs] = [await app.person(), await app.person()];
    const [id, foreign] = [await open(ours), await open(theirs)];
    const member = await join(id, 'viewer');
    const sent = await invite(ours, id, 'ours@example.com');
    for (const refused of [
      setRole(theirs, foreign, member, 'owner'),
      remove(theirs, foreign, member),
      as(theirs, foreign, api.invitations.revoke, { id: sent.body.id }),
      as(theirs, id, api.members.list),
      as(theirs, id, api.workspace.update, { body: { name: 'Mine' } }),
      as(theirs, id, api.workspace.close, { body: { workspace_id: id } }),
      leave(theirs, id),
    ]) {
      assert.deepEqual(await code(refused), [404, 'not_found']);
    }
    assert.equal((await members(theirs, foreign)).length, 1);
    assert.deepEqual((await as(theirs, foreign, api.invitations.list)).body.data, []);
    const first = (await as(ours, id, api.members.list, { query: { limit: '1' } })).body;
    const second = await as(ours, id, api.members.list, { query: { limit: '1', cursor: first.next_cursor } });
    assert.deepEqual([first.data[0].id, second.body.data[0].id], [member.publicId, ours.publicId]);
  });

  test('a workspace is named by who looks after it, or by a key with the scope', async () => {
    const key = await app.issue(app.shop.id, ['workspace:read', 'workspace:write']);
    assert.equal((await call(api.workspace.get, { token: key })).body.name, 'Example shop');
    const named = await call(api.workspace.update, { token: key, body: { name: 'Renamed' } });
    assert.deepEqual([named.status, named.body.name], [200, 'Renamed']);
    assert.equal((await call(api.workspace.get, { token: key })).body.name, 'Renamed');
    const person = await app.person();
    await call(api.workspace.update, { token: person.token, body: { name: 'At home' } });
    assert.equal((await call(api.workspace.get, { token: person.token })).body.name, 'At home');
    const id = await open(person, 'At work');
    const [newest] = (await call(api.admin.workspaces.list, { token: app.admin })).body.data;
    assert.deepEqual([newest.id, newest.name], [id, 'At work']);
    const [row] = await app.database.sql<{ operator: boolean; own: boolean }>(
      `select w.name is null as operator, o.name is not null as own
         from accounts.workspace w join accounts.organisation o on o.workspace_id = w.id where w.id = $1`,
      [app.shop.id],
    );
    assert.deepEqual(row, { operator: true, own: true }, 'one name is enough');
    assert.deepEqual(
      await code(invite(person, encodeId('wrk', person.workspaceId), 'x@example.com', 'viewer')),
      [409, 'conflict'],
    );
  });
});
