// The operator's file of SOTTO_ABUSE_FILE: numbers in place of defaults, in JSON. What is wrong in it is refused at the
// start, all at once, by the name of the entry; what it says nothing about keeps its default.
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Refusal } from '#platform/errors';
import { disposableDomains, type IsDisposable } from './disposable-mail.ts';
import { TIER_DEFAULTS, TIERS, type Tier, type TierLimits, type TierThresholds } from './tiers.ts';
import { LIMIT_NAMES, LIMITS, type Limits, limitsWith, WINDOW_SECONDS_MAX } from './velocity/limits.ts';
import { DEFAULT_RULES, type VerdictRules } from './verdict.ts';

/** What an operator decides about abuse. */
export interface AbuseSettings {
  readonly limits: Limits;
  readonly rules: VerdictRules;
  readonly isDisposable: IsDisposable;
}

export const DEFAULT_SETTINGS: AbuseSettings = {
  limits: LIMITS,
  rules: DEFAULT_RULES,
  isDisposable: disposableDomains({ added: [], allowed: [] }),
};

const BURST_MAX = 1_000_000;
const FILE_BYTES_MAX = 1_048_576;

const changeSchema = z
  .strictObject({
    burst: z.int().min(1).max(BURST_MAX).optional(),
    refill_seconds: z.int().min(1).max(WINDOW_SECONDS_MAX).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing');

const COUNTRIES_MAX = 300;
const DOMAINS_MAX = 100_000;
const DAYS_MAX = 3_650;
/** Whole units of the wallet's currency. */
const AMOUNT_MAX = 1_000_000_000;
const MICROS = 1_000_000n;

const count = z.int().min(0).max(BURST_MAX).nullable().optional();
const amount = z
  .int()
  .min(0)
  .max(AMOUNT_MAX)
  .transform((units) => BigInt(units) * MICROS)
  .nullable()
  .optional();
/** Null lifts a limit. */
const tierSchema = z
  .strictObject({
    activations_open_max: count,
    activations_per_day: count,
    balance_max: amount,
    top_up_max: amount,
    rental_days_max: z.int().min(0).max(DAYS_MAX).nullable().optional(),
    buys_by_api: z.boolean().optional(),
    bulk_messages_per_day: count,
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing');

const countriesSchema = z
  .array(z.string().regex(/^[A-Z]{2}$/, 'is not a code such as DE (ISO 3166-1 alpha-2)'))
  .max(COUNTRIES_MAX)
  .optional();

/** As addresses carry it: lower case, A-labels, no dot at an end. */
const domainsSchema = z
  .array(
    z
      .string()
      .max(253)
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is not a domain in lower case, such as example.com'),
  )
  .max(DOMAINS_MAX)
  .optional();

const fileSchema = z
  .strictObject({
    limits: z.partialRecord(z.enum(LIMIT_NAMES), changeSchema).optional(),
    seasoned_days: z.int().min(1).max(DAYS_MAX).optional(),
    tiers: z.partialRecord(z.enum(TIERS), tierSchema).optional(),
    refused_countries: countriesSchema,
    reviewed_countries: countriesSchema,
    disposable_domains: domainsSchema,
    allowed_domains: domainsSchema,
  })
  .superRefine(({ limits = {} }, context) => {
    for (const [name, limit] of Object.entries(limitsOf(limits))) {
      if (limit.burst * limit.refillSeconds > WINDOW_SECONDS_MAX)
        context.addIssue({
          code: 'custom',
          path: ['limits', name],
          message: 'would be remembered for more than 31 days (burst times refill_seconds)',
        });
    }
  });

type File = z.infer<typeof fileSchema>;
type Changes = NonNullable<File['limits']>;

const FIELDS = {
  activations_open_max: 'activationsOpenMax',
  activations_per_day: 'activationsPerDay',
  balance_max: 'balanceMicrosMax',
  top_up_max: 'topUpMicrosMax',
  rental_days_max: 'rentalDaysMax',
  buys_by_api: 'buysByApi',
  bulk_messages_per_day: 'bulkMessagesPerDay',
} as const satisfies Readonly<Record<keyof z.infer<typeof tierSchema>, keyof TierLimits>>;

function tiersOf({
  tiers = {},
  seasoned_days: seasonedDays = TIER_DEFAULTS.seasonedDays,
}: File): TierThresholds {
  const limits = TIERS.map((tier): [Tier, TierLimits] => {
    const changed = Object.entries(tiers[tier] ?? {}).map(([field, value]) => [
      FIELDS[field as keyof typeof FIELDS],
      value,
    ]);
    return [tier, { ...TIER_DEFAULTS.limits[tier], ...Object.fromEntries(changed) }];
  });
  return { seasonedDays, limits: Object.fromEntries(limits) as Record<Tier, TierLimits> };
}

const rulesOf = (file: File): VerdictRules => ({
  tiers: tiersOf(file),
  refusedCountries: new Set(file.refused_countries),
  reviewedCountries: new Set(file.reviewed_countries),
});

const limitsOf = (changes: Changes): Limits =>
  limitsWith(
    Object.fromEntries(
      Object.entries(changes).map(([name, { burst, refill_seconds: refillSeconds }]) => [
        name,
        {
          ...(burst === undefined ? {} : { burst }),
          ...(refillSeconds === undefined ? {} : { refillSeconds }),
        },
      ]),
    ),
  );

/** Reads the text of the file. Throws Refusal that lists every fault. Pure. */
export function parseAbuseSettings(text: string): AbuseSettings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal('SOTTO_ABUSE_FILE names a file that is not JSON.', ['correct the file, or unset it']);
  }
  const read = fileSchema.safeParse(json);
  if (!read.success) {
    const faults = read.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
    );
    throw new Refusal(`SOTTO_ABUSE_FILE cannot be followed.\n${faults.join('\n')}`, [
      'correct these entries; docs/abuse.md lists every one with its default',
    ]);
  }
  return {
    limits: limitsOf(read.data.limits ?? {}),
    rules: rulesOf(read.data),
    isDisposable: disposableDomains({
      added: read.data.disposable_domains ?? [],
      allowed: read.data.allowed_domains ?? [],
    }),
  };
}

/** The settings in force: of the file when one is named, else the defaults. Throws Refusal. */
export async function readAbuseSettings(path: string | undefined): Promise<AbuseSettings> {
  if (path === undefined) return DEFAULT_SETTINGS;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Refusal(
      'SOTTO_ABUSE_FILE names a file that cannot be read.',
      ['correct the path, or give the account of this process read access'],
      cause,
    );
  }
  if (text.length > FILE_BYTES_MAX)
    throw new Refusal('SOTTO_ABUSE_FILE names a file of more than a megabyte.', ['name the right file']);
  return parseAbuseSettings(text);
}
