// Sessions of browsers in a cookie: where the policy lists it, every request that carries it is judged by where it came
// from; where it lists none, nothing sets or reads one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { api, encodeId, headers, type Operation, operations } from '@sotto/contract';
import { createHttpServer, type HttpServer } from '#http';
import { newId } from '#platform/ids';
import { log } from '#platform/log';
import { endPresented } from '../src/accounts/sessions/sessions.ts';
import { readPolicyFile } from '../src/main/policy/policy-file.ts';
import { sessionCookieOf } from '../src/main/policy/session-cookie.ts';
import { today } from '../src/main/policy/today.ts';
import { useApi } from './api.ts';
import { type Answer, callOperation, type Request } from './route-contract.ts';

const OURS = 'https://sms.example.com';
const PASSWORD = 'seven blue herons at dusk';
/** What a browser says of a page of ours. */
const own = { origin: OURS, 'sec-fetch-site': 'same-origin' };
const intoCookie = { ...own, [headers.session]: 'cookie' };

const termsUnder = async (profile: string) =>
  sessionCookieOf((await readPolicyFile(profile, { production: false, today: today() })).policy);

const setCookieOf = ({ headers: given }: Answer) => given['set-cookie'] as string | undefined;
const tokenIn = (answer: Answer) => /^__Host-sid=([^;]+);/.exec(setCookieOf(answer) ?? '')?.[1];

