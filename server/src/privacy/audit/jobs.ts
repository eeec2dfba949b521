// The recurring work of the audit trail, one runner at a time over all processes.
import * as z from 'zod';
import type { Database } from '#platform/database';
import { type AnyJob, defineJob, recurringJob } from '#platform/jobs';
import type { Keyring } from '../keys/keyring.ts';
import { pruneAudit } from './prune.ts';
import { sealEntries } from './seal-entries.ts';

export interface AuditJobsOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Days an entry is kept at least; whole months go. */
  readonly keptDays?: number;
}

/** Records of requests are kept for 24 months (CCPA Regulations §7101), and so is what proves them. */
const KEPT_DAYS = 731;
/** Between the commit of an entry and its place in the chain: as long as a change to it could go unseen. */
const SEAL_EVERY_MS = 2_000;
const DAY_MS = 86_400_000;
/** Batches and months of one run; what is left over waits for the next. */
const BATCHES_MAX = 50;
const MONTHS_MAX = 12;

export function auditJobs({ db, keyring, keptDays = KEPT_DAYS }: AuditJobsOptions): readonly AnyJob[] {
  const seal = recurringJob(
    'privacy.seal_audit',
    { everyMs: SEAL_EVERY_MS, leaseMs: 30_000 },
    async ({ signal }) => {
      for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch++) {
        if (!(await sealEntries(db, keyring)).more) break;
      }
    },
  );
  const prune = defineJob({
    name: 'privacy.prune_audit',
    schema: z.strictObject({}),
    attemptsMax: 10,
    backoff: { baseMs: 10_000, maxMs: 600_000 },
    leaseMs: 60_000,
    everyMs: DAY_MS,
    handler: async ({ signal, log }) => {
      for (let months = 0; months < MONTHS_MAX && !signal.aborted; months++) {
        const { month, entries } = await pruneAudit(db, keyring, keptDays);
        if (month === null) break;
        log.info('audit.pruned', { count: entries });
      }
      return undefined;
    },
  });
  return [seal, prune] as unknown as readonly AnyJob[];
}
