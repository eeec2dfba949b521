// What each template is filled with, what it may be sent for, and how long it is of use. A template has no other words
// from outside than these, each bounded; what they hold is shown and never obeyed.
import * as z from 'zod';

const NAME_CHARACTERS_MAX = 100;
const LINK_CHARACTERS_MAX = 2_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One line of somebody's making. */
const line = z
  .string()
  .min(1)
  .max(NAME_CHARACTERS_MAX)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u);
const paragraphs = z
  .string()
  .min(1)
  .max(10_000)
  .regex(/^[^\p{Cs}]*$/u);
/** An address on the web, over https; over http on this machine alone, for development. */
const link = z
  .string()
  .max(LINK_CHARACTERS_MAX)
  .refine((text) => {
    const url = URL.parse(text);
    if (!url) return false;
    if (url.username !== '' || url.password !== '') return false;
    return (
      url.protocol === 'https:' ||
      (url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    );
  })
  .transform((text) => new URL(text).href);
/** A code that is typed in. */
const code = z.string().regex(/^[0-9A-Za-z-]{4,60}$/);
const at = z.iso.datetime();
const minutes = z.int().min(1).max(10_080);
const money = z.strictObject({
  /** Millionths of the currency's unit, as a number in decimal digits. */
  amountMicros: z.string().regex(/^-?\d{1,18}$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
});

export type MailPurpose = 'service' | 'security' | 'support' | 'marketing';

interface TemplateTerms {
  readonly params: z.ZodType;
  readonly purposes: readonly [MailPurpose, ...MailPurpose[]];
  /** After this long it is not sent any more; `minutes` in its params shortens it. */
  readonly lifeMs: number;
}

const FACTOR_CHANGES = [
  'added',
  'removed',
  'recovery_codes_renewed',
  'recovery_code_used',
  'passkey_refused',
] as const;

export const TEMPLATES = {
  email_verification: {
    params: z.strictObject({ link, code: code.nullable(), minutes }),
    purposes: ['security', 'service'],
    lifeMs: DAY_MS,
  },
  /** To the owner of an account, when somebody signs up with its address: the answer does not say that it has one. */
  account_exists: { params: z.strictObject({ link }), purposes: ['security'], lifeMs: DAY_MS },
  password_reset: {
    params: z.strictObject({ link, minutes }),
    purposes: ['security'],
    lifeMs: HOUR_MS,
  },
  sign_in_from_new_device: {
    params: z.strictObject({ at, device: line, link }),
    purposes: ['security'],
    lifeMs: DAY_MS,
  },
  password_changed: { params: z.strictObject({ at, link }), purposes: ['security'], lifeMs: 3 * DAY_MS },
  second_factor_changed: {
    params: z.strictObject({ at, change: z.enum(FACTOR_CHANGES), link }),
    purposes: ['security'],
    lifeMs: 3 * DAY_MS,
  },
  /** To the address that was left; the new one is not told. */
  email_changed: { params: z.strictObject({ at, link }), purposes: ['security'], lifeMs: 3 * DAY_MS },
  invitation: {
    params: z.strictObject({ workspace: line, link, days: z.int().min(1).max(90) }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  account_closing: {
    params: z.strictObject({ closesOn: at, link }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  account_closed: { params: z.strictObject({}), purposes: ['service'], lifeMs: 3 * DAY_MS },
  low_balance: { params: z.strictObject({ balance: money, link }), purposes: ['service'], lifeMs: DAY_MS },
  /** A subscription could not be renewed from the balance, and ends unless somebody tops up. */
  subscription_unpaid: {
    params: z.strictObject({ plan: line, amount: money, endsOn: at, link }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  subscription_ended: {
    params: z.strictObject({ plan: line, link }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  /** Why a balance no longer tops itself up. */
  auto_top_up_stopped: {
    params: z.strictObject({
      amount: money,
      why: z.enum(['needs_you', 'declined', 'refunded', 'disputed']),
      link,
    }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  payment_received: {
    params: z.strictObject({ amount: money, at, link }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  payment_failed: {
    params: z.strictObject({ amount: money, link }),
    purposes: ['service'],
    lifeMs: 3 * DAY_MS,
  },
  /** Says that there is an answer; the answer itself is behind the link, which who has no account does not get. */
  ticket_reply: {
    params: z.strictObject({
      reference: line,
      link: link.nullable(),
      replyTo: z.string().max(254).nullable(),
    }),
    purposes: ['support', 'service'],
    lifeMs: 3 * DAY_MS,
  },
  device_recovery: {
    params: z.strictObject({ link, code: code.nullable(), minutes }),
    purposes: ['security'],
    lifeMs: HOUR_MS,
  },
  news: {
    params: z.strictObject({ headline: line, text: paragraphs, unsubscribe: link }),
    purposes: ['marketing'],
    lifeMs: DAY_MS,
  },
} as const satisfies Readonly<Record<string, TemplateTerms>>;

export type Template = keyof typeof TEMPLATES;
export type ParamsOf<T extends Template> = z.output<(typeof TEMPLATES)[T]['params']>;
export type PurposeOf<T extends Template> = (typeof TEMPLATES)[T]['purposes'][number];

export const isTemplate = (name: string): name is Template => Object.hasOwn(TEMPLATES, name);

/** How long a mail is of use. */
export const lifeMsOf = (template: Template, params: object): number =>
  Math.min(
    TEMPLATES[template].lifeMs,
    'minutes' in params ? Number(params.minutes) * MINUTE_MS : Number.POSITIVE_INFINITY,
  );