describe('sessions in a cookie', () => {
  const app = useApi();
  let withCookie: HttpServer;
  let without: HttpServer;
  let people = 0;

  before(async () => {
    const terms = await termsUnder('activation-wallet');
    assert.deepEqual(terms, { name: '__Host-sid', maxAgeSeconds: 86_400 });
    const common = {
      db: app.database.db,
      keyring: app.keyring,
      log,
      authenticator: app.authenticator,
      routes: app.routes,
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 8_388_608,
      limits: { perKey: 100_000, failuresPerMinute: 100_000 },
    };
    withCookie = createHttpServer({
      ...common,
      sessionCookie: {
        maxAgeSeconds: terms.maxAgeSeconds,
        origin: () => OURS,
        end: (tx, token) => endPresented(tx, app.keyring, token),
      },
    });
    without = createHttpServer({ ...common, sessionCookie: null });
  });
  after(async () => {
    await withCookie.close();
    await without.close();
  });

  const call = (operation: Operation, request: Request) => callOperation(withCookie, operation, request);
  const carrying = (token: string, more: Record<string, string> = own) => ({
    cookie: `__Host-sid=${token}`,
    ...more,
  });
  const account = async (token: string) =>
    (await call(api.account.get, { headers: { cookie: `__Host-sid=${token}` } })).status;

  /** Somebody who signed up and is signed in in a browser. */
  async function inBrowser() {
    const email = `browser-${++people}@example.com`;
    await call(api.signUp.start, {
      body: { email, password: PASSWORD, of_age: true, accepted_policy: app.policyHash },
    });
    const letter = app.letters.at(-1)!;
    assert.ok(letter.kind === 'confirm_address');
    const confirmed = await call(api.signUp.confirm, {
      body: { token: letter.secret },
      headers: intoCookie,
    });
    return { email, confirmed, token: tokenIn(confirmed)! };
  }
  const signIn = (email: string, more: Record<string, string> = intoCookie) =>
    call(api.sessions.create, { body: { email, password: PASSWORD }, headers: more });

  test('signing in gives a browser a cookie that no script reads, and no token (checklist 29)', async () => {
    const { confirmed, email, token } = await inBrowser();
    const form = /^__Host-sid=sotto_session_\w{42}; Max-Age=86400; Path=\/; Secure; HttpOnly; SameSite=Lax$/;
    for (const answer of [confirmed, await signIn(email)]) {
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.body.token, null);
      assert.match(setCookieOf(answer)!, form);
      assert.equal(answer.text.includes('sotto_session_'), false);
    }
    assert.equal(await account(token), 200);
    const plain = await signIn(email, {});
    assert.match(plain.body.token, /^sotto_session_/);
    assert.equal(setCookieOf(plain), undefined);
    const typo = await signIn(email, { ...own, [headers.session]: 'Cookie' });
    assert.deepEqual([typo.status, typo.body.code], [400, 'invalid_request']);
  });

  test('a repeated answer holds no cookie, for secrets are never replayed', async () => {
    const { email } = await inBrowser();
    const keyed = { ...intoCookie, [headers.idempotencyKey]: 'sign-in' };
    assert.ok(tokenIn(await signIn(email, keyed)));
    const again = await signIn(email, keyed);
    assert.deepEqual([again.status, again.body.token, setCookieOf(again)], [201, null, undefined]);
  });

  test('what changes something is done for our own pages alone (checklist 30)', async () => {
    const { token } = await inBrowser();
    const rename = api.account.update;
    const end = api.sessions.revokeOthers;
    const close = api.sessions.revoke;
    const json = { 'content-type': 'application/json' };
    const table: [Operation, Record<string, string>, number][] = [
      [rename, own, 200],
      [rename, { origin: OURS }, 200],
      [rename, { 'sec-fetch-site': 'same-origin' }, 200],
      [rename, {}, 403],
      [rename, { origin: 'https://evil.example' }, 403],
      [rename, { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 403],
      [rename, { origin: 'null' }, 403],
      [rename, { ...own, 'sec-fetch-site': 'cross-site' }, 403],
      [rename, { ...own, 'sec-fetch-site': 'same-site' }, 403],
      [rename, { ...own, 'sec-fetch-site': 'none' }, 403],
      // A form may send an empty POST without asking; a header of ours it may not.
      [end, own, 403],
      [end, { ...own, [headers.idempotencyKey]: 'end' }, 200],
      [end, { ...own, ...json }, 200],
      [close, { ...own, 'content-type': 'text/plain' }, 415],
      [close, { ...own, 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ];
    for (const [operation, more, status] of table) {
      const answer = await call(operation, {
        headers: carrying(token, more),
        ...(operation === rename ? { body: { language: 'en' } } : {}),
        ...(operation === close ? { id: encodeId('ses', newId()) } : {}),
      });
      assert.equal(answer.status, status, `${operation.id} ${JSON.stringify(more)} ${answer.text}`);
      if (status === 403) assert.equal(answer.body.code, 'origin_refused');
    }
    // Reading needs none of it, and no GET of the contract changes anything.
    for (const more of [{}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }]) {
      assert.equal((await call(api.account.get, { headers: carrying(token, more) })).status, 200);
    }
    assert.ok(operations.every(({ method, idempotent }) => method !== 'GET' || idempotent));
  });

  test('every operation that changes something refuses the cookie of a foreign page (checklist 30)', async () => {
    const { token } = await inBrowser();
    const changing = operations.filter(({ method, scope }) => method !== 'GET' && scope !== null);
    assert.ok(changing.length > 20);
    for (const operation of changing) {
      const answer = await call(operation, {
        headers: carrying(token, { origin: 'https://evil.example' }),
        body: operation.request.body === undefined ? undefined : (operation.examples?.body ?? {}),
      });
      assert.deepEqual([answer.status, answer.body.code], [403, 'origin_refused'], operation.id);
    }
    for (const operation of operations.filter(({ opensSession, scope }) => opensSession && scope === null)) {
      const body = operation.examples?.body;
      for (const more of [{}, { origin: 'https://evil.example' }]) {
        const answer = await call(operation, { body, headers: { ...more, [headers.session]: 'cookie' } });
        assert.deepEqual([answer.status, answer.body.code], [403, 'origin_refused'], operation.id);
      }
    }
  });

  test('a token in a header goes before the cookie, and needs no origin', async () => {
    const { token } = await inBrowser();
    const somebody = await app.person();
    const request = (more: Record<string, string>) =>
      call(api.account.update, { body: { language: 'en' }, headers: { ...carrying(token, {}), ...more } });
    const named = await request({
      authorization: `Bearer ${somebody.token}`,
      origin: 'https://evil.example',
    });
    assert.deepEqual([named.status, named.body.id], [200, somebody.publicId]);
    for (const authorization of ['Bearer x', 'Basic eDp5', '']) {
      const answer = await request({ authorization, ...own });
      assert.deepEqual([answer.status, answer.body.code], [401, 'unauthorized'], authorization);
    }
  });

  test('a cookie that comes twice, is too long, or has another name or kind of token opens nothing', async () => {
    const { token } = await inBrowser();
    const read = async (cookie: string) => (await call(api.account.get, { headers: { cookie } })).status;
    assert.equal(await read(`other=1; __Host-sid=${token}`), 200);
    for (const cookie of [
      `__Host-sid=${token}; __Host-sid=${token}`,
      `__Host-sid=${token}; pad=${'x'.repeat(5_000)}`,
      `__Secure-sid=${token}`,
      `sid=${token}`,
      `__Host-sid=${app.shop.token}`,
      `__Host-sid=${app.admin}`,
    ]) {
      assert.equal(await read(cookie), 401, cookie.slice(0, 30));
    }
  });

  test('a cookie planted before signing in is worth nothing after (session fixation)', async () => {
    const { email, token: planted } = await inBrowser();
    const answer = await signIn(email, carrying(planted, intoCookie));
    const fresh = tokenIn(answer)!;
    assert.notEqual(fresh, planted);
    assert.deepEqual([await account(planted), await account(fresh)], [401, 200]);
    // One that is made up is never taken over either.
    const made = `sotto_session_${'0'.repeat(42)}`;
    assert.notEqual(tokenIn(await signIn(email, carrying(made, intoCookie))), made);
    assert.equal(await account(made), 401);
  });

  test('presenting the password again and changing it replace the cookie', async () => {
    const { token } = await inBrowser();
    const again = await call(api.sessions.reauthenticate, {
      body: { password: PASSWORD },
      headers: carrying(token),
    });
    const second = tokenIn(again)!;
    assert.deepEqual([again.status, again.body.token], [201, null]);
    assert.deepEqual([await account(token), await account(second)], [401, 200]);
    const changed = await call(api.account.changePassword, {
      body: { new_password: 'nine red kites over the fen' },
      headers: carrying(second),
    });
    assert.deepEqual([changed.status, changed.body.token], [201, null], changed.text);
    assert.deepEqual([await account(second), await account(tokenIn(changed)!)], [401, 200]);
  });

  test('signing out clears the cookie and what the browser kept (checklist 33)', async () => {
    const { token } = await inBrowser();
    const out = await call(api.sessions.signOut, { headers: carrying(token) });
    assert.equal(out.status, 204);
    assert.equal(setCookieOf(out), '__Host-sid=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax');
    assert.equal(out.headers['clear-site-data'], '"cache", "storage"');
    assert.equal(out.headers['cache-control'], 'no-store');
    assert.equal(await account(token), 401);
  });

  /** Every operation and every page, as who may and in every way that could bring a cookie. */
  async function crawl(server: HttpServer): Promise<Set<string>> {
    const names = new Set<string>();
    const member = await app.person({ memberOf: { workspaceId: app.shop.id, role: 'owner' } });
    const { email } = await inBrowser();
    for (const { operation } of app.routes) {
      const body = operation.request.body === undefined ? undefined : operation.examples?.body;
      const ways: [string | undefined, Record<string, string>][] = [
        [undefined, carrying(member.token, intoCookie)],
        [operation.endsSession ? undefined : member.token, intoCookie],
        [app.shop.token, own],
        [app.admin, {}],
      ];
      for (const [token, more] of ways) {
        const answer = await callOperation(server, operation, {
          headers: more,
          ...(body === undefined ? {} : { body }),
          ...(token === undefined ? {} : { token }),
        });
        const set = [answer.headers['set-cookie'] ?? []].flat() as string[];
        for (const cookie of set) names.add(cookie.split('=', 1)[0]!);
      }
    }
    const body = { email, password: PASSWORD };
    const answer = await callOperation(server, api.sessions.create, { body, headers: intoCookie });
    if (setCookieOf(answer) !== undefined) names.add(setCookieOf(answer)!.split('=', 1)[0]!);
    return names;
  }

  test('under a policy that lists the cookie, no operation sets any other', async () => {
    assert.deepEqual([...(await crawl(withCookie))], ['__Host-sid']);
  });

  test('under a policy without cookies no operation sets one, reads one, or opens a session into one (checklist 29)', async () => {
    for (const profile of ['device-app', 'standard', 'carrier-messaging', 'business-messaging'])
      assert.equal(await termsUnder(profile), null, profile);
    assert.deepEqual([...(await crawl(without))], []);
    const { email, token } = await inBrowser();
    const before = await app.database.sql('select count(*)::int as many from accounts.session');
    const body = { email, password: PASSWORD };
    const asked = await callOperation(without, api.sessions.create, { body, headers: intoCookie });
    assert.deepEqual([asked.status, asked.body.code], [403, 'feature_off']);
    assert.deepEqual(await app.database.sql('select count(*)::int as many from accounts.session'), before);
    const read = await callOperation(without, api.account.get, { headers: carrying(token) });
    assert.deepEqual([read.status, read.body.code], [401, 'unauthorized']);
  });
});
