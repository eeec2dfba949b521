// Idempotency-Key on every POST of the contract: the same request has one effect and one answer, another request
// under the key is refused. Each operation is tried through the whole server with a request that succeeds.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  decodeId,
  encodeId,
  headers,
  type Operation,
  operations,
  takesIdempotencyKey,
} from '@sotto/contract';
import { isAccountScope, isPersonScope, isPlatformScope } from '@sotto/contract/scopes';
import { solveChallenge } from '@sotto/sdk';
import { fakeAppStore, startFakePlayStore } from '@sotto/simulator';
import { alignedNowMs } from '#platform/clock';
import { newId } from '#platform/ids';
import { createSoftwareAuthenticator } from '../src/accounts/credentials/test/software-authenticator.ts';
import { openSession, PERSON_TERMS } from '../src/accounts/sessions/sessions.ts';
import { useApi } from './api.ts';
import { TEST_SITE, type TestPerson } from './people.ts';
import { callOperation, type Request } from './route-contract.ts';

/** What is shown once. */
const SECRETS = new Set([
  'code',
  'key',
  'token',
  'device_token',
  'recovery_code',
  'recovery_codes',
  'secret',
  'uri',
]);

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, SECRETS.has(name) ? null : withoutSecrets(part)]),
  );
}

describe('an Idempotency-Key', () => {
  const apple = fakeAppStore({ nowMs: alignedNowMs });
  let play: Awaited<ReturnType<typeof startFakePlayStore>>;
  before(async () => {
    play = await startFakePlayStore({ nowMs: alignedNowMs });
  });
  after(() => play.stop());
  const products = new Map([['credits_5', { micros: 5_000_000n, currency: 'EUR' }]]);
  const app = useApi(
    { simulator: { behaviour: {} as never, set: () => undefined, inbound: async () => [0] } },
    () => ({
      appStore: {
        bundleId: apple.bundleId,
        appAppleId: apple.appAppleId,
        environment: 'Production',
        roots: new Set([apple.rootSha256]),
        products,
      },
      playStore: { ...play, products, live: true },
    }),
  );
  const soldAtPlay = () =>
    play.product({
      obfuscatedExternalAccountId: app.shop.publicId,
      productLineItem: [{ productId: 'credits_5', productOfferDetails: { quantity: 1 } }],
    });
  const sold = () => ({
    signed_transaction: apple.sign(
      apple.transaction({ appAccountToken: app.shop.id, productId: 'credits_5' }),
    ),
  });
  let person: TestPerson;
  let session = '';
  const tokenFor = ({ scope }: Operation) => {
    if (scope !== null && isPersonScope(scope)) return session;
    return scope !== null && isPlatformScope(scope) ? app.admin : app.shop.token;
  };
  /** Of a workspace, and for nobody but its members. */
  const isOfMembers = ({ scope }: Operation) =>
    scope !== null && isPersonScope(scope) && !isAccountScope(scope);
  const call = (operation: Operation, request: Request, key?: string) =>
    callOperation(app.server, operation, {
      token: tokenFor(operation),
      ...request,
      headers: {
        ...(isOfMembers(operation) ? { [headers.workspace]: app.shop.publicId } : {}),
        ...request.headers,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    });
  /** Their first effect ends what the request came by: whoever repeats them is told that, and nothing is done twice. */
  const ends = new Set([
    'sessions.reauthenticate',
    'sessions.secondFactor',
    'account.changePassword',
    'workspace.close',
    'account.totp.confirm',
    'account.passkeys.register',
  ]);
  /** Of one thing, done once whatever is asked for. */
  const once = new Set([
    'admin.numbers.assign',
    'bonus.nameReferrer',
    'agreements.accept',
    'subscription.create',
  ]);
  const posts = operations.filter((operation) => takesIdempotencyKey(operation) && !ends.has(operation.id));
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const make = async (operationId: string, body: unknown, id?: string) => {
    const answer = await call(byId.get(operationId)!, id === undefined ? { body } : { body, id });
    assert.ok(answer.status < 300, `${operationId}: ${answer.text}`);
    return answer.body.id as string;
  };

  let connector_id = '';
  let made = 0;
  const number = () => `+49155556${String(++made).padStart(5, '0')}`;
  const newNumber = () => make('admin.numbers.create', { number: number(), connector_id });
  const to = '+4915123456789';
  const inAWeek = () => new Date(Date.now() + 7 * 86_400_000).toISOString();
  const connector = (name: string) => ({
    name,
    host: 'smpp.example.com',
    port: 2775,
    system_id: 's',
    enabled: false,
  });
  const consent = (purpose: string) => ({ purpose, policy_hash: '0f'.repeat(32) });
  const eur = (amount: string) => ({ amount, currency: 'EUR' });

  const password = 'seven blue herons at dusk';
  const opening = () => ({ of_age: true, accepted_policy: app.policyHash });
  /** The secret of the latest mail to an address. */
  const secretFor = (address: string) => {
    const letter = app.letters.findLast(({ to }) => to === address)!;
    assert.ok('secret' in letter);
    return letter.secret;
  };
  async function signUp(): Promise<{ email: string; token: string }> {
    const email = `ada-${++made}@example.com`;
    const answer = await call(byId.get('signUp.start')!, { body: { email, password, ...opening() } });
    assert.equal(answer.status, 202, answer.text);
    return { email, token: secretFor(email) };
  }
  async function signedUp(): Promise<{ email: string }> {
    const { email, token } = await signUp();
    const answer = await call(byId.get('signUp.confirm')!, { body: { token } });
    assert.equal(answer.status, 201, answer.text);
    return { email };
  }
  async function reset(): Promise<string> {
    const { email } = await signedUp();
    await call(byId.get('passwordReset.start')!, { body: { email } });
    return secretFor(email);
  }
  /** The link of somebody else than `person`, whose sessions it ends. */
  async function emailChange(): Promise<string> {
    const { token } = await app.person();
    const email = `new-${++made}@example.com`;
    await call(byId.get('account.email.change')!, { token, body: { email } });
    return secretFor(email);
  }
  async function solved() {
    const { challenge } = (await call(byId.get('devices.challenge')!, {})).body;
    return { challenge, solution: await solveChallenge(challenge), ...opening() };
  }
  /** Of whoever `session` belongs to. */
  async function anotherSession(): Promise<string> {
    const opened = await app.database.db.batch((tx) =>
      openSession(tx, app.keyring, person.id, 'full', PERSON_TERMS),
    );
    return encodeId('ses', opened.session.id);
  }
  const device = async () => (await call(byId.get('devices.register')!, { body: await solved() })).body;

  /** A passkey of somebody. */
  async function registered() {
    const { token } = await app.person();
    const passkey = createSoftwareAuthenticator(TEST_SITE);
    const { public_key } = (await call(byId.get('account.passkeys.start')!, { token })).body;
    const body = { name: 'Telephone', credential: passkey.create(public_key) };
    const kept = await call(byId.get('account.passkeys.register')!, { token, body });
    assert.equal(kept.status, 201, kept.text);
    return passkey;
  }

  before(async () => {
    person = await app.person({
      email: 'member@example.com',
      memberOf: { workspaceId: app.shop.id, role: 'owner' },
    });
    session = person.token;
    connector_id = await make('admin.carriers.create', connector('first'));
    await make('admin.routes.create', { prefix: '', connector_id });
    await make('admin.prices.create', { prefix: '', price: eur('0.01') });
    await make('admin.workspaces.credit', { amount: eur('10'), reason: 'test' }, app.shop.publicId);
  });

  /** A link by which `person` joins another organisation, and its id. */
  async function invited(): Promise<{ id: string; token: string }> {
    const owner = await app.person();
    const opened = await call(byId.get('organisations.create')!, {
      token: owner.token,
      body: { name: 'Other' },
    });
    const { id } = opened.body;
    const sent = await call(byId.get('invitations.create')!, {
      token: owner.token,
      headers: { [headers.workspace]: id },
      body: { email: 'member@example.com', role: 'viewer' },
    });
    assert.equal(sent.status, 201, sent.text);
    return { id, token: secretFor('member@example.com') };
  }
  async function joined(): Promise<string> {
    const { id, token } = await invited();
    assert.equal((await call(byId.get('invitations.accept')!, { body: { token } })).status, 200);
    return id;
  }

  const scheduled = () => make('messages.send', { to, text: 'Hello', scheduled_at: inAWeek() });
  async function deadJob(): Promise<string> {
    const id = newId();
    await app.database.sql(
      `insert into platform.job (id, name, payload, due_at, attempts, attempts_max, dead_at)
       values ($1, 'platform.test', '{}', now(), 1, 1, now())`,
      [id],
    );
    return encodeId('job', id);
  }
  /** One that was paid at the provider, maybe in another currency. */
  async function paidTopUp(currency = 'eur'): Promise<string> {
    const { body } = await call(byId.get('topUps.create')!, { body: { amount: eur('10') } });
    await app.stripe.pay(new URL(body.checkout_url).pathname.split('/').at(-1)!, { currency });
    return body.id;
  }
  const promo = async (): Promise<string> => {
    const body = { amount: eur('1'), uses_max: 9 };
    return (await call(byId.get('admin.promoCodes.create')!, { body })).body.code;
  };
  async function anotherCustomer(): Promise<string> {
    const id = await make('admin.workspaces.create', { name: 'New', currency: 'EUR' });
    return app.issue(decodeId('wrk', id), ['payments:write']);
  }
  const newPlan = () => ({ key: `plan_${++made}`, name: 'Plan', price: eur('0') });
  const plan = () => make('admin.plans.create', newPlan());
  /** A key of a workspace that has a plan. */
  async function subscriber(): Promise<string> {
    const token = await anotherCustomer();
    const subscribed = await call(byId.get('subscription.create')!, {
      token,
      body: { plan_id: await plan() },
    });
    assert.equal(subscribed.status, 201, subscribed.text);
    return token;
  }
  const transfer = (workspace_id: string) => ({
    workspace_id,
    amount: eur('10'),
    reference: `BANK-${++made}`,
  });
  /** By somebody else, so that the caller may decide it. */
  async function entered(): Promise<string> {
    const token = await app.issue(null, ['admin:payments']);
    const body = transfer(app.shop.publicId);
    return (await call(byId.get('admin.bankTransfers.create')!, { token, body })).body.id;
  }
  async function leased(): Promise<string> {
    const id = await newNumber();
    await make('admin.numbers.assign', { workspace_id: app.shop.publicId }, id);
    return id;
  }

  const appeal = (reason: string) => make('appeals.create', { reason, text: 'Please' });
  const ticket = () => make('tickets.create', { subject: 'Help', text: 'Please' });
  async function takenTicket(): Promise<string> {
    const id = await ticket();
    const taken = await call(byId.get('admin.tickets.take')!, { id });
    assert.equal(taken.status, 200, taken.text);
    return id;
  }
  const twoTexts = (id: string): readonly [Request, Request] => [
    { id, body: { text: 'One' } },
    { id, body: { text: 'Two' } },
  ];

  const passport = (inside: string) => ({
    kind: 'passport',
    content: Buffer.from(`%PDF-1.7\n% ${inside}\n%%EOF`).toString('base64'),
  });
  /** Few checks may be under way at once. */
  async function withdrawAll(): Promise<void> {
    for (const { id, state } of (await call(byId.get('identityChecks.list')!, {})).body.data) {
      if (state === 'open' || state === 'submitted') await make('identityChecks.withdraw', undefined, id);
    }
  }
  async function withDocument(): Promise<string> {
    const id = await make('identityChecks.create', { kind: 'person' });
    await make('identityChecks.addDocument', passport('1'), id);
    return id;
  }
  const twoOpen = async (): Promise<readonly [Request, Request]> => {
    await withdrawAll();
    return [{ id: await withDocument() }, { id: await withDocument() }];
  };
  /** Two that a person has taken: no key reviews. */
  async function twoTaken(body?: object): Promise<readonly [Request, Request]> {
    const { token } = await app.person({ staffRole: 'abuse', strength: 'second_factor' });
    const [one, two] = await twoOpen();
    for (const { id } of [one, two]) {
      await make('identityChecks.submit', undefined, id);
      const taken = await call(byId.get('admin.identityChecks.take')!, { id: id!, token });
      assert.equal(taken.status, 200, taken.text);
    }
    const rest = body === undefined ? { token } : { token, body };
    return [
      { ...one, ...rest },
      { ...two, ...rest },
    ];
  }

  /** For each operation two requests that would both succeed. */
  const requests: Readonly<Record<string, () => Promise<readonly [Request, Request]>>> = {
    'messages.send': async () => [{ body: { to, text: 'One' } }, { body: { to, text: 'Two' } }],
    'messages.batch': async () => [
      { body: { messages: [{ to, text: 'One' }] } },
      { body: { messages: [{ to, text: 'Two' }] } },
    ],
    'messages.preview': async () => [{ body: { to, text: 'One' } }, { body: { to, text: 'Two' } }],
    'messages.search': async () => [{ body: { to } }, { body: { to: '+4915123456780' } }],
    'messages.cancel': async () => [{ id: await scheduled() }, { id: await scheduled() }],
    'optOuts.create': async () => [{ body: { number: number() } }, { body: { number: number() } }],
    'optOuts.check': async () => [
      { body: { numbers: [to] } },
      { body: { numbers: [to], class: 'transactional' } },
    ],
    'consents.create': async () => [{ body: consent('marketing') }, { body: consent('analytics') }],
    'consents.withdraw': async () => {
      const id = await make('consents.create', consent('marketing'));
      return [
        { id, body: { method: 'form' } },
        { id, body: { method: 'verbal' } },
      ];
    },
    'keys.create': async () => [
      { body: { name: 'one', scopes: ['wallet:read'] } },
      { body: { name: 'two', scopes: ['wallet:read'] } },
    ],
    'keys.rotate': async () => {
      const id = await make('keys.create', { name: 'turning', scopes: ['wallet:read'] });
      return [
        { id, body: { overlap_seconds: 60 } },
        { id, body: { overlap_seconds: 30 } },
      ];
    },
    'keys.revoke': async () => [
      { id: await make('keys.create', { name: 'one', scopes: ['wallet:read'] }) },
      { id: await make('keys.create', { name: 'two', scopes: ['wallet:read'] }) },
    ],
    'organisations.create': async () => [{ body: { name: 'One' } }, { body: { name: 'Two' } }],
    'organisations.leave': async () => [{ id: await joined() }, { id: await joined() }],
    'invitations.create': async () => [
      { body: { email: 'grace@example.com', role: 'viewer' } },
      { body: { email: 'joan@example.com', role: 'viewer' } },
    ],
    'invitations.accept': async () => [
      { body: { token: (await invited()).token } },
      { body: { token: (await invited()).token } },
    ],
    'tickets.create': async () => [
      { body: { subject: 'One', text: 'One' } },
      { body: { subject: 'Two', text: 'Two' } },
    ],
    'tickets.reply': async () => twoTexts(await ticket()),
    'tickets.close': async () => [{ id: await ticket() }, { id: await ticket() }],
    'identityChecks.create': async () => [{ body: { kind: 'person' } }, { body: { kind: 'business' } }],
    'identityChecks.addDocument': async () => {
      const { id } = (await twoOpen())[0];
      return [
        { id: id!, body: passport('1') },
        { id: id!, body: passport('2') },
      ];
    },
    'identityChecks.submit': twoOpen,
    'identityChecks.withdraw': twoOpen,
    'appeals.create': async () => [
      { body: { reason: 'keys_too_often', text: 'One' } },
      { body: { reason: 'bulk_above_tier', text: 'Two' } },
    ],
    'admin.carriers.create': async () => [{ body: connector('one') }, { body: connector('two') }],
    'admin.routes.create': async () => [
      { body: { prefix: '41', connector_id } },
      { body: { prefix: '42', connector_id } },
    ],
    'admin.prices.create': async () => [
      { body: { prefix: '41', price: eur('0.01') } },
      { body: { prefix: '42', price: eur('0.01') } },
    ],
    'admin.numbers.create': async () => [
      { body: { number: number(), connector_id } },
      { body: { number: number(), connector_id } },
    ],
    'admin.numbers.assign': async () => {
      const id = await newNumber();
      return [
        { id, body: { workspace_id: app.shop.publicId } },
        { id, body: { workspace_id: app.stranger.publicId } },
      ];
    },
    'admin.numbers.unassign': async () => [{ id: await leased() }, { id: await leased() }],
    'admin.numbers.retire': async () => [{ id: await newNumber() }, { id: await newNumber() }],
    'signUp.start': async () => [
      { body: { email: 'grace@example.com', password, ...opening() } },
      { body: { email: 'joan@example.com', password, ...opening() } },
    ],
    'signUp.confirm': async () => [
      { body: { token: (await signUp()).token } },
      { body: { token: (await signUp()).token } },
    ],
    'sessions.create': async () => [
      { body: { ...(await signedUp()), password } },
      { body: { ...(await signedUp()), password } },
    ],
    'sessions.startPasskey': async () => [{ body: {} }, {}],
    'sessions.passkey': async () => {
      const passkey = await registered();
      const assertion = async () =>
        passkey.get((await call(byId.get('sessions.startPasskey')!, {})).body.public_key);
      return [{ body: { passkey: await assertion() } }, { body: { passkey: await assertion() } }];
    },
    'sessions.startSecondFactor': async () => [{ body: {} }, {}],
    'account.totp.enrol': async () => [{ body: {} }, {}],
    'account.recoveryCodes.renew': async () => {
      await app.database.sql(
        `insert into accounts.passkey (id, person_id, credential_id, public_key, user_handle, counter, transports,
                                       backup_eligible, backed_up)
         values ($1, $2, decode('00', 'hex'), decode('00', 'hex'), decode(repeat('00', 16), 'hex'), 0, '{}', false, false)`,
        [newId(), person.id],
      );
      return [{ body: {} }, {}];
    },
    'account.passkeys.start': async () => [{ body: {} }, {}],
    'sessions.revoke': async () => [{ id: await anotherSession() }, { id: await anotherSession() }],
    'sessions.revokeOthers': async () => [{ body: {} }, {}],
    'account.email.change': async () => [
      { body: { email: 'grace.hopper@example.com' } },
      { body: { email: 'joan.clarke@example.com' } },
    ],
    'account.email.confirm': async () => [
      { body: { token: await emailChange() } },
      { body: { token: await emailChange() } },
    ],
    'passwordReset.start': async () => [
      { body: { email: 'grace@example.com' } },
      { body: { email: 'joan@example.com' } },
    ],
    'passwordReset.finish': async () => [
      { body: { token: await reset(), new_password: 'nine red kites over the fen' } },
      { body: { token: await reset(), new_password: 'nine red kites over the fen' } },
    ],
    'devices.challenge': async () => [{ body: {} }, {}],
    'devices.register': async () => [{ body: await solved() }, { body: await solved() }],
    'devices.signIn': async () => [
      { body: { device_token: (await device()).device_token } },
      { body: { device_token: (await device()).device_token } },
    ],
    'devices.restore': async () => [
      { body: { recovery_code: (await device()).recovery_code } },
      { body: { recovery_code: (await device()).recovery_code } },
    ],
    'admin.workspaces.create': async () => [
      { body: { name: 'One', currency: 'EUR' } },
      { body: { name: 'Two', currency: 'EUR' } },
    ],
    'admin.workspaces.credit': async () => [
      { id: app.shop.publicId, body: { amount: eur('1'), reason: 'test' } },
      { id: app.shop.publicId, body: { amount: eur('2'), reason: 'test' } },
    ],
    'admin.staff.grant': async () => [
      { body: { account_id: (await app.person()).publicId, role: 'support' } },
      { body: { account_id: (await app.person()).publicId, role: 'support' } },
    ],
    'admin.tickets.create': async () => [
      { body: { workspace_id: app.shop.publicId, subject: 'One', text: 'One' } },
      { body: { workspace_id: app.shop.publicId, subject: 'Two', text: 'Two' } },
    ],
    'admin.tickets.take': async () => [{ id: await ticket() }, { id: await ticket() }],
    'admin.tickets.reply': async () => twoTexts(await takenTicket()),
    'admin.tickets.note': async () => twoTexts(await takenTicket()),
    'admin.tickets.close': async () => [{ id: await takenTicket() }, { id: await takenTicket() }],
    'topUps.create': async () => [{ body: { amount: eur('1') } }, { body: { amount: eur('2') } }],
    'autoTopUp.storeCard': async () => {
      await call(byId.get('autoTopUp.set')!, { body: byId.get('autoTopUp.set')!.examples!.body });
      return [{ body: {} }, { body: { return_url: 'https://shop.example.com/thanks' } }];
    },
    'invoices.create': async () => [
      { body: { top_up_id: await paidTopUp() } },
      { body: { top_up_id: await paidTopUp() } },
    ],
    'admin.exchangeRates.create': async () => [
      { body: { base: 'USD', quote: 'EUR', rate: '0.92' } },
      { body: { base: 'GBP', quote: 'EUR', rate: '1.15' } },
    ],
    'admin.payments.refund': async () => {
      const id = await paidTopUp();
      return [
        { id, body: { amount: eur('1') } },
        { id, body: { amount: eur('2') } },
      ];
    },
    'admin.payments.approve': async () => {
      const id = await paidTopUp('usd');
      const other = await paidTopUp('usd');
      return [
        { id, body: { amount: eur('1') } },
        { id: other, body: { amount: eur('2') } },
      ];
    },
    'admin.identityChecks.take': () => twoTaken(),
    'admin.identityChecks.approve': () => twoTaken(),
    'admin.identityChecks.reject': () => twoTaken({ reason: 'unreadable' }),
    'admin.appeals.decide': async () => {
      const [one, two] = [await appeal('rental_above_tier'), await appeal('top_up_above_tier')];
      return [
        { id: one, body: { outcome: 'granted', days: 30 } },
        { id: two, body: { outcome: 'refused' } },
      ];
    },
    'admin.bankTransfers.create': async () => [
      { body: transfer(app.shop.publicId) },
      { body: transfer(app.shop.publicId) },
    ],
    'admin.bankTransfers.approve': async () => [{ id: await entered() }, { id: await entered() }],
    'admin.bankTransfers.reject': async () => [{ id: await entered() }, { id: await entered() }],
    'bonus.redeem': async () => [{ body: { code: await promo() } }, { body: { code: await promo() } }],
    'bonus.nameReferrer': async () => {
      const token = await anotherCustomer();
      const codeOf = async (of: string) => (await call(byId.get('bonus.referral')!, { token: of })).body.code;
      return [
        { token, body: { code: await codeOf(app.shop.token) } },
        { token, body: { code: await codeOf(app.stranger.token) } },
      ];
    },
    'storePurchases.reportAppStore': async () => [{ body: sold() }, { body: sold() }],
    'storePurchases.reportPlayStore': async () => [
      { body: { kind: 'product', purchase_token: soldAtPlay() } },
      { body: { kind: 'product', purchase_token: soldAtPlay() } },
    ],
    'agreements.accept': async () => {
      const { body } = await call(byId.get('admin.agreements.publish')!, {
        body: { version: 'accepted', text: 'Agreement.' },
      });
      const { version, digest } = body;
      return [{ body: { version, digest } }, { body: { version: 'another', digest } }];
    },
    'admin.agreements.publish': async () => [
      { body: { version: 'one', text: 'Agreement.' } },
      { body: { version: 'two', text: 'Agreement.' } },
    ],
    'admin.promoCodes.create': async () => [
      { body: { amount: eur('1'), uses_max: 1 } },
      { body: { amount: eur('2'), uses_max: 1 } },
    ],
    'admin.promoCodes.end': async () => [
      { id: await make('admin.promoCodes.create', { amount: eur('1'), uses_max: 1 }) },
      { id: await make('admin.promoCodes.create', { amount: eur('1'), uses_max: 1 }) },
    ],
    'admin.plans.create': async () => [{ body: newPlan() }, { body: newPlan() }],
    'admin.plans.retire': async () => [{ id: await plan() }, { id: await plan() }],
    'subscription.create': async () => [
      { body: { plan_id: await plan() } },
      { body: { plan_id: await plan() } },
    ],
    'subscription.change': async () => {
      const token = await subscriber();
      return [
        { token, body: { plan_id: await plan() } },
        { token, body: { plan_id: await plan() } },
      ];
    },
    'subscription.cancel': async () => {
      const token = await subscriber();
      return [{ token, body: {} }, { token }];
    },
    'subscription.resume': async () => {
      const token = await subscriber();
      return [{ token, body: {} }, { token }];
    },
    'admin.jobs.replay': async () => [{ id: await deadJob() }, { id: await deadJob() }],
    'simulator.inbound': async () => [
      { body: { from: to, to: '+4915555500001', text: 'One' } },
      { body: { from: to, to: '+4915555500001', text: 'Two' } },
    ],
    'simulator.behaviour': async () => [{ body: { latency_ms: 1 } }, { body: { latency_ms: 2 } }],
  };

  test('is tried on every POST there is', () => {
    assert.deepEqual(Object.keys(requests).sort(), posts.map(({ id }) => id).sort());
  });

  for (const operation of posts) {
    test(`${operation.id} has one effect and one answer under it, and refuses another request`, async () => {
      const [request, other] = await requests[operation.id]!();
      const key = `key-of-${operation.id}`;
      const answers = await Promise.all([
        call(operation, request, key),
        call(operation, request, key),
        call(operation, request, key),
      ]);
      answers.push(await call(operation, request, key));
      const [first] = answers;
      assert.ok(first!.status < 300, first!.text);
      for (const answer of answers) {
        assert.equal(answer.status, first!.status, answer.text);
        // A secret is shown once; all else is the same to the octet.
        assert.deepEqual(withoutSecrets(answer.body), withoutSecrets(first!.body));
      }
      const mismatch = await call(operation, other, key);
      assert.deepEqual([mismatch.status, mismatch.body.code], [422, 'idempotency_mismatch'], mismatch.text);
      const fresh = await call(
        operation,
        operation.id === 'admin.numbers.assign' ? request : other,
        `${key}-2`,
      );
      assert.ok(fresh.status < 300 || once.has(operation.id), fresh.text);
    });
  }

  test('each of many at once, on routes that read by themselves, is answered: none waits for another for ever', async () => {
    const search = byId.get('messages.search')!;
    const cancel = byId.get('messages.cancel')!;
    const ids = await Promise.all(Array.from({ length: 20 }, scheduled));
    const answers = await Promise.all([
      ...ids.map((id, at) => call(cancel, { id }, `crowd-cancel-${at}`)),
      ...ids.map((_, at) => call(search, { body: { to } }, `crowd-search-${at}`)),
    ]);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  });

  test('of another form is refused before anything happens', async () => {
    const workspaces = async () => (await app.database.sql('select id from accounts.workspace')).length;
    const before = await workspaces();
    const create = byId.get('admin.workspaces.create')!;
    for (const key of ['', ' ', 'x'.repeat(256), 'käse', 'a b']) {
      const refused = await call(create, { body: { name: 'No', currency: 'EUR' } }, key);
      assert.deepEqual(
        [refused.status, refused.body.code],
        [400, 'invalid_idempotency_key'],
        JSON.stringify(key),
      );
    }
    assert.equal(await workspaces(), before);
  });
});
