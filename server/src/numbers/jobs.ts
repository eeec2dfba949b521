// Recurring work of numbers, for the job runner.
import * as z from 'zod';
import { defineJob } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { BY_DAY, type StoredContentMode } from './content-mode.ts';
import { eraseRead } from './erase-read.ts';
import { SETS_AT_ONCE_MAX } from './part-set.sql.ts';
import { sweepInbound } from './sweep.ts';

/** A batch that is full is followed by another, up to this many a run. */
const ROUNDS_MAX = 50;

/**
 * Gives out long texts that stay incomplete, forgets parts that are no longer needed, and erases texts that were kept
 * until they were read.
 */
export const numbersJobs = (keyring: Keyring, mode: StoredContentMode = BY_DAY) => [
  defineJob({
    name: 'numbers.sweep_inbound',
    schema: z.strictObject({}),
    attemptsMax: 10,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    leaseMs: 60_000,
    everyMs: 60_000,
    async handler({ db, signal }) {
      for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
        const { closed, forgotten } = await sweepInbound(db, keyring, SETS_AT_ONCE_MAX, mode);
        if (closed < SETS_AT_ONCE_MAX && forgotten < SETS_AT_ONCE_MAX) break;
      }
      return undefined;
    },
  }),
  defineJob({
    name: 'numbers.erase_read',
    schema: z.strictObject({}),
    attemptsMax: 10,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    leaseMs: 60_000,
    everyMs: 15_000,
    async handler({ db, signal }) {
      await eraseRead(db, signal);
      return undefined;
    },
  }),
];
