// Second factors and staff through the whole server: what is asked for, what is used up, and who may do what with it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { api, type Operation } from '@sotto/contract';
import { solveChallenge } from '@sotto/sdk';
import { useApi } from '../../../test/api.ts';
import { TEST_SITE } from '../../../test/people.ts';
import { callOperation, type Request } from '../../../test/route-contract.ts';
import { createSoftwareAuthenticator } from '../credentials/test/software-authenticator.ts';
import { totpCode, totpStep } from '../credentials/totp.ts';

const PASSWORD = 'seven blue herons at dusk';
const MINUTE_MS = 60_000;

describe('second factors', () => {
  const app = useApi();
  const call = (operation: Operation, request: Request = {}) => callOperation(app.server, operation, request);
  const code = async (answer: ReturnType<typeof call>) => {
    const { status, body } = await answer;
    return [status, body?.code];
  };
  const account = (token: string) => call(api.account.get, { token });
  const changesTo = (email: string) =>
    app.letters.flatMap((letter) =>
      letter.to === email && letter.kind === 'second_factor_changed' ? [letter.change] : [],
    );
  const secretFor = (email: string) => {
    const letter = app.letters.findLast(({ to }) => to === email);
    assert.ok(letter !== undefined && 'secret' in letter);
    return letter.secret;
  };
  const opening = () => ({ of_age: true, accepted_policy: app.policyHash });
  async function signUp(email: string): Promise<string> {
    await call(api.signUp.start, { body: { email, password: PASSWORD, ...opening() } });
    const answer = await call(api.signUp.confirm, { body: { token: secretFor(email) } });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.token;
  }
  async function signIn(email: string, password = PASSWORD): Promise<{ token: string; strength: string }> {
    const answer = await call(api.sessions.create, { body: { email, password } });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  }
  const step = async () =>
    totpStep((await app.database.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now);
  /** Somebody with an app: its secret, their recovery codes, and a session that is signed in with both. */
  async function withApp(token: string) {
    const enrolled = await call(api.account.totp.enrol, { token });
    assert.equal(enrolled.status, 201, enrolled.text);
    const secret = fromBase32(enrolled.body.secret);
    const at = await step();
    const body = { code: totpCode(secret, at - 1) };
    const confirmed = await call(api.account.totp.confirm, { token, body });
    assert.equal(confirmed.status, 201, confirmed.text);
    const { recovery_codes: codes, session } = confirmed.body;
    return { secret, codes: codes as string[], token: session.token as string };
  }
  const present = (token: string, body: object) => call(api.sessions.secondFactor, { token, body });

  test('an app is asked for once a code has confirmed it; each step further is a new token and the old one dies (checklist 21, 26)', async () => {
    const email = 'ada@example.com';
    const token = await signUp(email);
    const other = (await signIn(email)).token;
    const enrolled = await call(api.account.totp.enrol, { token });
    assert.match(enrolled.body.uri, /^otpauth:\/\/totp\/Example:ada%40example\.com\?secret=[A-Z2-7]{32}&/);
    assert.equal((await signIn(email)).strength, 'full', 'what is not confirmed is asked for nowhere');
    const secret = fromBase32(enrolled.body.secret);
    const confirm = (typed: string) => call(api.account.totp.confirm, { token, body: { code: typed } });
    assert.deepEqual(await code(confirm('000000')), [401, 'credentials_wrong']);
    const now = await step();
    const confirmed = await confirm(totpCode(secret, now));
    assert.equal(confirmed.status, 201, confirmed.text);
    assert.equal(new Set(confirmed.body.recovery_codes).size, 10);
    assert.equal(confirmed.body.session.strength, 'second_factor');
    for (const old of [token, other]) assert.deepEqual(await code(account(old)), [401, 'session_ended']);
    assert.equal((await account(confirmed.body.session.token)).status, 200);
    assert.deepEqual(changesTo(email), ['added']);
    assert.deepEqual(await code(call(api.account.totp.enrol, { token: confirmed.body.session.token })), [
      409,
      'conflict',
    ]);

    const first = await signIn(email);
    assert.equal(first.strength, 'first_factor');
    assert.deepEqual(await code(account(first.token)), [403, 'second_factor_required']);
    assert.deepEqual(await code(call(api.wallet.get, { token: first.token })), [
      403,
      'second_factor_required',
    ]);
    const finished = await present(first.token, { code: totpCode(secret, now + 1) });
    assert.deepEqual([finished.status, finished.body.strength], [201, 'second_factor'], finished.text);
    assert.deepEqual(await code(account(first.token)), [401, 'session_ended']);
    assert.equal((await account(finished.body.token)).status, 200);
    // One thing is presented, not several and not none.
    for (const body of [{}, { code: '123456', recovery_code: 'x' }])
      assert.deepEqual(await code(present(finished.body.token, body)), [400, 'invalid_request']);
  });

  test('a step passes once with one on either side, by the clock of the database; of a hundred at once one gets in (checklist 19, 22)', async () => {
    const email = 'steps@example.com';
    const { secret, token } = await withApp(await signUp(email));
    await app.database.standAt(new Date('2027-01-01T00:00:15Z'));
    const now = await step();
    const fresh = async () => (await signIn(email)).token;
    assert.deepEqual(await code(present(await fresh(), { code: totpCode(secret, now + 2) })), [
      401,
      'credentials_wrong',
    ]);
    assert.deepEqual(await code(present(await fresh(), { code: totpCode(secret, now - 2) })), [
      401,
      'credentials_wrong',
    ]);
    assert.equal((await present(await fresh(), { code: totpCode(secret, now) })).status, 201);
    for (const used of [now, now - 1])
      assert.deepEqual(await code(present(await fresh(), { code: totpCode(secret, used) })), [
        401,
        'credentials_wrong',
      ]);
    await app.database.advance(5 * 60 * MINUTE_MS);
    const later = totpCode(secret, await step());
    const waiting = await Promise.all(Array.from({ length: 5 }, fresh));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => present(waiting[n % 5]!, { code: later })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const { status, body } of answers)
      assert.ok(status === 201 || ['credentials_wrong', 'rate_limited', 'session_ended'].includes(body.code));
    const rows = JSON.stringify(await app.database.sql('select t::text as row from accounts.totp t'));
    assert.ok(!rows.includes(secret.toString('hex')), 'the seed is sealed');
    assert.deepEqual(await code(account(token)), [401, 'session_ended'], 'unused since the year changed');
  });

  test('guessing ends after five, a right code then as well, and success gives back (checklist 19)', async () => {
    const email = 'guessed@example.com';
    const { secret, codes } = await withApp(await signUp(email));
    for (const typed of codes.slice(0, 6))
      assert.equal((await present((await signIn(email)).token, { recovery_code: typed })).status, 201);
    const { token } = await signIn(email);
    const wrong = await Promise.all(
      Array.from({ length: 40 }, () => present(token, { recovery_code: '0000-0000-0000' })),
    );
    const refused = wrong.map(({ body }) => body.code);
    assert.equal(refused.filter((one) => one === 'credentials_wrong').length, 5);
    assert.equal(refused.filter((one) => one === 'rate_limited').length, 35);
    assert.deepEqual(await code(present(token, { code: totpCode(secret, await step()) })), [
      429,
      'rate_limited',
    ]);
  });

  test('a recovery code works once, however it is typed; hashes of unused ones alone are kept, and a password reset drops nothing (checklist 23)', async () => {
    const email = 'recovered@example.com';
    const app1 = await withApp(await signUp(email));
    const [first, second] = app1.codes as [string, string];
    const rows = JSON.stringify(
      await app.database.sql('select t::text as row from accounts.recovery_code t'),
    );
    assert.ok(!rows.includes(first) && !rows.includes(first.replaceAll('-', '')));
    const tokens = await Promise.all(Array.from({ length: 5 }, async () => (await signIn(email)).token));
    const typed = first.toLowerCase().replaceAll('-', ' ');
    const answers = await Promise.all(tokens.map((token) => present(token, { recovery_code: typed })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    const { token } = answers.find(({ status }) => status === 201)!.body;
    const left = async () => (await call(api.account.secondFactors.get, { token })).body.recovery_codes_left;
    assert.equal(await left(), 9);
    assert.deepEqual(changesTo(email), ['added', 'recovery_code_used']);

    const renewed = await call(api.account.recoveryCodes.renew, { token });
    assert.equal(renewed.status, 201, renewed.text);
    assert.equal(await left(), 10);
    await app.database.advance(30 * MINUTE_MS);
    const again = (await signIn(email)).token;
    assert.deepEqual(await code(present(again, { recovery_code: second })), [401, 'credentials_wrong']);
    assert.equal(
      (await present(again, { recovery_code: renewed.body.recovery_codes[0] })).status,
      201,
      'a new one',
    );
    assert.deepEqual(changesTo(email).slice(2), ['recovery_codes_renewed', 'recovery_code_used']);

    await call(api.passwordReset.start, { body: { email } });
    const next = 'nine red kites over the fen';
    await call(api.passwordReset.finish, { body: { token: secretFor(email), new_password: next } });
    const after = await signIn(email, next);
    assert.equal(after.strength, 'first_factor');
    assert.equal((await present(after.token, { code: totpCode(app1.secret, await step()) })).status, 201);
  });

  test('changing factors wants a sign-in of ten minutes, by the factor itself too, which keeps the strength (checklist 28)', async () => {
    const email = 'careful@example.com';
    const made = await withApp(await signUp(email));
    const elsewhere = (await present((await signIn(email)).token, { recovery_code: made.codes[0] })).body
      .token;
    await app.database.advance(11 * MINUTE_MS);
    const { token } = made;
    for (const operation of [
      api.account.totp.enrol,
      api.account.totp.remove,
      api.account.recoveryCodes.renew,
      api.account.passkeys.start,
    ])
      assert.deepEqual(
        await code(call(operation, { token })),
        [403, 'reauthentication_required'],
        operation.id,
      );
    const again = (body: object) => call(api.sessions.reauthenticate, { token, body });
    assert.deepEqual(await code(again({ code: '000000' })), [401, 'credentials_wrong']);
    const renewed = await again({ code: totpCode(made.secret, await step()) });
    assert.deepEqual([renewed.status, renewed.body.strength], [201, 'second_factor'], renewed.text);
    assert.deepEqual(await code(account(token)), [401, 'session_ended']);
    const byPassword = await call(api.sessions.reauthenticate, {
      token: renewed.body.token,
      body: { password: PASSWORD },
    });
    assert.equal(byPassword.body.strength, 'second_factor');
    const own = byPassword.body.token;
    assert.equal((await call(api.account.totp.remove, { token: own })).status, 204);
    assert.deepEqual(await code(account(elsewhere)), [401, 'session_ended']);
    assert.equal((await call(api.account.totp.remove, { token: own })).status, 204, 'may be repeated');
    const factors = (await call(api.account.secondFactors.get, { token: own })).body;
    assert.deepEqual(factors, { totp_since: null, passkeys: [], recovery_codes_left: 0 });
    assert.deepEqual(await code(call(api.account.recoveryCodes.renew, { token: own })), [409, 'conflict']);
    assert.equal((await signIn(email)).strength, 'full');
    assert.deepEqual(changesTo(email), ['added', 'recovery_code_used', 'removed']);
  });

  const begin = async (operation: Operation, token?: string) => {
    const answer = await call(operation, token === undefined ? {} : { token });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.public_key;
  };
  async function withPasskey(token: string, name = 'Telephone') {
    const passkey = createSoftwareAuthenticator(TEST_SITE);
    const credential = passkey.create(await begin(api.account.passkeys.start, token));
    const body = { name, credential };
    const kept = await call(api.account.passkeys.register, { token, body });
    assert.equal(kept.status, 201, kept.text);
    return { passkey, codes: kept.body.recovery_codes, token: kept.body.session.token as string, body };
  }
  const byPasskey = (passkey: unknown) => call(api.sessions.passkey, { body: { passkey } });

  test('a passkey signs in by itself when unlocked, and is a second factor; challenge, purpose, origin and site are checked (checklist 24)', async () => {
    const email = 'keys@example.com';
    const made = await withPasskey(await signUp(email));
    assert.equal(made.codes.length, 10);
    const { passkey } = made;
    const start = () => begin(api.sessions.startPasskey);
    const assertion = passkey.get(await start());
    const answers = await Promise.all(Array.from({ length: 20 }, () => byPasskey(assertion)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1, 'a challenge is good once');
    const { body: session } = answers.find(({ status }) => status === 201)!;
    assert.equal(session.strength, 'second_factor');
    assert.deepEqual(changesTo(email), ['added'], 'an answer that is sent again is no copy');

    const first = (await signIn(email)).token;
    const wrong: Promise<Awaited<ReturnType<typeof call>>>[] = [
      byPasskey(assertion),
      byPasskey(passkey.get(await start(), { userVerified: false })),
      byPasskey(passkey.get(await start(), { userPresent: false })),
      byPasskey(passkey.get(await start(), { userHandle: null })),
      byPasskey(passkey.get(await start(), { userHandle: Buffer.alloc(16).toString('base64url') })),
      byPasskey(passkey.get(await start(), { origin: 'https://elsewhere.example.com' })),
      byPasskey(passkey.get(await start(), { rpId: 'elsewhere.example.com' })),
      byPasskey(passkey.get(await start(), { challenge: Buffer.alloc(55).toString('base64url') })),
      byPasskey(passkey.get(await begin(api.sessions.startSecondFactor, first))),
      byPasskey({ id: 'x', type: 'public-key' }),
      present(first, { passkey: passkey.get(await start()) }),
    ];
    for (const [at, answer] of wrong.entries())
      assert.deepEqual(await code(answer), [401, 'credentials_wrong'], `number ${at}`);
    await app.database.advance(30 * MINUTE_MS);
    const stale = passkey.get(await start());
    await app.database.advance(5 * MINUTE_MS);
    assert.deepEqual(await code(byPasskey(stale)), [401, 'credentials_wrong']);

    const waiting = (await signIn(email)).token;
    const options = await begin(api.sessions.startSecondFactor, waiting);
    assert.equal(options.allowCredentials.length, 1);
    const finished = await present(waiting, { passkey: passkey.get(options, { userVerified: false }) });
    assert.deepEqual([finished.status, finished.body.strength], [201, 'second_factor'], finished.text);
    // Of somebody else it is nothing, whatever they present.
    const stranger = await withPasskey(await signUp('stranger@example.com'));
    const theirs = (await signIn('stranger@example.com')).token;
    const foreign = passkey.get(await begin(api.sessions.startSecondFactor, theirs));
    assert.deepEqual(await code(present(theirs, { passkey: foreign })), [401, 'credentials_wrong']);
    assert.deepEqual(
      await code(call(api.account.passkeys.register, { token: stranger.token, body: stranger.body })),
      [401, 'credentials_wrong'],
      'an answer is kept once',
    );
  });

  test('a counter that does not grow is refused, and the owner and the trail are told (checklist 24)', async () => {
    const email = 'copied@example.com';
    const { passkey } = await withPasskey(await signUp(email));
    const start = () => begin(api.sessions.startPasskey);
    assert.equal((await byPasskey(passkey.get(await start(), { counter: 50 }))).status, 201);
    for (const counter of [50, 49, 0])
      assert.deepEqual(await code(byPasskey(passkey.get(await start(), { counter }))), [
        401,
        'credentials_wrong',
      ]);
    assert.deepEqual(changesTo(email), ['added', 'passkey_refused', 'passkey_refused', 'passkey_refused']);
    const told = await app.database.sql(
      `select 1 from privacy.audit_entry where action = 'account.passkey_refused' and outcome = 'refused'`,
    );
    assert.equal(told.length, 3);
    assert.equal((await byPasskey(passkey.get(await start(), { counter: 51 }))).status, 201);
  });

  test('passkeys are named by their owner alone, and the name is sealed; the last one takes the codes along', async () => {
    const email = 'named@example.com';
    const { token } = await withPasskey(await signUp(email), 'Work telephone');
    const second = await withPasskey(token, 'Laptop');
    assert.equal(second.codes, null, 'there were codes before');
    const own = second.token;
    const factors = async () => (await call(api.account.secondFactors.get, { token: own })).body;
    const names = async () => (await factors()).passkeys.map(({ name }: { name: string }) => name);
    assert.deepEqual(await names(), ['Work telephone', 'Laptop']);
    const [one, two] = (await factors()).passkeys.map(({ id }: { id: string }) => id);
    const renamed = await call(api.account.passkeys.rename, {
      token: own,
      id: one,
      body: { name: 'Old one' },
    });
    assert.equal(renamed.body.name, 'Old one');
    assert.deepEqual(await names(), ['Old one', 'Laptop']);
    const rows = JSON.stringify(await app.database.sql('select k::text as row from accounts.passkey k'));
    for (const name of ['Old one', 'Laptop', 'Work telephone'])
      assert.ok(!rows.includes(Buffer.from(name).toString('hex')) && !rows.includes(name));
    const stranger = await app.person();
    for (const operation of [api.account.passkeys.rename, api.account.passkeys.remove]) {
      const body = operation === api.account.passkeys.rename ? { body: { name: 'Mine' } } : {};
      const refused = call(operation, { token: stranger.token, id: one, ...body });
      assert.deepEqual(await code(refused), [404, 'not_found']);
    }
    const remove = (id: string) => call(api.account.passkeys.remove, { token: own, id });
    assert.equal((await remove(one)).status, 204);
    assert.equal((await factors()).recovery_codes_left, 10);
    assert.equal((await remove(two)).status, 204);
    assert.deepEqual(await factors(), { totp_since: null, passkeys: [], recovery_codes_left: 0 });
    assert.equal((await signIn(email)).strength, 'full');
  });

  test('the account of a device may have one too: token and recovery code are then the first factor alone (checklist 21)', async () => {
    const { challenge } = (await call(api.devices.challenge)).body;
    const body = { challenge, solution: await solveChallenge(challenge), ...opening() };
    const device = (await call(api.devices.register, { body })).body;
    const { passkey } = await withPasskey(device.session.token);
    const signedIn = await call(api.devices.signIn, { body: { device_token: device.device_token } });
    assert.equal(signedIn.body.strength, 'first_factor');
    const restored = await call(api.devices.restore, { body: { recovery_code: device.recovery_code } });
    assert.equal(restored.body.session.strength, 'first_factor');
    const { token } = restored.body.session;
    const options = await begin(api.sessions.startSecondFactor, token);
    assert.equal((await present(token, { passkey: passkey.get(options) })).status, 201);
  });

  const grant = (body: object, token = app.admin) => call(api.admin.staff.grant, { token, body });
  const administrators = async () =>
    (await call(api.admin.staff.list, { token: app.admin })).body.data.filter(
      ({ role }: { role: string }) => role === 'administrator',
    );

  test('a key of the operator makes the first administrator; nothing opens without a second factor (checklist 20, 21, 26)', async () => {
    const email = 'root@example.com';
    const before = await signUp(email);
    assert.deepEqual(await code(grant({ email: 'nobody@example.com', role: 'support' })), [404, 'not_found']);
    for (const body of [
      { role: 'support' },
      { email, account_id: 'acc_01jd3rh8e7fv2r0kqvw4m9xt5c', role: 'support' },
    ])
      assert.deepEqual(await code(grant(body)), [400, 'invalid_request']);
    const granted = await grant({ email, role: 'administrator' });
    assert.deepEqual(
      [granted.status, granted.body.email, granted.body.role, granted.body.second_factor],
      [200, email, 'administrator', false],
      granted.text,
    );
    assert.deepEqual(await code(account(before)), [401, 'session_ended'], 'a grant ends every session');

    const { token } = await signIn(email);
    const list = (given: string) => call(api.admin.staff.list, { token: given });
    assert.deepEqual(await code(list(token)), [403, 'second_factor_required']);
    const session = (await call(api.sessions.list, { token })).body.data[0];
    const lastsMs = Date.parse(session.expires_at) - Date.parse(session.created_at);
    assert.equal(lastsMs, 12 * 60 * MINUTE_MS, 'sessions of staff end after a working day at the latest');
    const own = await withApp(token);
    const listed = await list(own.token);
    assert.equal(listed.status, 200, listed.text);
    assert.equal(listed.body.data.find((one: { email: string }) => one.email === email).second_factor, true);

    const self = { account_id: granted.body.account_id, role: 'finance' };
    assert.deepEqual(await code(grant(self, own.token)), [403, 'forbidden']);
    assert.deepEqual(await code(call(api.account.totp.remove, { token: own.token })), [409, 'conflict']);
    assert.equal(
      (await call(api.account.secondFactors.get, { token: own.token })).body.recovery_codes_left,
      10,
    );
    assert.deepEqual(await code(call(api.account.close, { token: own.token })), [409, 'conflict']);

    // Staff unlock their passkeys.
    const passkey = createSoftwareAuthenticator(TEST_SITE);
    const register = async (otherwise: object) => {
      const credential = passkey.create(await begin(api.account.passkeys.start, own.token), otherwise);
      return call(api.account.passkeys.register, { token: own.token, body: { name: 'Token', credential } });
    };
    assert.deepEqual(await code(register({ userVerified: false })), [401, 'credentials_wrong']);
    assert.equal((await register({})).status, 201);
    const waiting = (await signIn(email)).token;
    const options = await begin(api.sessions.startSecondFactor, waiting);
    assert.equal(options.userVerification, 'required');
    const touched = passkey.get(options, { userVerified: false });
    assert.deepEqual(await code(present(waiting, { passkey: touched })), [401, 'credentials_wrong']);
  });

  test('only administrators grant and take away, each act is in the trail, and the last administrator stays', async () => {
    const [one, two] = await Promise.all([
      app.person({ staffRole: 'administrator', strength: 'second_factor' }),
      app.person({ staffRole: 'administrator', strength: 'second_factor' }),
    ]);
    const support = await app.person({ staffRole: 'support', strength: 'second_factor' });
    const customer = await app.person({ strength: 'second_factor' });
    for (const { token } of [support, customer])
      assert.deepEqual(await code(grant({ account_id: customer.publicId, role: 'administrator' }, token)), [
        403,
        'scope_missing',
      ]);
    assert.equal((await grant({ account_id: customer.publicId, role: 'abuse' }, one.token)).status, 200);
    assert.deepEqual(await code(account(customer.token)), [401, 'session_ended']);
    // Twice the same changes nothing: their new session lives on.
    assert.equal((await grant({ account_id: support.publicId, role: 'support' }, one.token)).status, 200);
    assert.equal((await account(support.token)).status, 200);
    const remove = (id: string, token = app.admin) => call(api.admin.staff.remove, { token, id });
    assert.equal((await remove(support.publicId, one.token)).status, 204);
    assert.deepEqual(await code(account(support.token)), [401, 'session_ended']);
    assert.deepEqual(await code(remove(support.publicId)), [404, 'not_found']);

    for (const { account_id: id } of await administrators())
      if (![one.publicId, two.publicId].includes(id)) assert.equal((await remove(id)).status, 204);
    const answers = await Promise.all([remove(one.publicId), remove(two.publicId)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409]);
    const [last] = await administrators();
    assert.deepEqual(await code(remove(last.account_id)), [409, 'conflict']);
    assert.deepEqual(await code(grant({ account_id: last.account_id, role: 'support' })), [409, 'conflict']);
    const trail = await app.database.sql<{ action: string; count: number }>(
      `select action, count(*)::integer as count from privacy.audit_entry where action like 'staff.%' group by action order by 1`,
    );
    assert.deepEqual(trail, [
      { action: 'staff.granted', count: 2 },
      { action: 'staff.removed', count: 3 },
    ]);
  });
});

function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((octet) => Number.parseInt(octet, 2)));
}
