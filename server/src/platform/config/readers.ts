// How texts of the environment become values. Each message completes the sentence "SOTTO_X ...", says what is
// wanted, and never repeats the text found, which may be a secret in the wrong place.
import { createPrivateKey } from 'node:crypto';
import { parseMicros } from '@sotto/contract';
import * as z from 'zod';

export const text = z.string();

export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.string().pipe(z.enum(words, { error: `must be one of ${words.join(', ')}` }));

/** A whole number within bounds, both inclusive. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((number) => number >= min && number <= max, `must be a whole number from ${min} to ${max}`);

export const yesNo = z
  .string()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'], { error: 'must be true or false' }))
  .transform((word) => ['true', '1', 'yes', 'on'].includes(word));

/** A comma-separated list of words, each once, at least one. */
export const listOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z
    .string()
    .transform((line) => [
      ...new Set(
        line
          .split(',')
          .map((word) => word.trim())
          .filter(Boolean),
      ),
    ])
    .pipe(
      z
        .array(z.enum(words, { error: `must list some of ${words.join(', ')}` }))
        .min(1, `must list at least one of ${words.join(', ')}`),
    );

/** ISO 4217. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be the three capital letters of a currency, such as EUR');

const urlOf = (schemes: readonly string[], wanted: string) =>
  z.string().refine((line) => {
    const url = URL.canParse(line) ? new URL(line) : undefined;
    return url !== undefined && schemes.includes(url.protocol);
  }, wanted);

export const postgresUrl = urlOf(
  ['postgres:', 'postgresql:'],
  'must be a postgresql://user:password@host/database address',
);
/** A server and no more: what a query could switch off (certificates, TLS) is not for an address to say. */
export const smtpUrl = urlOf(['smtp:', 'smtps:'], 'must be an smtp:// or smtps:// address').refine((line) => {
  const url = URL.canParse(line) ? new URL(line) : undefined;
  return (
    !url || (url.hostname !== '' && ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '')
  );
}, 'must name a server, and have no path, query or fragment');

const MAIL_FROM =
  /^(?:(?<name>[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .&-]{0,58}[\p{L}\p{M}\p{N}.])?) )?<?(?<address>[A-Za-z0-9._+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)>?$/u;

/** Who mail is from: an address, or a name and an address in angle brackets. */
export const mailFrom = z.string().transform((line, context) => {
  const { name, address } = MAIL_FROM.exec(line)?.groups ?? {};
  if (address !== undefined && line.includes('<') === line.includes('>') && (!name || line.includes('<')))
    return { name: name ?? null, address };
  context.addIssue({ code: 'custom', message: 'must be an address, as in Example <no-reply@example.com>' });
  return z.NEVER;
});

/** The domain of a mailbox, in lower case A-labels. */
export const mailDomain = z
  .string()
  .max(180)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a domain in lower case, such as help.example.com',
  );

/** An address without path, query or credentials, as an origin: `https://sms.example.com`. */
export const publicUrl = urlOf(['http:', 'https:'], 'must be an http:// or https:// address')
  .refine((line) => {
    const url = URL.canParse(line) ? new URL(line) : undefined;
    return !url || (url.username === '' && url.search === '' && url.hash === '' && url.pathname === '/');
  }, 'must have no path, query, fragment or credentials')
  .transform((line) => (URL.canParse(line) ? new URL(line).origin : line));

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i;

/** Addresses or address blocks, comma-separated. */
export const addressBlocks = z
  .string()
  .transform((line) =>
    line
      .split(',')
      .map((block) => block.trim())
      .filter(Boolean),
  )
  .refine(
    (blocks) => blocks.every((block) => ADDRESS.test(block)),
    'must list addresses or blocks such as 10.0.0.0/8, separated by commas',
  );

/** A secret long enough that it cannot be guessed: 24 characters or more. */
export const token = z
  .string()
  .min(24, 'must have at least 24 characters; make one with: openssl rand -hex 32');

