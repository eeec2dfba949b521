// Every limit on how fast something may be done, with its defaults. A bucket holds `burst` tokens; one comes back every
// `refillSeconds`. An operator changes numbers by the file of SOTTO_ABUSE_FILE, never what is counted or why.
import type { ReasonCode } from '@sotto/contract/reasons';
import type { SubjectKind } from './subject.ts';

export interface Limit {
  /** What is counted. */
  readonly kind: SubjectKind;
  /** Tokens of a full bucket: what may be done at once. */
  readonly burst: number;
  /** Seconds in which one token comes back. */
  readonly refillSeconds: number;
  readonly code: ReasonCode;
  /** What holds while nobody can count: doors that guessing could open stay shut, the rest stays open. */
  readonly whenUnavailable: 'refuse' | 'allow';
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const limit = (
  kind: SubjectKind,
  burst: number,
  refillSeconds: number,
  code: ReasonCode,
  whenUnavailable: Limit['whenUnavailable'] = 'refuse',
): Limit => ({ kind, burst, refillSeconds, code, whenUnavailable });

export const LIMITS = {
  // Guessing: failures count, success gives back (ASVS V6.3.1).
  'sign_in.email': limit('email', 10, 5 * MINUTE, 'sign_in_too_often'),
  'sign_in.account': limit('account', 10, 5 * MINUTE, 'sign_in_too_often'),
  'sign_in.address': limit('address', 50, 30, 'sign_in_too_often'),
  'sign_in.device': limit('device', 20, MINUTE, 'sign_in_too_often'),
  'second_factor.account': limit('account', 5, 5 * MINUTE, 'second_factor_too_often'),
  'second_factor.address': limit('address', 30, MINUTE, 'second_factor_too_often'),
  // Mass creation.
  'sign_up.address': limit('address', 5, 12 * MINUTE, 'sign_up_too_often'),
  'sign_up.email': limit('email', 3, HOUR, 'sign_up_too_often'),
  'sign_up.device': limit('device', 2, 12 * HOUR, 'sign_up_too_often'),
  // Mail to somebody who did not ask for it.
  'reset.email': limit('email', 3, 20 * MINUTE, 'reset_too_often'),
  'reset.address': limit('address', 10, 6 * MINUTE, 'reset_too_often'),
  'verify_email.account': limit('account', 5, 12 * MINUTE, 'mail_too_often'),
  'verify_email.email': limit('email', 5, 12 * MINUTE, 'mail_too_often'),
  'invite.workspace': limit('workspace', 24, HOUR, 'invitations_too_often'),
  'invite.email': limit('email', 5, 4 * HOUR, 'invitations_too_often'),
  'appeal.workspace': limit('workspace', 5, DAY, 'requests_too_often'),
  // Breadth: many keys and many payments are how one customer looks like many.
  'create_key.workspace': limit('workspace', 48, 30 * MINUTE, 'keys_too_often', 'allow'),
  'open_organisation.account': limit('account', 10, 6 * HOUR, 'requests_too_often'),
  'top_up.account': limit('account', 10, HOUR, 'top_up_too_often'),
  'top_up.workspace': limit('workspace', 10, HOUR, 'top_up_too_often'),
  'top_up.payment': limit('payment', 5, 2 * HOUR, 'top_up_too_often'),
  'top_up.wallet': limit('wallet', 5, 2 * HOUR, 'top_up_too_often'),
  'top_up.address': limit('address', 20, 30 * MINUTE, 'top_up_too_often'),
  // Each may ask a store.
  'report_purchase.workspace': limit('workspace', 200, 10, 'requests_too_often'),
  // Guessing codes that give a bonus: every try counts, right or wrong.
  'code.workspace': limit('workspace', 20, 5 * MINUTE, 'codes_too_often'),
  'code.address': limit('address', 60, MINUTE, 'codes_too_often'),
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof LIMITS;
export type Limits = Readonly<Record<LimitName, Limit>>;
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

/** A full bucket is never further away than this, so that what is known of anybody ends (numbers in days are caps). */
export const WINDOW_SECONDS_MAX = 31 * DAY;

/** What an operator may change of a limit. */
export type LimitChange = Partial<Pick<Limit, 'burst' | 'refillSeconds'>>;

/** The limits in force: defaults, with the operator's numbers in their place. Pure; the file has been checked. */
export function limitsWith(changes: Readonly<Partial<Record<LimitName, LimitChange>>>): Limits {
  const entries = LIMIT_NAMES.map((name) => [name, { ...LIMITS[name], ...changes[name] }] as const);
  return Object.fromEntries(entries) as unknown as Limits;
}
