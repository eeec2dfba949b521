// The duties of maintenance.ts as recurring jobs, one runner at a time over all processes.
import * as z from 'zod';
import type { Database } from '#platform/database';
import { type AnyJob, defineJob } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { createEndedEraser, eraseOverdue } from './erase-ended.ts';
import {
  adoptDeadSenders,
  dropOrphans,
  expireWaitingMessages,
  giveUpOnUnknown,
  rematchParked,
} from './maintenance.ts';

const LEASE_MS = 30_000;

export interface MessageJobsOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** How often dead senders are looked for; tests and small installations look more often. */
  readonly adoptEveryMs?: number;
}

export function messageJobs({ db, keyring, adoptEveryMs = 5_000 }: MessageJobsOptions): readonly AnyJob[] {
  const recurring = (name: string, everyMs: number, work: () => Promise<number>) =>
    defineJob({
      name,
      schema: z.strictObject({}),
      attemptsMax: 10,
      backoff: { baseMs: 1_000, maxMs: 30_000 },
      leaseMs: LEASE_MS,
      everyMs,
      async handler() {
        await work();
      },
    });
  const ended = createEndedEraser(db);
  return [
    recurring('messages.adopt_dead_senders', adoptEveryMs, () => adoptDeadSenders(db)),
    recurring('messages.rematch_parked', 2_000, () => rematchParked(db, keyring)),
    recurring('messages.give_up_on_unknown', 60_000, () => giveUpOnUnknown(db)),
    recurring('messages.expire_waiting', 15_000, () => expireWaitingMessages(db)),
    recurring('messages.drop_orphaned_receipts', 3_600_000, () => dropOrphans(db)),
    recurring('messages.erase_ended', 15_000, () => ended.look()),
    recurring('messages.erase_overdue', 15_000, () => eraseOverdue(db)),
  ] as unknown as readonly AnyJob[];
}
