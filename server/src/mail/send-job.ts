// The job that sends one mail. Its payload is the mail's id; the address stays in the outbox, sealed.
import * as z from 'zod';
import { declareJob } from '#platform/jobs';

/** A mail is tried for as long as it is of use; only faults of our own use these up. */
const FAULTS_MAX = 20;

export const sendMailJob = declareJob<{ mail_id: string }>({
  name: 'mail.send',
  schema: z.strictObject({ mail_id: z.uuid() }),
  attemptsMax: FAULTS_MAX,
  backoff: { baseMs: 5_000, maxMs: 600_000 },
  // A worker that dies leaves its mails to others after this time.
  leaseMs: 30_000,
  concurrency: 8,
});
