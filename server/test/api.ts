// The API of a whole process, in memory, over a database of its own: every route as it is composed, real keys and
// real authentication. Nothing listens; requests are injected.
import { after, before } from 'node:test';
import { encodeId } from '@sotto/contract';
import { platformScopes, type Scope, workspaceScopes } from '@sotto/contract/scopes';
import { type FakeStripe, type Smsc, startFakeStripe, startSmsc } from '@sotto/simulator';
import { createThrottle } from '#abuse';
import {
  type AccountLetter,
  type Authenticator,
  createAuthenticator,
  createKey,
  createWorkspace,
} from '#accounts';
import { createHttpServer, type HttpServer } from '#http';
import { NO_HANDOFF, startAcceptance, startTariffs } from '#messages';
import { createPayments, type PaymentSettings, type Payments, paymentEgress } from '#payments';
import { alignedNowMs } from '#platform/clock';
import { readConfig } from '#platform/config';
import { log } from '#platform/log';
import { Readiness } from '#platform/readiness';
import type { Route } from '#platform/route';
import { type Keyring, openKeyring } from '#privacy';
import { createEgress } from '#privacy/egress';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { type RestrictionWatch, watchRestrictions } from '#privacy/processing';
import { watchSuppressions } from '#privacy/suppressions';
import { readPolicyFile } from '../src/main/policy/policy-file.ts';
import { today } from '../src/main/policy/today.ts';
import { replyTermsFor } from '../src/main/reply-terms.ts';
import { type RoutesOptions, routesOf } from '../src/main/routes.ts';
import { type TestDatabase, useDatabase } from './harness.ts';
import { type PersonOptions, personIn, type TestPerson, testAccounts } from './people.ts';

export interface Tenant {
  /** The row's id, and the id as it travels. */
  readonly id: string;
  readonly publicId: string;
  /** A live key with every scope of a workspace. */
  readonly token: string;
}

export interface TestApi {
  readonly database: TestDatabase;
  readonly keyring: Keyring;
  readonly authenticator: Authenticator;
  readonly smsc: Smsc;
  /** Takes payments; its notices come in over the API. */
  readonly stripe: FakeStripe;
  readonly payments: Payments;
  readonly restrictions: RestrictionWatch;
  readonly routes: readonly Route[];
  readonly server: HttpServer;
  /** An administrator's key with every scope of the platform. */
  readonly admin: string;
  /** Two workspaces in EUR that know nothing of each other. */
  readonly shop: Tenant;
  readonly stranger: Tenant;
  /** Mails of accounts, newest last. */
  readonly letters: AccountLetter[];
  /** `hash` of the policy in force. */
  readonly policyHash: string;
  /** Somebody signed in. */
  person(options?: PersonOptions): Promise<TestPerson>;
  /** Another key, for tests of scopes. */
  issue(workspaceId: string | null, scopes: readonly Scope[], kind?: 'live' | 'test'): Promise<string>;
}

export const METRICS_TOKEN = 'a-scraper-of-the-test-installation';

