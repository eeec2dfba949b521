// Recurring work of numbers, for the job runner.
import * as z from 'zod';
import { defineJob } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { SETS_AT_ONCE_MAX } from './part-set.sql.ts';
import { sweepInbound } from './sweep.ts';

/** A batch that is full is followed by another, up to this many a run. */
const ROUNDS_MAX = 50;

/** Gives out long texts that stay incomplete and forgets parts that are no longer needed. */
export const numbersJobs = (keyring: Keyring) => [
  defineJob({
    name: 'numbers.sweep_inbound',
    schema: z.strictObject({}),
    attemptsMax: 10,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    leaseMs: 60_000,
    everyMs: 60_000,
    async handler({ db, signal }) {
      for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
        const { closed, forgotten } = await sweepInbound(db, keyring);
        if (closed < SETS_AT_ONCE_MAX && forgotten < SETS_AT_ONCE_MAX) break;
      }
      return undefined;
    },
  }),
];
