// A fake Google Play, as much of Google as stands behind it: the keys and tokens of service accounts, the Android
// Publisher API (version 3, in the shapes its documentation gives), and developer notifications as Pub/Sub pushes them.
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type FakeAnswer, type FakeRequest, startFakeServer } from './fake-server.ts';
import { claimsOf, signJws } from './jws.ts';
import type { SentNotice } from './notice-sender.ts';

export interface FakePlayStoreOptions {
  readonly host?: string;
  readonly port?: number;
  readonly nowMs?: () => number;
}

type Purchase = Record<string, unknown>;

/** What of a push is otherwise than Google's. */
export interface PushFaults {
  /** Claims of its token; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Seconds from now until it ends. */
  readonly endsInSeconds?: number;
  readonly kid?: string;
  readonly key?: KeyObject;
  readonly packageName?: string;
  readonly messageId?: string;
  /** Fields of the notification beside the one of its kind. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface FakePlayStore {
  readonly origin: string;
  readonly packageName: string;
  readonly audience: string;
  readonly pushAccount: string;
  /** The service account that may ask, and its key. */
  readonly serviceAccount: { readonly email: string; readonly privateKey: string };
  readonly keysUrl: string;
  readonly tokenUrl: string;
  readonly apiOrigin: string;
  /** Answers of the API since the start, by what was asked: `GET productsv2`, `POST products:consume`. */
  readonly asked: ReadonlyMap<string, number>;
  /** Buys products, or changes what was bought under that token. The token of the purchase. */
  product(fields?: Readonly<Purchase>, token?: string): string;
  subscription(fields?: Readonly<Purchase>, token?: string): string;
  /** What the API says of a purchase. */
  purchase(token: string): Readonly<Purchase>;
  /** A notification, as Pub/Sub pushes it: `oneTimeProductNotification` with the fields it has. */
  push(kind: string, about: Readonly<Purchase>, faults?: PushFaults): SentNotice;
  /** The next answers of the API; then it is well again. `slow` never comes. */
  answerNext(...answers: readonly (FakeAnswer | 'slow')[]): void;
  /** The same for keys and for tokens. */
  answerNextOfKeys(...answers: readonly FakeAnswer[]): void;
  answerNextOfTokens(...answers: readonly FakeAnswer[]): void;
  /** Tokens given out so far are refused from now on. */
  revokeTokens(): void;
  stop(): Promise<void>;
}

