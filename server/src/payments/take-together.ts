// Notices that came at one time, in one transaction: each is decided by itself, one after another, under locks that are
// taken for all of them at once. What many of them wait for, a wallet and the disk, they wait for together.
import { lockWallets } from '#ledger';
import type { Ending, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { applyFact, type Effect, findNamed } from './apply-fact.ts';
import { applyPurchases, type Purchase } from './apply-purchases.ts';
import { insertNotices, knownNotices, type NewNotice } from './notice.sql.ts';
import { findBySettlement, lockSettlements } from './payment.sql.ts';
import type { Fact, Feed, Provider } from './port.ts';
import { ownerOf } from './subscriptions.ts';

export type NoticeOutcome = Effect['outcome'];

/** What a notice said. */
export interface Told {
  readonly feed: Feed;
  readonly noticeId: string;
  readonly provider: Provider;
  readonly facts: readonly Fact[];
}

/** What became of a notice. */
export interface Taken {
  readonly outcome: NoticeOutcome;
  /** Purchases among what it told that are nobody's here. */
  readonly unowned: number;
}

/**
 * Applies what notices say, and notes that they came; their outcomes in order. Facts bear repetition by themselves, so
 * that the rows only spare the work; they go out with COMMIT. May be repeated.
 */
export async function takeTogether(tx: Tx, notices: readonly Told[]): Promise<Ending<Taken[]>> {
  const known = new Set((await knownNotices(tx, notices)).map((row) => `${row.feed} ${row.notice_id}`));
  const isNew = ({ feed, noticeId }: Told) => !known.has(`${feed} ${noticeId}`);
  if (notices.length > 1) await lockAll(tx, notices.filter(isNew));
  const value: Taken[] = [];
  const rows: NewNotice[] = [];
  // Facts may be told in any order, so what was bought comes first, all of it at once.
  const bought = notices.filter(isNew).flatMap(purchasesOf);
  const effects = bought.length === 0 ? [] : await applyPurchases(tx, bought);
  const ofPurchase = new Map(bought.map(({ fact }, at) => [fact, effects[at]!]));
  for (const notice of notices) {
    if (!isNew(notice)) {
      value.push({ outcome: 'repeated', unowned: 0 });
      continue;
    }
    const { outcome, paymentId, unowned } = await apply(tx, notice, ofPurchase);
    value.push({ outcome, unowned });
    rows.push({
      id: newId(),
      feed: notice.feed,
      notice_id: notice.noticeId,
      payment_id: paymentId,
      outcome: outcome === 'repeated' ? 'ignored' : outcome,
    });
  }
  return { value, writes: rows.length === 0 ? [] : [insertNotices(tx, rows)] };
}

const purchasesOf = ({ provider, facts }: Told): Purchase[] =>
  facts.flatMap((fact) => (fact.kind === 'purchased' ? [{ provider, fact }] : []));

async function apply(
  tx: Tx,
  { provider, facts }: Told,
  done: ReadonlyMap<Fact, Effect>,
): Promise<Effect & Taken> {
  const effects: Effect[] = [];
  for (const fact of facts) effects.push(done.get(fact) ?? (await applyFact(tx, provider, fact)));
  return {
    outcome: strongest(effects),
    unowned: facts.filter((fact) => done.get(fact)?.outcome === 'ignored').length,
    paymentId: effects.find(({ paymentId }) => paymentId !== null)?.paymentId ?? null,
  };
}

const ORDER: readonly NoticeOutcome[] = ['applied', 'kept', 'repeated', 'ignored'];

const strongest = (effects: readonly Effect[]): NoticeOutcome =>
  ORDER.find((outcome) => effects.some((effect) => effect.outcome === outcome)) ?? 'ignored';

/** Takes the locks of all, settlements before wallets and each kind in its order, as one notice takes its own. */
async function lockAll(tx: Tx, notices: readonly Told[]): Promise<void> {
  const told = notices.flatMap(({ provider, facts }) => facts.map((fact) => ({ provider, fact })));
  const settlements = told.flatMap(({ provider, fact }) =>
    'settlementId' in fact ? [{ provider, settlementId: fact.settlementId }] : [],
  );
  const [, owners] = await Promise.all([
    lockSettlements(tx, settlements),
    Promise.all(told.map(({ provider, fact }) => walletOf(tx, provider, fact))),
  ]);
  const workspaceIds = [...new Set(owners.filter((id) => id !== null))];
  if (workspaceIds.length > 0) await lockWallets(tx, workspaceIds);
}

/** Whose wallet a fact moves; null where it moves none, or is about nothing that is known. */
async function walletOf(tx: Tx, provider: Provider, fact: Fact): Promise<string | null> {
  switch (fact.kind) {
    case 'purchased':
      return fact.workspaceId ?? ownerOf(tx, provider, fact.originalId);
    case 'paid':
    case 'odd':
      return (await findNamed(tx, provider, fact))?.workspace_id ?? null;
    case 'refunded':
    case 'refund_reversed':
    case 'disputed':
    case 'dispute_closed':
      return (await findBySettlement(tx, provider, fact.settlementId))?.workspace_id ?? null;
    default:
      return null;
  }
}
