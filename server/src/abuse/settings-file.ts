// The operator's file of SOTTO_ABUSE_FILE: numbers in place of defaults, in JSON. What is wrong in it is refused at the
// start, all at once, by the name of the entry; what it says nothing about keeps its default.
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Refusal } from '#platform/errors';
import { LIMIT_NAMES, LIMITS, type Limits, limitsWith, WINDOW_SECONDS_MAX } from './velocity/limits.ts';

/** What an operator decides about abuse. */
export interface AbuseSettings {
  readonly limits: Limits;
}

export const DEFAULT_SETTINGS: AbuseSettings = { limits: LIMITS };

const BURST_MAX = 1_000_000;
const FILE_BYTES_MAX = 1_048_576;

const changeSchema = z
  .strictObject({
    burst: z.int().min(1).max(BURST_MAX).optional(),
    refill_seconds: z.int().min(1).max(WINDOW_SECONDS_MAX).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing');

const fileSchema = z
  .strictObject({ limits: z.partialRecord(z.enum(LIMIT_NAMES), changeSchema).optional() })
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

type Changes = NonNullable<z.infer<typeof fileSchema>['limits']>;

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
  return { limits: limitsOf(read.data.limits ?? {}) };
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