/** A DSN of a collector of error reports, over https: a public key, a host, the number of a project. */
export const errorDsn = z.string().refine((line) => {
  const url = URL.canParse(line) ? new URL(line) : undefined;
  return (
    url?.protocol === 'https:' &&
    /^[0-9a-f]{32}$/.test(url.username) &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '' &&
    /^(?:\/[a-z0-9_-]+)*\/\d+$/i.test(url.pathname)
  );
}, 'must be a DSN such as https://<public key>@errors.example.com/1');

export const measurementId = z
  .string()
  .regex(/^G-[A-Z0-9]{4,16}$/, 'must be the measurement id of a web stream, such as G-ABCD1234');

export const firebaseAppId = z
  .string()
  .regex(
    /^1:\d{1,20}:(?:android|ios):[0-9a-f]{1,40}$/,
    'must be a Firebase app id such as 1:123:android:abc',
  );

export const appInstanceId = z.string().regex(/^[0-9a-f]{32}$/i, 'must be 32 hexadecimal digits');

/** A secret somebody else made, whose form is theirs. */
export const foreignSecret = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable characters');

/** A header that was agreed on: long enough that it cannot be guessed. */
export const headerSecret = z
  .string()
  .regex(
    /^[\x20-\x7e]{24,500}$/,
    'must be 24 to 500 printable characters; make one with: openssl rand -hex 32',
  );

/** What names an app in its store: `com.example.app`. */
export const appName = z
  .string()
  .regex(
    /^(?=.{3,155}$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/,
    'must be the name of an app in its store, such as com.example.app',
  );

/** Where purchases in the App Store are made. Others have no signature of Apple's, so nothing they say can be believed. */
export const appStoreEnvironment = z.string().pipe(
  z.enum(['Production', 'Sandbox'], {
    error: 'must be Production or Sandbox; what Xcode and LocalTesting sign is proof of nothing',
  }),
);

/** SHA-256 of certificates, comma-separated, in lower-case hexadecimal without colons. */
export const fingerprints = z
  .string()
  .transform((line) => line.split(',').map((each) => each.trim().replaceAll(':', '').toLowerCase()))
  .refine(
    (all) => all.length <= 10 && all.every((each) => /^[0-9a-f]{64}$/.test(each)),
    'must list SHA-256 fingerprints of certificates, separated by commas',
  );

export const serviceAccount = z
  .string()
  .regex(
    /^[a-z0-9._-]{1,64}@[a-z0-9.-]{3,190}$/,
    'must be the address of a service account, such as push@project.iam.gserviceaccount.com',
  );

const accountKey = z.object({ client_email: serviceAccount, private_key: z.string() });

/** The file that Google gives for a service account, as JSON. */
export const serviceAccountKey = z.string().refine((text) => {
  try {
    const { private_key } = accountKey.parse(JSON.parse(text));
    return createPrivateKey(private_key).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}, 'must be the key of a service account, in the JSON that Google gives for it');

export const storeId = z.string().regex(/^[A-Za-z0-9]{1,100}$/, 'must be letters and digits');

/** The key of a recipient in the policy. */
export const recipientKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be the key of a recipient in the policy, such as cdn');

/** An IANA name that this runtime knows. */
export const timeZone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}, 'must be a time zone such as Europe/Berlin');

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;
const hoursWanted = 'must be hours of one day such as 09:00-17:00';

/** From a time of day to a later one, in minutes after midnight; it may last until 24:00. */
export const hoursOfDay = z
  .string()
  .regex(HOURS, hoursWanted)
  .transform((line) => {
    const [fromHour, fromMinute, toHour, toMinute] = (HOURS.exec(line) ?? []).slice(1).map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return { fromMinute: fromHour * 60 + fromMinute, toMinute: toHour * 60 + toMinute };
  })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute && toMinute <= 1_440, hoursWanted);

