// Purchases in stores, many at once. A purchase makes its payment itself: its transaction at the store is what it is known
// by, over every feed. However many there are, a wallet is held for one look under the locks and two round trips of writing.
import { isWorkspaceOpen } from '#accounts';
import { creditAll, lockWallets, type Wallet } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { emitAll } from '#platform/outbox';
import type { Effect } from './apply-fact.ts';
import { applyEarly } from './apply-to-settlement.ts';
import { creditOf, hasRoom } from './decide.ts';
import { paymentCredited } from './events.ts';
import { findById, lockSettlements } from './payment.sql.ts';
import type { Amount, Fact, Provider } from './port.ts';
import { findSettled, insertPurchases, type PurchaseRow } from './purchase.sql.ts';
import { ownerOf } from './subscriptions.ts';
import { takeEarly } from './takeback.sql.ts';

export interface Purchase {
  readonly provider: Provider;
  readonly fact: Extract<Fact, { kind: 'purchased' }>;
}

/** What a settlement is known by. */
const nameOf = (provider: string, settlementId: string) => `${provider} ${settlementId}`;

/**
 * Credits each purchase once in its life, or keeps it for a person; then applies what was said of it before. Their effects
 * in order. May be repeated. Needs a transaction.
 */
export async function applyPurchases(tx: Tx, purchases: readonly Purchase[]): Promise<Effect[]> {
  const settlements = purchases.map(({ provider, fact }) => ({ provider, settlementId: fact.settlementId }));
  const owners = await Promise.all(
    purchases.map(({ provider, fact }) => fact.workspaceId ?? ownerOf(tx, provider, fact.originalId)),
  );
  const workspaceIds = [...new Set(owners.filter((id) => id !== null))];
  const [, settled, locked, open] = await Promise.all([
    lockSettlements(tx, settlements),
    findSettled(tx, settlements),
    lockWallets(tx, workspaceIds),
    Promise.all(workspaceIds.map((id) => isWorkspaceOpen(tx, id))),
  ]);
  const isOpen = new Map(workspaceIds.map((id, at) => [id, open[at] === true]));
  const wallets = new Map(locked.map((wallet) => [wallet.workspaceId, wallet]));
  const known = new Map(settled.map((row) => [nameOf(row.provider, row.settlement_id), row.id]));
  const rows: PurchaseRow[] = [];
  const effects = purchases.map(({ provider, fact }, at): Effect => {
    const name = nameOf(provider, fact.settlementId);
    const earlier = known.get(name);
    if (earlier !== undefined) return { outcome: 'repeated', paymentId: earlier };
    const wallet = wallets.get(owners[at] ?? '');
    if (wallet === undefined) return { outcome: 'ignored', paymentId: null };
    const row = rowOf(provider, fact, wallet, isOpen.get(wallet.workspaceId) === true);
    known.set(name, row.id);
    wallets.set(wallet.workspaceId, {
      ...wallet,
      availableMicros: wallet.availableMicros + row.credited,
    });
    rows.push(row);
    return { outcome: 'applied', paymentId: row.id };
  });
  if (rows.length > 0) await write(tx, rows);
  return effects;
}

/** A payment as it stands at once: credited, or under review where it is worth nothing here, too much, or too late. */
function rowOf(provider: Provider, fact: Purchase['fact'], wallet: Wallet, isOpen: boolean): PurchaseRow {
  const { settlementId, worth } = fact;
  const { workspaceId } = wallet;
  const amount: Amount = worth ?? { micros: 0n, currency: wallet.currency };
  // A workspace that was closed meanwhile has nothing to spend it on: a person returns it.
  const micros = worth === null || !isOpen ? null : creditOf(amount, wallet.currency);
  const isCredited = micros !== null && hasRoom(wallet, micros);
  return {
    id: newId(),
    workspaceId,
    provider,
    settlementId,
    currency: wallet.currency,
    status: isCredited ? 'paid' : 'review',
    paid: amount.micros,
    paidCurrency: amount.currency,
    credited: isCredited ? micros : 0n,
  };
}

/** Sent together: whatever of it fails takes the whole transaction back. */
async function write(tx: Tx, rows: readonly PurchaseRow[]): Promise<void> {
  const credited = rows.filter(({ status }) => status === 'paid');
  const [made, posted, , early] = await Promise.all([
    insertPurchases(tx, rows),
    creditAll(
      tx,
      'top_up',
      credited.map(({ id, workspaceId, credited: amountMicros, currency, provider }) => ({
        workspaceId,
        amountMicros,
        currency,
        key: `payment:${id}`,
        reason: provider,
        reference: id,
      })),
    ),
    emitAll(
      tx,
      credited.map(({ id, workspaceId }) => ({
        name: paymentCredited.name,
        payload: { workspace_id: workspaceId, payment_id: id },
      })),
    ),
    takeEarly(tx, credited),
  ]);
  assertInvariant(made === rows.length, 'a settlement nobody knew has no payment');
  assertInvariant(
    posted.every(({ outcome }) => outcome === 'posted'),
    'a payment is credited once',
  );
  for (const { id, provider, settlementId } of credited) {
    const own = early.filter((each) => each.provider === provider && each.settlement_id === settlementId);
    if (own.length > 0) await applyEarly(tx, (await findById(tx, id))!, own);
  }
}
