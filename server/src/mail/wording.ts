// What a template says in a language: sentences, and nothing of how they are laid out.
import type { ParamsOf, Template } from './params.ts';

export type Locale = 'en' | 'ar';

/** How values read in the language of a mail. */
export interface Say {
  /** Whose platform it is. */
  readonly service: string;
  money(amount: { readonly amountMicros: string; readonly currency: string }): string;
  time(at: string): string;
  day(at: string): string;
  /** A name of somebody's making; the fallback where it reads like an address on the web or of mail. */
  name(text: string, fallback: string): string;
}

export interface Wording {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** A code to type in, shown apart. */
  readonly code?: string | null;
  /** Where to go, and what is said there. */
  readonly link?: { readonly href: string; readonly label: string };
  /** After the link. */
  readonly closing?: readonly string[];
}

export type Words = { readonly [T in Template]: (params: ParamsOf<T>, say: Say) => Wording };

const DECIMALS_MAX = 6;

/** How values read; figures are Western in both languages, as codes and amounts of the platform are everywhere. */
export function sayIn(locale: Locale, service: string): Say {
  const tag = locale === 'ar' ? 'ar-u-nu-latn-ca-gregory' : 'en-GB';
  const shown = (options: Intl.DateTimeFormatOptions) => (at: string) =>
    new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }).format(new Date(at));
  const time = shown({ dateStyle: 'long', timeStyle: 'short' });
  return {
    service,
    money: ({ amountMicros, currency }) =>
      new Intl.NumberFormat(tag, {
        style: 'currency',
        currency,
        currencyDisplay: 'code',
        maximumFractionDigits: DECIMALS_MAX,
      }).format(decimal(amountMicros) as unknown as number),
    time: (at) => `${time(at)} UTC`,
    day: shown({ dateStyle: 'long' }),
    name: (text, fallback) => isolated(locale, inertName(text) ?? fallback),
  };
}

/** Micros as a decimal text, exactly; Intl takes it as it is. */
function decimal(micros: string): string {
  const sign = micros.startsWith('-') ? '-' : '';
  const digits = micros.replace('-', '').padStart(7, '0');
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/**
 * A name without what turns the reading direction or hides; null when it reads like an address, which mail programs turn
 * into a link that seems to be ours.
 */
export function inertName(text: string): string | null {
  const plain = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return plain === '' || /[@＠\\]|:\/\/|www\.|[^\s.]\.\p{L}{2,}/iu.test(plain) ? null : plain;
}

/** Names of another script keep their own direction within an Arabic sentence (UAX 9 §2.5). */
const isolated = (locale: Locale, text: string): string => (locale === 'ar' ? `\u2068${text}\u2069` : text);