/** Dates of the calendar, comma-separated; at most 400. */
export const dates = z
  .string()
  .transform((line) =>
    line
      .split(',')
      .map((date) => date.trim())
      .filter(Boolean),
  )
  .refine(
    (all) =>
      all.length <= 400 &&
      all.every((date) => {
        const at = /^\d{4}-\d\d-\d\d$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
        return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
      }),
    'must list at most 400 dates such as 2026-12-25, separated by commas',
  );

/** What a name is worth: an amount in micros and its currency. */
export interface Worth {
  readonly micros: bigint;
  readonly currency: string;
}

/** Amounts above zero, one a currency: `5.00 EUR, 20.00 SAR`. In micros. */
export const amounts = z.string().transform((line, context) => {
  const all = new Map<string, bigint>();
  const read: ReadonlyMap<string, bigint> = all;
  for (const entry of line.split(',').map((each) => each.trim())) {
    const [, amount, currency] = /^(\d{1,9}(?:\.\d{1,6})?) ([A-Z]{3})$/.exec(entry) ?? [];
    const micros = amount === undefined ? null : parseMicros(amount);
    if (currency === undefined || !micros || all.has(currency)) {
      context.addIssue('must list amounts such as 5.00 EUR, each currency once');
      return read;
    }
    all.set(currency, micros);
  }
  return read;
});

const WORTH = /^([A-Za-z0-9_.:-]{1,100})=(\d{1,9}(?:\.\d{1,6})?) ([A-Z]{3})$/;

/** Names with what they are worth: `credits_5=5.00 EUR, credits_10=10.00 EUR`. */
export const worths = z.string().transform((line, context) => {
  const all = new Map<string, Worth>();
  const read: ReadonlyMap<string, Worth> = all;
  for (const entry of line.split(',').map((each) => each.trim())) {
    const [, name, amount, currency] = WORTH.exec(entry) ?? [];
    const micros = amount === undefined ? null : parseMicros(amount);
    if (name === undefined || currency === undefined || !micros || all.has(name)) {
      context.addIssue('must list products with their worth, such as credits_5=5.00 EUR, each once');
      return read;
    }
    all.set(name, { micros, currency });
  }
  return read;
});

/** A line of text for documents, at most so many octets in UTF-8. */
export const lineOf = (octetsMax: number) =>
  z
    .string()
    .refine(
      (line) => !/[\p{Cc}\p{Cs}]/u.test(line) && Buffer.byteLength(line) <= octetsMax,
      `must be one line of at most ${octetsMax} octets`,
    );

/** ISO 3166-1 alpha-2. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, 'must be a country in capitals, such as SA');

export const taxNumber = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{3,29}$/, 'must be 4 to 30 letters, digits, hyphens or full stops');

export const invoiceSeries = z.string().regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 capitals and digits');

/** A tax of one country from a day on. Millionths: 150000 is 15 per cent. */
export interface DatedTaxRate {
  readonly country: string;
  readonly rate: number;
  readonly from: string;
  readonly reverseCharge: boolean;
}

const TAX_RATE = /^([A-Z]{2})=(\d{1,2}(?:\.\d{1,4})?)% from (\d{4}-\d{2}-\d{2})( reverse)?$/;

/** Taxes with the day they hold from: `SA=15% from 2020-07-01, DE=19% from 2021-01-01 reverse`. */
export const taxRates = z.string().transform((line, context) => {
  const all: DatedTaxRate[] = [];
  const read: readonly DatedTaxRate[] = all;
  for (const entry of line.split(',').map((each) => each.trim())) {
    const [, country, percent, from, reverse] = TAX_RATE.exec(entry) ?? [];
    const known = all.some((each) => each.country === country && each.from === from);
    if (country === undefined || percent === undefined || from === undefined || known || !isDate(from)) {
      context.addIssue(
        'must list countries with their tax and its first day, such as SA=15% from 2020-07-01',
      );
      return read;
    }
    const micros = parseMicros(percent);
    all.push({ country, rate: Number(micros) / 100, from, reverseCharge: reverse !== undefined });
  }
  return read;
});

function isDate(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}
