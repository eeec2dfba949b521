// What an app reports of a purchase. The app is believed nothing: the store's signature proves what was bought, or the
// store is asked. The facts are those of a notice, so that whichever comes first credits, and the other finds it credited.
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { applyFact, type Effect } from './apply-fact.ts';
import { findOwn, type OwnRow } from './payment.sql.ts';
import type { Fact, PurchaseProver } from './port.ts';

export interface Reported {
  readonly outcome: 'credited' | 'known' | 'review' | 'nothing' | 'test';
  readonly payment: OwnRow | null;
}

const NOTHING: Reported = { outcome: 'nothing', payment: null };

/**
 * Proves a purchase and credits it to the workspace it was bought for, which has to be this one. May be repeated. Throws
 * `invalid_request` naming `field` for what the store did not sign for this app, `forbidden` for what was bought for
 * another workspace or for none, `unavailable` when the store has to be asked and does not answer.
 */
export async function reportPurchase(
  db: Database,
  prover: PurchaseProver,
  workspaceId: string,
  { evidence, field }: { readonly evidence: string; readonly field: string },
): Promise<Reported> {
  const proof = await prover.prove(evidence);
  switch (proof.outcome) {
    case 'unknown':
      throw new AppError('unavailable', { retryable: true, retryAfterSeconds: 30 });
    case 'refused':
      throw new AppError('invalid_request', {
        field,
        detail: 'The store did not make it for this app, or not in this environment.',
        internal: `evidence of a purchase: ${proof.fault}`,
      });
    case 'test':
      return { outcome: 'test', payment: null };
    case 'proved':
      break;
  }
  const { facts } = proof;
  if (facts.some((fact) => ownerOf(fact) !== workspaceId)) {
    throw new AppError('forbidden', {
      detail: 'It was bought for another workspace, or the app did not say for which.',
    });
  }
  return db.batch(async (tx) => {
    let bought: Effect | null = null;
    for (const fact of facts) {
      const effect = await applyFact(tx, prover.feed, fact);
      if (fact.kind === 'purchased') bought = effect;
    }
    if (bought === null || bought.paymentId === null) return NOTHING;
    const payment = await findOwn(tx, workspaceId, bought.paymentId);
    // Credited to another workspace before the app named this one: it stays there.
    if (payment === undefined) return { outcome: 'known', payment: null };
    if (payment.status !== 'paid') return { outcome: 'review', payment };
    return { outcome: bought.outcome === 'applied' ? 'credited' : 'known', payment };
  });
}

const ownerOf = (fact: Fact): string | null => ('workspaceId' in fact ? fact.workspaceId : null);
