// Accounts by e-mail and by device, through the whole server: opened, signed in to, recovered and closed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { api } from '@sotto/contract';
import { solveChallenge } from '@sotto/sdk';
import { useApi } from '../../../test/api.ts';
import { callOperation, type Request } from '../../../test/route-contract.ts';
import { makeToken } from '../token.ts';

const PASSWORD = 'seven blue herons at dusk';

describe('accounts', () => {
  const app = useApi();
  const call = (operation: Parameters<typeof callOperation>[1], request: Request = {}) =>
    callOperation(app.server, operation, request);
  const opening = () => ({ of_age: true, accepted_policy: app.policyHash });
  const start = (email: string, more: object = {}) =>
    call(api.signUp.start, { body: { email, password: PASSWORD, ...opening(), ...more } });
  const letterTo = (address: string) => app.letters.findLast(({ to }) => to === address);
  const secretFor = (address: string) => {
    const letter = letterTo(address);
    assert.ok(letter !== undefined && 'secret' in letter, `a mail with a link went to ${address}`);
    return letter.secret;
  };
  async function signUp(email: string) {
    assert.equal((await start(email)).status, 202);
    const answer = await call(api.signUp.confirm, { body: { token: secretFor(email) } });
    assert.equal(answer.status, 201, answer.text);
    return answer.body as { token: string; account_id: string; id: string };
  }
  const signIn = (email: string, password = PASSWORD) =>
    call(api.sessions.create, { body: { email, password } });
  const account = (token: string) => call(api.account.get, { token });
  const code = async (answer: Promise<{ status: number; body: { code?: string } }>) => {
    const { status, body } = await answer;
    return [status, body?.code];
  };

  test('an address is an account once its owner has said so: then it has a personal workspace and a wallet', async () => {
    const asked = await start('Ada@Example.com', { language: 'ar' });
    assert.deepEqual([asked.status, asked.body], [202, { status: 'mail_sent' }]);
    assert.deepEqual(await code(signIn('ada@example.com')), [401, 'credentials_wrong']);
    const { token, account_id } = (
      await call(api.signUp.confirm, { body: { token: secretFor('Ada@example.com') } })
    ).body;
    const own = (await account(token)).body;
    assert.equal(own.id, account_id);
    assert.deepEqual(
      [own.email, own.kind, own.language, own.staff_role],
      ['Ada@example.com', 'email', 'ar', null],
    );
    assert.deepEqual(
      own.workspaces.map(({ kind, role }: { kind: string; role: string }) => [kind, role]),
      [['personal', 'owner']],
    );
    const wallet = await call(api.wallet.get, { token });
    assert.equal(wallet.body.available.currency, 'EUR');
    const [said] = await app.database.sql<{ is_of_age: boolean; mode: string }>(
      `select t.is_of_age, a.mode
         from accounts.person p
         join privacy.age_attestation t on t.workspace_id = p.personal_workspace_id
         join privacy.acceptance a on a.workspace_id = p.personal_workspace_id
        where p.locale = 'ar'`,
    );
    assert.deepEqual(said, { is_of_age: true, mode: 'explicit' });
    // However it is written, it is the one address.
    assert.equal((await signIn('ADA@example.COM')).status, 201);
  });

  test('without saying one is of age, and without the policy in force, nothing is opened', async () => {
    assert.deepEqual(await code(start('young@example.com', { of_age: false })), [400, 'invalid_request']);
    assert.deepEqual(await code(start('old@example.com', { accepted_policy: `sha256:${'0'.repeat(64)}` })), [
      409,
      'conflict',
    ]);
    assert.equal(letterTo('young@example.com'), undefined);
    const columns = await app.database.sql(
      `select 1 from information_schema.columns where column_name ~ 'birth|dob' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    assert.deepEqual(columns, []);
  });

  test('a link opens one account, once, within a day; of fifty at once one opens it', async () => {
    await start('race@example.com');
    const token = secretFor('race@example.com');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call(api.signUp.confirm, { body: { token } })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.ok(answers.every(({ status, body }) => status === 201 || body.code === 'link_invalid'));
    assert.deepEqual(await code(call(api.signUp.confirm, { body: { token: makeToken('link') } })), [
      422,
      'link_invalid',
    ]);
  });

  test('a known address gets the same answer, its owner a mail that opens nothing, and keeps the password (checklist 18)', async () => {
    await signUp('known@example.com');
    const sent = app.letters.length;
    const again = await start('known@example.com', { password: 'another fine password' });
    assert.deepEqual([again.status, again.body], [202, { status: 'mail_sent' }]);
    assert.deepEqual(
      app.letters.slice(sent).map(({ kind }) => kind),
      ['account_exists'],
    );
    assert.equal((await signIn('known@example.com')).status, 201);
    // Two who asked before one of them owned it: the one who reads the mail first has it, with their own password.
    await start('both@example.com', { password: 'mine is the first one' });
    const first = secretFor('both@example.com');
    await start('both@example.com', { password: 'mine is the second one' });
    const second = secretFor('both@example.com');
    assert.equal((await call(api.signUp.confirm, { body: { token: second } })).status, 201);
    assert.deepEqual(await code(call(api.signUp.confirm, { body: { token: first } })), [422, 'link_invalid']);
    assert.deepEqual(await code(signIn('both@example.com', 'mine is the first one')), [
      401,
      'credentials_wrong',
    ]);
  });

  test('a password that others guess first is refused with the reason, and is repeated nowhere', async () => {
    for (const password of ['password123', 'aaaaaaaaaa', 'grace@example']) {
      const refused = await start('grace@example.com', { password });
      assert.deepEqual(
        [refused.status, refused.body.code, refused.body.field],
        [422, 'password_refused', 'password'],
      );
      assert.ok(!refused.text.includes(password));
    }
  });

  test('a mailbox that is thrown away opens nothing, whoever asks and whatever is known of it', async () => {
    for (const email of ['ada@mailinator.com', 'ada@a.Mailinator.COM']) {
      const refused = await start(email);
      assert.deepEqual(
        [refused.status, refused.body.code, refused.body.field],
        [422, 'email_refused', 'email'],
      );
      assert.ok(!refused.text.includes('mailinator'));
      assert.equal(letterTo(email), undefined);
    }
  });

  test('what is counted of an account ends with it, and a refusal says of what kind it is', async () => {
    const { token } = await signUp('counted@example.com');
    for (let tried = 0; tried < 10; tried++) await signIn('counted@example.com', 'not the password');
    const refused = await signIn('counted@example.com');
    assert.deepEqual([refused.body.code, refused.body.reason], ['rate_limited', 'sign_in_too_often']);
    assert.equal((await call(api.account.close, { token })).status, 204);
    assert.deepEqual(await code(signIn('counted@example.com')), [401, 'credentials_wrong']);
  });

  test('what is stored of a password and an address opens nothing: sealed argon2id, keyed hashes (checklist 17, 25)', async () => {
    const { token } = await signUp('stored@example.com');
    const rows = await app.database.sql<{ row: string }>(
      `select t::text as row from (select * from accounts.person) t
       union all select t::text from accounts.password t
       union all select t::text from accounts.session t
       union all select t::text from accounts.sign_up t`,
    );
    const all = JSON.stringify(rows);
    for (const canary of [PASSWORD, 'stored@example.com', token, token.slice(14, 30), '$argon2id$']) {
      assert.ok(!all.includes(canary) && !all.includes(Buffer.from(canary).toString('hex')), canary);
    }
    assert.match(token, /^sotto_session_[0-9A-Za-z]{42}$/);
  });

  test('an unknown address and a wrong password get one answer, and a hundred tries at once stop at the limit (checklist 19)', async () => {
    await signUp('target@example.com');
    const wrong = await signIn('target@example.com', 'not the password');
    const unknown = await signIn('nobody@example.com', 'not the password');
    const shape = ({ status, body }: typeof wrong) => ({ status, ...body, request_id: null });
    assert.deepEqual(shape(wrong), shape(unknown));
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => signIn('target@example.com', 'not the password')),
    );
    const tried = answers.filter(({ status }) => status === 401).length;
    assert.equal(tried, 9, 'ten in all, one was tried before');
    assert.ok(
      answers.every(
        ({ status, headers }) => status === 401 || (status === 429 && Number(headers['retry-after']) > 0),
      ),
    );
    // The right one has to wait as well, or the limit would tell right from wrong.
    assert.equal((await signIn('target@example.com')).status, 429);
    await app.database.advance(600_000);
    assert.equal((await signIn('target@example.com')).status, 201);
  });

  test('a forgotten password is replaced by the newest link alone, once, within half an hour, and every session ends', async () => {
    const { token } = await signUp('forgot@example.com');
    const ask = (email: string) => call(api.passwordReset.start, { body: { email } });
    const sent = app.letters.length;
    const [known, unknown] = [await ask('forgot@example.com'), await ask('stranger@example.com')];
    assert.deepEqual([known.status, known.body], [unknown.status, unknown.body]);
    assert.equal(app.letters.length, sent + 1);
    const older = secretFor('forgot@example.com');
    await ask('forgot@example.com');
    const newest = secretFor('forgot@example.com');
    const finish = (secret: string, new_password = 'nine red kites over the fen') =>
      call(api.passwordReset.finish, { body: { token: secret, new_password } });
    assert.deepEqual(await code(finish(older)), [422, 'link_invalid']);
    assert.deepEqual(await code(finish(newest, 'password123')), [422, 'password_refused']);
    const answers = await Promise.all(Array.from({ length: 10 }, () => finish(newest)));
    assert.equal(answers.filter(({ status }) => status === 204).length, 1);
    assert.deepEqual(await code(account(token)), [401, 'session_ended']);
    assert.deepEqual(await code(signIn('forgot@example.com')), [401, 'credentials_wrong']);
    assert.equal((await signIn('forgot@example.com', 'nine red kites over the fen')).status, 201);
    assert.equal(letterTo('forgot@example.com')?.kind, 'password_changed');
    await ask('forgot@example.com');
    await app.database.advance(1_800_001);
    assert.deepEqual(await code(finish(secretFor('forgot@example.com'))), [422, 'link_invalid']);
  });

  test('changing the password and closing want a sign-in of ten minutes; a new token replaces the old (checklist 26, 28)', async () => {
    const { token } = await signUp('fresh@example.com');
    await app.database.advance(600_001);
    const change = (as: string) =>
      call(api.account.changePassword, { token: as, body: { new_password: 'five grey owls in the barn' } });
    assert.deepEqual(await code(change(token)), [403, 'reauthentication_required']);
    assert.deepEqual(await code(call(api.account.close, { token })), [403, 'reauthentication_required']);
    const again = (password: string) => call(api.sessions.reauthenticate, { token, body: { password } });
    assert.deepEqual(await code(again('not it at all')), [401, 'credentials_wrong']);
    const renewed = (await again(PASSWORD)).body.token;
    assert.notEqual(renewed, token);
    assert.deepEqual(await code(account(token)), [401, 'session_ended']);
    const changed = await change(renewed);
    assert.equal(changed.status, 201, changed.text);
    assert.deepEqual(await code(account(renewed)), [401, 'session_ended']);
    assert.equal((await account(changed.body.token)).status, 200);
    assert.equal((await signIn('fresh@example.com', 'five grey owls in the barn')).status, 201);
  });

  test('a session ends without use, at its latest end, by its owner, and with the account (checklist 27)', async () => {
    const { token } = await signUp('sessions@example.com');
    const other = (await signIn('sessions@example.com')).body;
    const listed = (await call(api.sessions.list, { token })).body.data;
    assert.deepEqual(
      listed.map(({ current }: { current: boolean }) => current),
      [false, true],
    );
    const revoked = await call(api.sessions.revoke, { token, id: other.id });
    assert.equal(revoked.status, 200);
    assert.deepEqual(await code(account(other.token)), [401, 'session_ended']);
    // Of somebody else there is nothing to end.
    assert.deepEqual(
      await code(call(api.sessions.revoke, { token: (await app.person()).token, id: other.id })),
      [404, 'not_found'],
    );
    const third = (await signIn('sessions@example.com')).body;
    assert.equal((await call(api.sessions.revokeOthers, { token })).body.ended, 1);
    assert.deepEqual(await code(account(third.token)), [401, 'session_ended']);
    assert.equal((await call(api.sessions.signOut, { token })).status, 204);
    assert.deepEqual(await code(account(token)), [401, 'session_ended']);

    const idle = (await signIn('sessions@example.com')).body.token;
    const used = (await signIn('sessions@example.com')).body.token;
    const day = 86_400_000;
    for (let days = 0; days < 84; days += 12) {
      await app.database.advance(12 * day);
      app.authenticator.forget(
        (
          await app.database.sql<{ id: string }>('select id from accounts.session order by id desc limit 1')
        )[0]!.id,
      );
      assert.equal((await account(used)).status, 200, `day ${days}`);
      await app.authenticator.recordUses();
    }
    assert.deepEqual(await code(account(idle)), [401, 'session_ended']);
    await app.database.advance(7 * day);
    assert.deepEqual(await code(account(used)), [401, 'session_ended'], 'ninety days are the latest end');

    const last = (await signIn('sessions@example.com')).body.token;
    assert.equal((await call(api.account.close, { token: last })).status, 204);
    const { kind, to } = app.letters.at(-1)!;
    assert.deepEqual([kind, to], ['account_closed', 'sessions@example.com']);
    assert.deepEqual(await code(account(last)), [401, 'session_ended']);
    assert.deepEqual(await code(signIn('sessions@example.com')), [401, 'credentials_wrong']);
    // The address is free again, for another account.
    assert.notEqual((await signUp('sessions@example.com')).account_id, undefined);
  });

  async function solved() {
    const { challenge } = (await call(api.devices.challenge)).body;
    return { challenge, solution: await solveChallenge(challenge), ...opening() };
  }

  test('a device is known by its token alone; a proof of work opens one account, once', async () => {
    const body = await solved();
    assert.deepEqual(
      await code(call(api.devices.register, { body: { ...body, challenge: `${body.challenge}x` } })),
      [422, 'challenge_failed'],
    );
    assert.deepEqual(await code(call(api.devices.register, { body: { ...body, of_age: false } })), [
      400,
      'invalid_request',
    ]);
    const answers = await Promise.all([
      call(api.devices.register, { body }),
      call(api.devices.register, { body }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422]);
    const { account_id, device_token, recovery_code, session, workspace_id } = answers.find(
      ({ status }) => status === 201,
    )!.body;
    const own = (await account(session.token)).body;
    assert.deepEqual(
      [own.id, own.kind, own.email, own.workspaces[0].id],
      [account_id, 'device', null, workspace_id],
    );
    const signedIn = await call(api.devices.signIn, { body: { device_token } });
    assert.equal(signedIn.body.account_id, account_id);
    assert.deepEqual(await code(call(api.devices.signIn, { body: { device_token: makeToken('device') } })), [
      401,
      'credentials_wrong',
    ]);
    assert.deepEqual(await code(account(device_token)), [401, 'unauthorized'], 'the account is no session');
    const stored = JSON.stringify(await app.database.sql('select d::text as row from accounts.device d'));
    for (const secret of [device_token, recovery_code]) assert.ok(!stored.includes(secret));

    const moved = await Promise.all(
      Array.from({ length: 20 }, () => call(api.devices.restore, { body: { recovery_code } })),
    );
    const won = moved.filter(({ status }) => status === 201);
    assert.equal(won.length, 1, 'of twenty at once one gets the account');
    assert.equal(won[0]!.body.account_id, account_id);
    assert.equal(won[0]!.body.workspace_id, workspace_id);
    assert.notEqual(won[0]!.body.recovery_code, recovery_code);
    assert.deepEqual(await code(account(session.token)), [401, 'session_ended']);
    assert.deepEqual(await code(call(api.devices.signIn, { body: { device_token } })), [
      401,
      'credentials_wrong',
    ]);
    assert.equal(
      (await call(api.devices.signIn, { body: { device_token: won[0]!.body.device_token } })).status,
      201,
    );
  });

  test('a solution that is too old opens nothing', async () => {
    const body = await solved();
    await app.database.advance(600_001);
    assert.deepEqual(await code(call(api.devices.register, { body })), [422, 'challenge_failed']);
  });

  test('fields that would make somebody more than they are do not exist, and change nothing (checklist 4)', async () => {
    const { token } = await app.person();
    for (const more of [
      { role: 'owner' },
      { staff_role: 'administrator' },
      { workspace_id: app.shop.publicId },
      { balance: '1' },
    ]) {
      const [field] = Object.keys(more);
      const refused = await call(api.account.update, { token, body: { language: 'en', ...more } });
      assert.deepEqual(
        [refused.status, refused.body.code, refused.body.field],
        [400, 'unknown_field', field],
      );
      assert.deepEqual(await code(start('more@example.com', more)), [400, 'unknown_field']);
    }
    assert.equal((await account(token)).body.staff_role, null);
  });
});
