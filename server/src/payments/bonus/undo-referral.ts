// A payment on which a referral stands went back: its bonus follows, in a transaction of its own, since it needs the
// wallets of both and their locks come before all others.
import * as z from 'zod';
import type { Tx } from '#platform/database';
import { declareJob, enqueue } from '#platform/jobs';
import { findGrantedFor } from './referral.sql.ts';

export const undoReferralJob = declareJob({
  name: 'payments.undo_referral',
  schema: z.strictObject({ referral_id: z.uuid() }),
  attemptsMax: 20,
  backoff: { baseMs: 1_000, maxMs: 600_000 },
  leaseMs: 60_000,
});

/** Enqueues the undoing of what stands on a payment, if anything does. Needs a transaction; may be repeated. */
export async function undoReferralOf(tx: Tx, paymentId: string): Promise<void> {
  const referral = await findGrantedFor(tx, paymentId);
  if (referral !== undefined) {
    await enqueue(tx, undoReferralJob, { referral_id: referral.id }, { key: referral.id });
  }
}
