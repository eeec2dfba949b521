// The last net under typed fields: what looks like a phone number, an address, a key or free text is replaced
// and counted. A count above zero is a defect of ours, to be found by its event and field.
import type { FieldKind, LogId, LogWord } from './fields.ts';

export const REDACTED = '[redacted]';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** TypeID: a prefix and 26 characters of Crockford base32 (contract/ids.ts). */
const PUBLIC_ID = /^[a-z]{2,8}_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** Words of our own: names of jobs, codes, routes such as `/v1/messages/:id`, hosts, versions. */
const WORD = /^[A-Za-z0-9_/:][A-Za-z0-9_./:*-]{0,79}$/;

/** Seven or more digits, however grouped: the shortest international number has seven (E.164 allows 15). */
const MANY_DIGITS = /(?:\d[ ()./_:-]{0,2}){7,}/;
/** 24 or more characters of base64url, base32 or hex with both letters and digits: a key or token. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{24,}/g;
const KEY_PREFIX = /(?:^|[^a-z])(?:sk|pk|rk|whsec|sotto|bearer|basic)_?(?:live|test)?_[A-Za-z0-9]{8,}/i;

const looksLikeKey = (text: string) =>
  KEY_PREFIX.test(text) ||
  [...text.matchAll(LONG_RUN)].some(([run]) =>
    // Our own long names are words joined by single marks; a key has a long stretch that is no word.
    run.split(/[_./-]/).some((piece) => piece.length >= 16 && /\d/.test(piece) && /[A-Za-z]/.test(piece)),
  );

/** True when the text has the form of a phone number, an e-mail address or a key. */
export const looksPersonal = (text: string): boolean =>
  text.includes('@') || MANY_DIGITS.test(text) || looksLikeKey(text);

const isId = (text: string) => UUID.test(text) || PUBLIC_ID.test(text);
const isWord = (text: string) => WORD.test(text) && !looksPersonal(text);

/** Checks an id for the log; anything that is no UUID and no public id becomes `[redacted]`. */
export const id = (text: string): LogId => (isId(text) ? text : REDACTED) as LogId;

/** Checks a configured name for the log: letters, digits and `_ . / : * -`, at most 80, nothing personal. */
export const word = (text: string): LogWord => (isWord(text) ? text : REDACTED) as LogWord;

/** The value as it may be written. `redacted` is called when it had to be replaced. */
export function scrub(kind: FieldKind, value: unknown, redacted: () => void): unknown {
  switch (kind) {
    case 'number':
      if (typeof value === 'number' && Number.isFinite(value) && !phoneSized(value)) return value;
      if (typeof value === 'bigint' && !phoneSized(Number(value))) return Number(value);
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'id':
      if (typeof value === 'string' && isId(value)) return value;
      break;
    case 'word':
      if (typeof value === 'string' && isWord(value)) return value;
      break;
  }
  if (value !== REDACTED) redacted();
  return REDACTED;
}

/**
 * Eleven digits or more before the point: a count or duration of ours stays below (ten digits of milliseconds
 * are 115 days), an international number with its country code mostly does not.
 */
const phoneSized = (value: number) => Math.abs(value) >= 1e10;
