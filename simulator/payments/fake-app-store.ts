// A fake App Store: notifications in the shapes its documentation gives (App Store Server Notifications V2), signed under
// three certificates of its own with the marks of Apple's. Nothing calls it; it only tells.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { makeCertificate } from './certificates.ts';
import { signJws } from './jws.ts';
import type { SentNotice } from './notice-sender.ts';

const LEAF_MARK = '1.2.840.113635.100.6.11.1';
const INTERMEDIATE_MARK = '1.2.840.113635.100.6.2.1';
const DAY_MS = 86_400_000;

/** What of the chain is otherwise than Apple's. */
export interface ChainFaults {
  readonly leafMark?: boolean;
  readonly intermediateMark?: boolean;
  readonly intermediateIsCa?: boolean;
  readonly leafIsCa?: boolean;
  /** Name of who is said to have issued the leaf. */
  readonly leafIssuer?: string;
  /** The leaf is signed by somebody else under the intermediate's name. */
  readonly foreignLeaf?: boolean;
  /** When the leaf is valid. */
  readonly leafFromMs?: number;
  readonly leafToMs?: number;
}

/** Three certificates, and the key of the first. */
export interface FakeChain {
  /** Base64 of DER, leaf first. */
  readonly x5c: readonly string[];
  /** SHA-256 of the last, in hexadecimal. */
  readonly rootSha256: string;
  readonly key: KeyObject;
}

export interface FakeAppStore {
  readonly bundleId: string;
  readonly appAppleId: number;
  readonly environment: string;
  /** SHA-256 of the root certificate, in hexadecimal. */
  readonly rootSha256: string;
  readonly chain: FakeChain;
  /** A transaction; what is given replaces what is drawn. */
  transaction(fields?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** A notification; null for what it does not carry. `change`: of what it says beside its data. */
  notification(type: string, parts?: NotificationParts): SentNotice;
  /** Signs anything, as the store would, or under another chain. */
  sign(payload: object, chain?: FakeChain): string;
}

export interface NotificationParts {
  readonly subtype?: string;
  readonly transaction?: Readonly<Record<string, unknown>> | null;
  readonly renewal?: Readonly<Record<string, unknown>> | null;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly change?: Readonly<Record<string, unknown>>;
  /** Signs the transaction alone. */
  readonly transactionChain?: FakeChain;
  readonly chain?: FakeChain;
}

export interface FakeAppStoreOptions {
  readonly bundleId?: string;
  readonly appAppleId?: number;
  readonly environment?: string;
  readonly nowMs?: () => number;
}

export function fakeAppStore(options: FakeAppStoreOptions = {}): FakeAppStore {
  const { bundleId = 'com.example.app', appAppleId = 1_234_567_890, environment = 'Production' } = options;
  const nowMs = options.nowMs ?? Date.now;
  const own = fakeChain({}, nowMs());
  const sign = (payload: object, { key, x5c }: FakeChain = own) => signJws({ x5c }, payload, key);
  const store: FakeAppStore = {
    bundleId,
    appAppleId,
    environment,
    rootSha256: own.rootSha256,
    chain: own,
    transaction(fields = {}) {
      const transactionId = randomBytes(8).readBigUInt64BE().toString();
      return {
        transactionId,
        originalTransactionId: fields.transactionId ?? transactionId,
        bundleId,
        environment,
        purchaseDate: nowMs(),
        signedDate: nowMs(),
        quantity: 1,
        type: 'Consumable',
        inAppOwnershipType: 'PURCHASED',
        storefront: 'DEU',
        currency: 'EUR',
        price: 4_990,
        ...fields,
      };
    },
    notification(type, parts = {}) {
      const { transaction = {}, renewal = null, chain = own, transactionChain = chain } = parts;
      const signedTransactionInfo =
        transaction === null ? undefined : sign(store.transaction(transaction), transactionChain);
      const signedRenewalInfo =
        renewal === null ? undefined : sign({ environment, signedDate: nowMs(), ...renewal }, chain);
      const payload = {
        notificationType: type,
        ...(parts.subtype === undefined ? {} : { subtype: parts.subtype }),
        notificationUUID: randomUUID(),
        version: '2.0',
        signedDate: nowMs(),
        data: {
          ...(environment === 'Production' ? { appAppleId } : {}),
          bundleId,
          bundleVersion: '1',
          environment,
          signedTransactionInfo,
          signedRenewalInfo,
          ...parts.data,
        },
        ...parts.change,
      };
      const body = JSON.stringify({ signedPayload: sign(payload, chain) });
      return { type, headers: {}, body };
    },
    sign,
  };
  return store;
}

/** A chain as Apple's is, or with faults; valid from a month before `nowMs` on. */
export function fakeChain(faults: ChainFaults = {}, nowMs = Date.now()): FakeChain {
  const { leafMark = true, intermediateMark = true, intermediateIsCa = true, foreignLeaf = false } = faults;
  const [root, intermediate, leaf, foreign] = [generate(), generate(), generate(), generate()];
  const valid = { fromMs: nowMs - 30 * DAY_MS, toMs: nowMs + 3_650 * DAY_MS };
  const x5c = [
    makeCertificate({
      subject: 'Simulated App Store Signing',
      issuer: faults.leafIssuer ?? 'Simulated Intermediate CA',
      publicKey: leaf.publicKey,
      signingKey: (foreignLeaf ? foreign : intermediate).privateKey,
      fromMs: faults.leafFromMs ?? valid.fromMs,
      toMs: faults.leafToMs ?? valid.toMs,
      isCa: faults.leafIsCa === true,
      marks: leafMark ? [LEAF_MARK] : [],
    }),
    makeCertificate({
      ...valid,
      subject: 'Simulated Intermediate CA',
      issuer: 'Simulated Root CA',
      publicKey: intermediate.publicKey,
      signingKey: root.privateKey,
      isCa: intermediateIsCa,
      marks: intermediateMark ? [INTERMEDIATE_MARK] : [],
    }),
    makeCertificate({
      ...valid,
      subject: 'Simulated Root CA',
      issuer: 'Simulated Root CA',
      publicKey: root.publicKey,
      signingKey: root.privateKey,
      isCa: true,
      marks: [],
    }),
  ];
  return {
    x5c: x5c.map((each) => each.toString('base64')),
    rootSha256: createHash('sha256').update(x5c[2]!).digest('hex'),
    key: leaf.privateKey,
  };
}

const generate = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