/** Registers the API for the tests of this file; use inside tests. `change` replaces parts it is composed of. */
export function useApi(
  change: Partial<RoutesOptions> = {},
  paymentChange: () => Partial<PaymentSettings> = () => ({}),
): TestApi {
  let stop: () => Promise<void>;
  // Hooks run in the order they are registered: what uses the database ends before it does.
  after(() => stop?.());
  const database = useDatabase();
  const made = {} as { -readonly [Part in keyof TestApi]: TestApi[Part] };

  const issue: TestApi['issue'] = async (workspaceId, scopes, kind = 'live') => {
    const created = await database.db.batch((tx) =>
      createKey(tx, made.keyring, 'operator', {
        workspaceId,
        kind: workspaceId === null ? 'admin' : kind,
        name: 'test',
        scopes,
        networks: [],
        expiresAt: null,
      }),
    );
    if (created.outcome === 'refused') throw new Error(`no key: ${created.reason}`);
    return created.token;
  };

  async function tenant(name: string): Promise<Tenant> {
    const { id } = await database.db.batch((tx) =>
      createWorkspace(tx, made.keyring, { kind: 'organisation', name, currency: 'EUR' }),
    );
    return { id, publicId: encodeId('wrk', id), token: await issue(id, workspaceScopes) };
  }

  before(async () => {
    const { db } = database;
    made.keyring = await openKeyring(openMemoryKeyStore());
    made.authenticator = createAuthenticator(db, made.keyring);
    made.letters = [];
    made.smsc = await startSmsc();
    made.stripe = await startFakeStripe({ nowMs: alignedNowMs });
    const settings: PaymentSettings = {
      stripe: { ...made.stripe, live: false },
      btcpay: null,
      revenuecat: null,
      appStore: null,
      playStore: null,
      invoices: {
        seller: {
          name: 'Example Operator',
          address: '1 Example Street, Riyadh',
          country: 'SA',
          taxId: '300000000000003',
        },
        series: 'INV',
        taxRules: [{ country: 'SA', rate: 150_000, from: '2020-07-01', reverseCharge: false }],
      },
      ...paymentChange(),
    };
    const egress = createEgress(
      paymentEgress(settings, () => true),
      { development: true },
    );
    made.payments = createPayments({
      settings,
      egress,
      isOn: () => true,
      returnUrl: () => 'https://example.com/',
      returnsBalances: true,
      referrals: { bonusMicros: new Map([['EUR', 5_000_000n]]), afterDays: 30 },
      plans: {
        graceDays: 7,
        cutoffMs: 86_400_000,
        withoutPlan: { membersMax: null, keysMax: null },
        mailBaseUrl: () => 'https://example.com',
      },
    });
    const tariffs = await startTariffs(db, log);
    const policy = await readPolicyFile('standard', { production: false, today: today() });
    made.policyHash = policy.hash;
    made.person = (options) => personIn(db, made.keyring, options);
    const suppressions = await watchSuppressions(db, log);
    made.restrictions = await watchRestrictions({ db, log });
    const acceptance = startAcceptance({
      db,
      keyring: made.keyring,
      tariff: tariffs.current,
      suppressesAll: suppressions.coversAll,
      restrictions: made.restrictions,
      handoff: NO_HANDOFF,
    });
    made.routes = routesOf({
      db,
      keyring: made.keyring,
      authenticator: made.authenticator,
      throttle: createThrottle({ db, keyring: made.keyring, log }),
      accounts: await testAccounts(db, made.keyring, policy.hash, made.letters),
      acceptance,
      tariffs,
      suppressions,
      verdicts: { forget: () => undefined },
      readiness: new Readiness(),
      fleet: null,
      forget: () => undefined,
      policy,
      erasures: { record: async () => undefined },
      metricsToken: METRICS_TOKEN,
      simulator: made.smsc,
      mailbox: { list: () => [] },
      limits: new Map(),
      replyTerms: replyTermsFor(policy.policy, readConfig({})),
      payments: made.payments,
      creditAloneMaxMicros: 1_000_000_000n,
      ...change,
    });
    made.server = createHttpServer({
      db,
      keyring: made.keyring,
      log,
      authenticator: made.authenticator,
      routes: made.routes,
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 8_388_608,
      limits: { perKey: 100_000, failuresPerMinute: 100_000 },
    });
    made.stripe.listen(async ({ headers, body }) => {
      const answer = await made.server.fastify.inject({
        method: 'POST',
        url: '/v1/payment-notices/stripe',
        headers: { 'content-type': 'application/json', ...headers },
        payload: body,
      });
      return answer.statusCode;
    });
    made.admin = await issue(null, platformScopes);
    made.shop = await tenant('Example shop');
    made.stranger = await tenant('Example stranger');
    stop = async () => {
      await made.server.close();
      await acceptance.drain();
      tariffs.stop();
      suppressions.stop();
      await made.restrictions.stop();
      await made.smsc.stop();
      await egress.close();
      await made.stripe.stop();
    };
  });
  // Parts exist once the hooks have run, so they are looked up when asked for.
  return new Proxy({} as TestApi, {
    get: (_target, part: keyof TestApi) =>
      part === 'database' ? database : part === 'issue' ? issue : made[part],
  });
}