const ISSUER = 'https://accounts.google.com';
const KID = 'simulated-key';
const SCOPE = 'https://www.googleapis.com/auth/androidpublisher';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export async function startFakePlayStore(options: FakePlayStoreOptions = {}): Promise<FakePlayStore> {
  const nowMs = options.nowMs ?? Date.now;
  const packageName = 'com.example.app';
  const audience = 'https://sms.example.com/v1/payment-notices/play-store';
  const pushAccount = 'push@example.iam.gserviceaccount.com';
  const pushKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const accountKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...pushKeys.publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' };
  const email = 'reader@example.iam.gserviceaccount.com';
  const privateKey = accountKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  const products = new Map<string, Purchase>();
  const subscriptions = new Map<string, Purchase>();
  const tokens = new Set<string>();
  const asked = new Map<string, number>();
  const planned: (FakeAnswer | 'slow')[] = [];
  const plannedOfKeys: FakeAnswer[] = [];
  const plannedOfTokens: FakeAnswer[] = [];

  const found = (token: string): Purchase => {
    const purchase = products.get(token) ?? subscriptions.get(token);
    if (purchase === undefined) throw new Error(`no such purchase: ${token}`);
    return purchase;
  };

  function giveToken(body: string): FakeAnswer {
    const form = new URLSearchParams(body);
    const claims = claimsOf(form.get('assertion') ?? '', accountKeys.publicKey);
    const seconds = nowMs() / 1_000;
    const isGood =
      form.get('grant_type') === GRANT &&
      claims !== null &&
      claims.iss === email &&
      claims.aud === `${server.origin}/token` &&
      claims.scope === SCOPE &&
      Math.abs(Number(claims.iat) - seconds) < 60 &&
      Number(claims.exp) > seconds &&
      Number(claims.exp) <= Number(claims.iat) + 3_600;
    if (!isGood) return { status: 400, body: { error: 'invalid_grant' } };
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    tokens.add(token);
    return { status: 200, body: { access_token: token, expires_in: 3_599, token_type: 'Bearer' } };
  }

  function api({ method, url, headers }: FakeRequest): FakeAnswer | Promise<FakeAnswer> {
    if (!tokens.has(String(headers.authorization).replace('Bearer ', ''))) return failure(401);
    const base = `/androidpublisher/v3/applications/${packageName}/purchases/`;
    if (!url.pathname.startsWith(base)) return failure(403);
    const parts = url.pathname.slice(base.length).split('/').map(decodeURIComponent);
    const [resource = ''] = parts;
    const [token = '', verb] = parts.at(-1)!.split(':');
    const what = `${method} ${resource}${verb === undefined ? '' : `:${verb}`}`;
    asked.set(what, (asked.get(what) ?? 0) + 1);
    const next = planned.shift();
    if (next === 'slow') return new Promise<FakeAnswer>(() => undefined);
    if (next !== undefined) return next;
    const purchase = (resource.startsWith('subscriptions') ? subscriptions : products).get(token);
    if (purchase === undefined) return failure(404);
    if (method === 'GET') return { status: 200, body: purchase };
    confirm(purchase, verb === 'consume' ? parts[1] : undefined);
    return { status: 200, body: {} };
  }

  const server = await startFakeServer(options, (request) => {
    const { pathname } = request.url;
    if (pathname === '/certs') return plannedOfKeys.shift() ?? { status: 200, body: { keys: [jwk] } };
    if (pathname === '/token') return plannedOfTokens.shift() ?? giveToken(request.body);
    return api(request);
  });

  return {
    origin: server.origin,
    packageName,
    audience,
    pushAccount,
    serviceAccount: { email, privateKey },
    keysUrl: `${server.origin}/certs`,
    tokenUrl: `${server.origin}/token`,
    apiOrigin: server.origin,
    asked,
    product(fields = {}, token = drawToken()) {
      const before = products.get(token);
      products.set(token, { ...(before ?? newProduct(nowMs())), ...fields });
      return token;
    },
    subscription(fields = {}, token = drawToken()) {
      const before = subscriptions.get(token);
      subscriptions.set(token, { ...(before ?? newSubscription(nowMs())), ...fields });
      return token;
    },
    purchase: found,
    push(kind, about, faults = {}) {
      const seconds = Math.floor(nowMs() / 1_000);
      const bearer = signJws(
        { kid: faults.kid ?? KID, typ: 'JWT' },
        {
          iss: ISSUER,
          aud: audience,
          iat: seconds,
          exp: seconds + (faults.endsInSeconds ?? 3_600),
          email: pushAccount,
          email_verified: true,
          ...faults.claims,
        },
        faults.key ?? pushKeys.privateKey,
      );
      const notification = {
        version: '1.0',
        packageName: faults.packageName ?? packageName,
        eventTimeMillis: String(nowMs()),
        [kind]: { version: '1.0', ...about },
        ...faults.fields,
      };
      const message = {
        data: Buffer.from(JSON.stringify(notification)).toString('base64'),
        messageId: faults.messageId ?? randomBytes(8).readBigUInt64BE().toString(),
        publishTime: new Date(nowMs()).toISOString(),
      };
      return {
        type: kind,
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ message, subscription: 'projects/example/subscriptions/play' }),
      };
    },
    answerNext: (...answers) => void planned.push(...answers),
    answerNextOfKeys: (...answers) => void plannedOfKeys.push(...answers),
    answerNextOfTokens: (...answers) => void plannedOfTokens.push(...answers),
    revokeTokens: () => tokens.clear(),
    stop: () => server.stop(),
  };
}

const failure = (status: number): FakeAnswer => ({ status, body: { error: { code: status } } });

const drawToken = (): string =>
  `${randomBytes(12).toString('hex')}.AO-${randomBytes(60).toString('base64url')}`;

const drawOrder = (): string => {
  const digits = randomBytes(9).readBigUInt64BE().toString().padStart(17, '0');
  return `GPA.${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 17)}`;
};

const newProduct = (nowMs: number): Purchase => ({
  kind: 'androidpublisher#productPurchaseV2',
  orderId: drawOrder(),
  regionCode: 'DE',
  purchaseCompletionTime: new Date(nowMs).toISOString(),
  purchaseStateContext: { purchaseState: 'PURCHASED' },
  acknowledgementState: 'ACKNOWLEDGEMENT_STATE_PENDING',
});

const newSubscription = (nowMs: number): Purchase => ({
  kind: 'androidpublisher#subscriptionPurchaseV2',
  regionCode: 'DE',
  startTime: new Date(nowMs).toISOString(),
  subscriptionState: 'SUBSCRIPTION_STATE_ACTIVE',
  acknowledgementState: 'ACKNOWLEDGEMENT_STATE_PENDING',
});

/** A product that is consumed is acknowledged by it. */
function confirm(purchase: Purchase, consumed: string | undefined): void {
  purchase.acknowledgementState = 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED';
  if (consumed === undefined) return;
  const items = purchase.productLineItem as { productId: string; productOfferDetails?: object }[];
  purchase.productLineItem = items.map((item) =>
    item.productId === consumed
      ? {
          ...item,
          productOfferDetails: {
            ...item.productOfferDetails,
            consumptionState: 'CONSUMPTION_STATE_CONSUMED',
          },
        }
      : item,
  );
}
