// Public ids: a prefix that says what is named, an underscore, and a UUIDv7 in 26 characters of Crockford base32
// (lower case), which sorts as the UUID sorts. The form is that of TypeID 0.3 (github.com/jetify-com/typeid):
// 130 bits hold the 128 of the UUID, so the first character is 0 to 7.
import * as z from 'zod';
import { says } from './sentences.ts';

/** Every kind of thing that has a public id, and the prefix it wears. */
export const idPrefixes = {
  message: 'msg',
  inbound: 'inb',
  workspace: 'wrk',
  key: 'key',
  entry: 'ent',
  event: 'evt',
  connector: 'con',
  route: 'rte',
  price: 'prc',
  number: 'num',
  job: 'job',
  request: 'req',
  audit: 'aud',
  optOut: 'opt',
  consent: 'cns',
  account: 'acc',
  session: 'ses',
  passkey: 'psk',
  mail: 'mai',
  ticket: 'tkt',
  ticketMessage: 'tkm',
  identityCheck: 'idc',
  identityDocument: 'idd',
  topUp: 'top',
  invoice: 'inv',
  exchangeRate: 'xrt',
  invitation: 'ivt',
  appeal: 'apl',
  bankTransfer: 'bnk',
  promoCode: 'prm',
  agreement: 'agr',
  plan: 'pln',
  subscription: 'sub',
} as const;

export type IdPrefix = (typeof idPrefixes)[keyof typeof idPrefixes];

/** An id as it travels: `msg_01jd3r...`. The prefix is part of the type, so a workspace is never taken for a message. */
export type Id<Prefix extends IdPrefix> = `${Prefix}_${string}`;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SUFFIX_LENGTH = 26;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ten bits to two characters: thirteen look-ups write an id. */
const PAIRS: readonly string[] = Array.from(
  { length: 1024 },
  (_, bits) => letter(bits >> 5) + letter(bits & 31),
);
/** One octet to two hexadecimal digits. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
/** Character code to five bits; 255 marks a character outside the alphabet. */
const BITS = new Uint8Array(128).fill(255);
for (let value = 0; value < 32; value++) BITS[ALPHABET.charCodeAt(value)] = value;

/**
 * The public id of a UUID, given as 16 octets or as its canonical text.
 * Throws RangeError on anything else: ids are made by our own code, so that is a fault of ours.
 */
export function encodeId<Prefix extends IdPrefix>(prefix: Prefix, uuid: Uint8Array | string): Id<Prefix> {
  const o = typeof uuid === 'string' ? octetsOf(uuid) : uuid;
  if (o.length !== 16) throw new RangeError('a UUID has 16 octets');
  const at = (index: number) => o[index] as number;
  const pair = (bits: number) => PAIRS[bits] as string;
  // Two zero bits lead, then 128 bits are cut into tens.
  const suffix =
    pair(at(0)) +
    pair((at(1) << 2) | (at(2) >> 6)) +
    pair(((at(2) & 63) << 4) | (at(3) >> 4)) +
    pair(((at(3) & 15) << 6) | (at(4) >> 2)) +
    pair(((at(4) & 3) << 8) | at(5)) +
    pair((at(6) << 2) | (at(7) >> 6)) +
    pair(((at(7) & 63) << 4) | (at(8) >> 4)) +
    pair(((at(8) & 15) << 6) | (at(9) >> 2)) +
    pair(((at(9) & 3) << 8) | at(10)) +
    pair((at(11) << 2) | (at(12) >> 6)) +
    pair(((at(12) & 63) << 4) | (at(13) >> 4)) +
    pair(((at(13) & 15) << 6) | (at(14) >> 2)) +
    pair(((at(14) & 3) << 8) | at(15));
  return `${prefix}_${suffix}`;
}

/**
 * The canonical text of the UUID inside a public id, or null when the text is not an id with this prefix: wrong
 * prefix, length, character (upper case included) or more than 128 bits. One id has exactly one spelling.
 */
export function decodeId(prefix: IdPrefix, id: string): string | null {
  const octets = decodeIdOctets(prefix, id);
  if (octets === null) return null;
  let text = '';
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += HEX[octets[index] as number];
  }
  return text;
}

/** As `decodeId`, but the 16 octets of the UUID. */
export function decodeIdOctets(prefix: IdPrefix, id: string): Uint8Array | null {
  const start = prefix.length + 1;
  if (id.length !== start + SUFFIX_LENGTH || !id.startsWith(prefix) || id[prefix.length] !== '_') return null;
  const octets = new Uint8Array(16);
  let held = 0;
  let heldBits = -2; // the two leading zero bits are not part of the UUID
  let written = 0;
  for (let index = start; index < id.length; index++) {
    const code = id.charCodeAt(index);
    const value = code < 128 ? (BITS[code] as number) : 255;
    if (value === 255 || (index === start && value > 7)) return null;
    held = (held << 5) | value;
    heldBits += 5;
    if (heldBits >= 8) {
      heldBits -= 8;
      octets[written++] = (held >> heldBits) & 255;
      held &= (1 << heldBits) - 1;
    }
  }
  return octets;
}

/** The pattern of an id with this prefix, for schemas and documents. */
export const idPattern = (prefix: IdPrefix): RegExp => new RegExp(`^${prefix}_[0-7][${ALPHABET}]{25}$`);

/** An id in a request or an answer. Clients may pass any string; what passes the check carries the prefix in its type. */
export function idSchema<Prefix extends IdPrefix>(prefix: Prefix): z.ZodType<Id<Prefix>, string> {
  const error = says('invalid_request', `must be an id that begins with ${prefix}_.`);
  const schema = z
    .string({ error })
    .regex(idPattern(prefix), { error })
    .meta({ examples: [`${prefix}_01jd3rh8e7fv2r0kqvw4m9xt5c`] });
  return schema as unknown as z.ZodType<Id<Prefix>, string>;
}

function letter(value: number): string {
  return ALPHABET[value] as string;
}

function octetsOf(uuid: string): Uint8Array {
  if (!UUID.test(uuid)) throw new RangeError('not the text of a UUID');
  const octets = new Uint8Array(16);
  let at = 0;
  for (let index = 0; index < 36; index += 2) {
    if (index === 8 || index === 13 || index === 18 || index === 23) index++;
    octets[at++] = (nibble(uuid.charCodeAt(index)) << 4) | nibble(uuid.charCodeAt(index + 1));
  }
  return octets;
}

/** The value of a hexadecimal digit: letters of either case carry 0x40, and their low bits count from one. */
function nibble(code: number): number {
  return code & 0x40 ? (code & 7) + 9 : code & 15;
}
