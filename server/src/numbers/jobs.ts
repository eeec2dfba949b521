// Recurring work of numbers, for the job runner.
import { recurringJob } from '#platform/jobs';
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
  recurringJob('numbers.sweep_inbound', { everyMs: 60_000, leaseMs: 60_000 }, async ({ db, signal }) => {
    for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
      const { closed, forgotten } = await sweepInbound(db, keyring, SETS_AT_ONCE_MAX, mode);
      if (closed < SETS_AT_ONCE_MAX && forgotten < SETS_AT_ONCE_MAX) break;
    }
  }),
  recurringJob('numbers.erase_read', { everyMs: 15_000, leaseMs: 60_000 }, async ({ db, signal }) => {
    await eraseRead(db, signal);
  }),
];
