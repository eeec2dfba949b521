// The forms of single values: dates, versions, hosts, addresses, durations.
import { formatDuration, parseDuration } from '../duration.ts';
import type { Country, IsoDate, IsoDuration } from '../model.ts';
import type { Reader } from './reader.ts';
import { formatted } from './values.ts';

const readDuration = (value: string) => {
  const parsed = parseDuration(value);
  return typeof parsed === 'string' ? { wrong: parsed } : formatDuration(parsed);
};
const DURATION_TAKES = 'a finite ISO 8601 duration such as P30D, PT72H or P24M';

/** A finite duration, in normal form whatever way it was written. */
export const duration: Reader<IsoDuration> = formatted(DURATION_TAKES, readDuration);

/** A duration that limits how long something is kept: what is no finite one leaves it unbounded. */
export const keepingTime: Reader<IsoDuration> = formatted(DURATION_TAKES, readDuration, 'E-RET-UNBOUNDED');

/** A day that exists. */
export const date: Reader<IsoDate> = formatted('a date such as 2026-01-31', (value) => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (!match) return { wrong: 'is not a date in the form 2026-01-31' };
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const read = new Date(Date.UTC(year, month - 1, day));
  const exists =
    read.getUTCFullYear() === year && read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
  return exists && year >= 1970 ? value : { wrong: 'is a day that does not exist' };
});

/** Semantic Versioning 2.0.0, without build metadata. */
export const semver: Reader<string> = formatted('a semantic version such as 1.4.0', (value) =>
  value.length <= 40 &&
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/.test(value)
    ? value
    : { wrong: 'is no semantic version' },
);

/** A host name in lower case (RFC 1123), or an address; no wildcard, port or path. */
export const host: Reader<string> = formatted('a host name such as api.example.com', (value) => {
  if (value.length > 253) return { wrong: 'is too long for a host name' };
  if (/[A-Z]/.test(value)) return { wrong: 'has to be in lower case' };
  if (value.includes('*')) return { wrong: 'may have no wildcard: who gets data is named' };
  if (/[/:@\s]/.test(value) && !/^[0-9a-f:]+$/.test(value))
    return { wrong: 'is a host alone, without scheme, port or path' };
  const labels = value.split('.');
  const fits = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return fits || /^[0-9a-f]*:[0-9a-f:]+$/.test(value) ? value : { wrong: 'is no host name' };
});

export const httpsUrl: Reader<string> = formatted('an https URL', (value) => {
  const url = value.length <= 500 ? URL.parse(value) : null;
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
    ? url.href
    : { wrong: 'is no https URL without credentials' };
});

export const country: Reader<Country> = formatted(
  'a country as ISO 3166-1 alpha-2, such as DE, or XX',
  (value) => (/^[A-Z]{2}$/.test(value) ? value : { wrong: 'is not a country code of two capital letters' }),
);

/** A name in a file: `activation-wallet`. */
export const identifier: Reader<string> = formatted('a name such as activation-wallet', (value) =>
  /^[a-z][a-z0-9-]{0,62}$/.test(value) ? value : { wrong: 'is no name of small letters, digits and hyphens' },
);

/** The form of keys that an operator chooses. */
export const CHOSEN_KEY = { form: /^[a-z][a-z0-9_]{0,62}$/, says: 'small letters, digits and underscores' };
