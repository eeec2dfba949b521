// X.509 certificates (RFC 5280) in DER, as few kinds of them as the fakes need: EC keys, one name, whether it may issue,
// and extensions without a value.
import { type KeyObject, randomBytes, sign } from 'node:crypto';

export interface CertificateOrder {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  /** Of the issuer. */
  readonly signingKey: KeyObject;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isCa: boolean;
  /** Object identifiers of extensions. */
  readonly marks: readonly string[];
}

const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** A certificate in DER. */
export function makeCertificate(order: CertificateOrder): Buffer {
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  const constraints = sequence(...(order.isCa ? [TRUE] : []));
  const extensions = [
    sequence(identifier(BASIC_CONSTRAINTS), TRUE, octets(constraints)),
    ...order.marks.map((mark) => sequence(identifier(mark), octets(NULL))),
  ];
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name(order.issuer),
    sequence(time(order.fromMs), time(order.toMs)),
    name(order.subject),
    order.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, order.signingKey);
  return sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

/** Tag, length in the shortest form, contents. */
function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const TRUE = tagged(0x01, Buffer.from([0xff]));
const NULL = tagged(0x05);
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const integer = (value: Buffer): Buffer => tagged(0x02, value);
const octets = (value: Buffer): Buffer => tagged(0x04, value);

const name = (common: string): Buffer =>
  sequence(tagged(0x31, sequence(identifier(COMMON_NAME), tagged(0x0c, Buffer.from(common)))));

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return Number(digits.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}

/** Base 128 with the high bit on all octets of a number but its last. */
function identifier(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number) as [number, number, ...number[]];
  const base128 = (value: number): number[] => {
    const groups = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  };
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}
