// The form of every secret a caller presents: `sotto_<kind>_` and 36 random characters of base62 (214 bits, more
// than the 160 asked for even when the shown ones are known), then a checksum of 6. The prefix lets secret scanners
// recognise a leaked key; the checksum refuses a mistyped one before the database is asked.
import { randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** API keys. */
const KEY_KINDS = ['live', 'test', 'admin'] as const;

/**
 * `once` is the first administrator's one-time token, `device` opens a device account and is shown once, `session` is
 * a session of anybody, `recovery` gives a device account to another device, `link` is in the links of mails.
 */
export const TOKEN_KINDS = [...KEY_KINDS, 'once', 'device', 'session', 'recovery', 'link'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 36;
const CHECKSUM_LENGTH = 6;
const SHOWN_LENGTH = 4;
const TOKEN = new RegExp(`^sotto_(${TOKEN_KINDS.join('|')})_[0-9A-Za-z]{42}$`);
/** Longest token there is; longer texts are refused without being looked at. */
const TOKEN_LENGTH_MAX = 'sotto_recovery_'.length + RANDOM_LENGTH + CHECKSUM_LENGTH;
/** The largest multiple of 62 in an octet: octets from it on are thrown away, so that no character is favoured. */
const FAIR_OCTETS = 248;

/** Makes a new secret. 62^36 is above 2^214. */
export function makeToken(kind: TokenKind): string {
  let body = '';
  const octets = Buffer.alloc(64);
  while (body.length < RANDOM_LENGTH) {
    randomFillSync(octets);
    for (const octet of octets) {
      if (octet < FAIR_OCTETS && body.length < RANDOM_LENGTH) body += ALPHABET[octet % 62];
    }
  }
  const unchecked = `sotto_${kind}_${body}`;
  return unchecked + checksumOf(unchecked);
}

/** The kind of a well-formed token, or null: wrong prefix, length, character or checksum. Says nothing of validity. */
export function readTokenKind(text: string): TokenKind | null {
  if (text.length > TOKEN_LENGTH_MAX) return null;
  const match = TOKEN.exec(text);
  if (!match) return null;
  const end = text.length - CHECKSUM_LENGTH;
  return text.slice(end) === checksumOf(text.slice(0, end)) ? (match[1] as TokenKind) : null;
}

/** Whether this is a well-formed token of a session. */
export const isSessionToken = (text: string): boolean => readTokenKind(text) === 'session';

/** Whether a token of this kind is an API key. */
export const isKeyKind = (kind: TokenKind): boolean => (KEY_KINDS as readonly TokenKind[]).includes(kind);

/** What may be shown of a token to tell it from others: 166 of its bits stay unknown. */
export function shownParts(token: string): { firstFour: string; lastFour: string } {
  const start = token.lastIndexOf('_') + 1;
  return { firstFour: token.slice(start, start + SHOWN_LENGTH), lastFour: token.slice(-SHOWN_LENGTH) };
}

/** CRC-32 (ISO 3309) of everything before it, in base62: 62^6 is above 2^32. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
