// An authenticator and its browser, for tests: ES256 keys in memory, CBOR by hand, every fault on demand. It answers
// options in JSON as `navigator.credentials` would.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What the browser or the authenticator does otherwise than it should. */
export interface Misbehaviour {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | null;
  /** Attests with a certificate. */
  readonly certificate?: Buffer;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string };
  readonly user: { readonly id: string };
}
interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const ATTESTED = 0x40;

/** One authenticator with at most one passkey, seen through a browser at the origin. */
export function createSoftwareAuthenticator(origin: string) {
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  let key: { readonly privateKey: KeyObject; readonly userHandle: string } | undefined;
  let counter = 0;

  const clientDataOf = (type: string, challenge: string, otherwise: Misbehaviour) =>
    Buffer.from(
      JSON.stringify({
        type: otherwise.type ?? type,
        challenge: otherwise.challenge ?? challenge,
        origin: otherwise.origin ?? origin,
        crossOrigin: otherwise.crossOrigin ?? false,
      }),
    );
  const authenticatorDataOf = (rpId: string | undefined, otherwise: Misbehaviour, attested?: Buffer) => {
    const head = Buffer.alloc(5);
    head[0] =
      (otherwise.userPresent === false ? 0 : USER_PRESENT) |
      (otherwise.userVerified === false ? 0 : USER_VERIFIED) |
      (otherwise.backupEligible ? BACKUP_ELIGIBLE : 0) |
      (attested ? ATTESTED : 0);
    head.writeUInt32BE(otherwise.counter ?? ++counter, 1);
    const rpIdHash = createHash('sha256')
      .update(otherwise.rpId ?? rpId ?? '')
      .digest();
    return Buffer.concat([rpIdHash, head, attested ?? Buffer.alloc(0)]);
  };

  return {
    /** Makes the passkey, and the answer to the options. */
    create(options: CreationOptions, otherwise: Misbehaviour = {}) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      key = { privateKey, userHandle: options.user.id };
      const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
      const cose = cbor(
        new Map<number, number | Buffer>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      );
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, cose]);
      const authData = authenticatorDataOf(options.rp.id, otherwise, attested);
      const clientData = clientDataOf('webauthn.create', options.challenge, otherwise);
      const statement = new Map<string, Cbor>();
      if (otherwise.certificate) {
        statement.set('alg', -7);
        statement.set('sig', signed(privateKey, authData, clientData));
        statement.set('x5c', [otherwise.certificate]);
      }
      const attestation = new Map<string, Cbor>([
        ['fmt', otherwise.certificate ? 'packed' : 'none'],
        ['attStmt', statement],
        ['authData', authData],
      ]);
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString('base64url'),
          attestationObject: cbor(attestation).toString('base64url'),
          transports: ['internal', 'hybrid'],
        },
      };
    },
    /** Signs with the passkey: the answer to the options. */
    get(options: RequestOptions, otherwise: Misbehaviour = {}) {
      if (key === undefined) throw new Error('there is no passkey yet');
      const authData = authenticatorDataOf(options.rpId, otherwise);
      const clientData = clientDataOf('webauthn.get', options.challenge, otherwise);
      const userHandle = otherwise.userHandle === undefined ? key.userHandle : otherwise.userHandle;
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signed(key.privateKey, authData, clientData).toString('base64url'),
          ...(userHandle === null ? {} : { userHandle }),
        },
      };
    },
  };
}

/** ECDSA with SHA-256 over both, in DER (Web Authentication §6.5.5). */
const signed = (privateKey: KeyObject, authData: Buffer, clientData: Buffer): Buffer =>
  sign('sha256', Buffer.concat([authData, createHash('sha256').update(clientData).digest()]), privateKey);

type Cbor = number | string | Buffer | readonly Cbor[] | ReadonlyMap<number | string, Cbor>;

/** RFC 8949, as much as attestation needs: integers, octets, text, arrays and maps. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  const entries = [...(value as ReadonlyMap<number | string, Cbor>)];
  return Buffer.concat([
    head(5, entries.length),
    ...entries.flatMap(([name, one]) => [cbor(name), cbor(one)]),
  ]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 0x100) return Buffer.from([(major << 5) | 24, count]);
  return Buffer.from([(major << 5) | 25, count >> 8, count & 0xff]);
}
