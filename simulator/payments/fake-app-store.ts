// A fake App Store: notifications in the shapes its documentation gives (App Store Server Notifications V2), signed under
// three certificates of its own with the marks of Apple's. Nothing calls it; it only tells.

// What makes certificates needs it loaded before.
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CompactSign } from 'jose';
import type { SentNotice } from './notice-sender.ts';

const LEAF_MARK = '1.2.840.113635.100.6.11.1';
const INTERMEDIATE_MARK = '1.2.840.113635.100.6.2.1';
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** What of the chain is otherwise than Apple's. */
export interface ChainFaults {
  readonly leafMark?: boolean;
  readonly intermediateMark?: boolean;
  readonly intermediateIsCa?: boolean;
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
  readonly key: CryptoKey;
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
  notification(type: string, parts?: NotificationParts): Promise<SentNotice>;
  /** Signs anything, as the store would, or under another chain. */
  sign(payload: object, chain?: FakeChain): Promise<string>;
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

export async function startFakeAppStore(options: FakeAppStoreOptions = {}): Promise<FakeAppStore> {
  const { bundleId = 'com.example.app', appAppleId = 1_234_567_890, environment = 'Production' } = options;
  const nowMs = options.nowMs ?? Date.now;
  const own = await fakeChain({}, nowMs());
  const sign = (payload: object, { key, x5c }: FakeChain = own) =>
    new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ES256', x5c: [...x5c] })
      .sign(key);
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
    async notification(type, parts = {}) {
      const { transaction = {}, renewal = null, chain = own, transactionChain = chain } = parts;
      const signedTransactionInfo =
        transaction === null ? undefined : await sign(store.transaction(transaction), transactionChain);
      const signedRenewalInfo =
        renewal === null ? undefined : await sign({ environment, signedDate: nowMs(), ...renewal }, chain);
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
      const body = JSON.stringify({ signedPayload: await sign(payload, chain) });
      return { type, headers: {}, body };
    },
    sign,
  };
  return store;
}

/** A chain as Apple's is, or with faults; valid from a month before `nowMs` on. */
export async function fakeChain(faults: ChainFaults = {}, nowMs = Date.now()): Promise<FakeChain> {
  const { leafMark = true, intermediateMark = true, intermediateIsCa = true, foreignLeaf = false } = faults;
  const [rootKeys, intermediateKeys, leafKeys, foreignKeys] = await Promise.all([
    generate(),
    generate(),
    generate(),
    generate(),
  ]);
  const notBefore = new Date(nowMs - 30 * DAY_MS);
  const notAfter = new Date(nowMs + 3_650 * DAY_MS);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Simulated Root CA',
    notBefore,
    notAfter,
    keys: rootKeys,
    signingAlgorithm: EC,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const intermediate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Simulated Intermediate CA',
    issuer: root.subject,
    notBefore,
    notAfter,
    publicKey: intermediateKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: EC,
    extensions: [
      new x509.BasicConstraintsExtension(intermediateIsCa, undefined, true),
      ...(intermediateMark ? [marked(INTERMEDIATE_MARK)] : []),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Simulated App Store Signing',
    issuer: intermediate.subject,
    notBefore: new Date(faults.leafFromMs ?? notBefore.getTime()),
    notAfter: new Date(faults.leafToMs ?? notAfter.getTime()),
    publicKey: leafKeys.publicKey,
    signingKey: (foreignLeaf ? foreignKeys : intermediateKeys).privateKey,
    signingAlgorithm: EC,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(leafMark ? [marked(LEAF_MARK)] : []),
    ],
  });
  const sha256 = Buffer.from(await root.getThumbprint('SHA-256')).toString('hex');
  const x5c = [leaf, intermediate, root].map(({ rawData }) => Buffer.from(rawData).toString('base64'));
  return { x5c, rootSha256: sha256, key: leafKeys.privateKey };
}

const generate = () => crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
const serial = () => `01${randomBytes(8).toString('hex')}`;
/** An extension without a value, which is all that Apple's marks are. */
const marked = (mark: string) => new x509.Extension(mark, false, new Uint8Array([5, 0]));
