// Looking at balances that top themselves up. A job does it in turn, as with balances somebody wants to be told of;
// postings know nothing of it.
import { contactsOf, isWorkspaceOpen } from '#accounts';
import { balance, type Wallet } from '#ledger';
import { queueMail } from '#mail';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { enqueue } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { applyFact } from '../apply-fact.ts';
import { insertPayment } from '../payment.sql.ts';
import type { CardKeeper, PaymentProvider } from '../port.ts';
import {
  type DueRow,
  lockAutoTopUp,
  pauseAutoTopUp,
  spendingOf,
  takeDue,
  takeUntold,
  type UntoldRow,
} from './auto-top-up.sql.ts';
import { PAUSE_SECONDS, stepOf } from './decide-auto-top-up.ts';
import { endAutoTopUpOf } from './expiry.ts';
import { dropCards } from './forget-card.ts';
import { findLapsedCards, findQuietCards, findStored, lockInstrument } from './instrument.sql.ts';
import { payByCardJob } from './pay-by-card.ts';

/** Looked at in one transaction. */
const AT_ONCE_MAX = 100;
/** Transactions of one run: what is left waits for the next. */
const ROUNDS_MAX = 50;
/** A balance is looked at no more often. */
const AGAIN_SECONDS = 45;
/** Notices come within seconds. */
const QUIET_SECONDS = 900;
/** A page lives for a day at the provider, and so does the key under which asking twice begins one. */
const LAPSED_SECONDS = 23 * 3_600;

/** Who is told. */
const TOLD = ['owner', 'admin', 'billing'] as const;

/** Looks at the balances that are due and begins payments; how many. May be repeated, also by many at once. */
export async function lookAtBalances(db: Database, signal: AbortSignal): Promise<number> {
  let begun = 0;
  for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
    const done = await db.batch(lookAtSome);
    begun += done.begun;
    if (done.looked < AT_ONCE_MAX) break;
  }
  return begun;
}

async function lookAtSome(tx: Tx): Promise<{ looked: number; begun: number }> {
  const due = await takeDue(tx, AGAIN_SECONDS, AT_ONCE_MAX);
  // Sent together, so one round trip for all.
  const wallets = await Promise.all(due.map(({ workspace_id }) => balance(tx, workspace_id)));
  let begun = 0;
  for (const [at, row] of due.entries()) {
    const wallet = wallets[at];
    if (wallet === undefined || leftOf(wallet) >= row.threshold) continue;
    if (await begin(tx, row, wallet)) begun += 1;
  }
  return { looked: due.length, begun };
}

/** What is left without credit. */
export const leftOf = ({ availableMicros, bonusMicros }: Wallet): bigint => availableMicros + bonusMicros;

/** Begins a payment, with the row of the consent locked: whoever decides on another waits until this one is there. */
async function begin(tx: Tx, row: DueRow, wallet: Wallet): Promise<boolean> {
  const { workspace_id: workspaceId, threshold, amount, monthly_cap, declines } = row;
  if (!(await isWorkspaceOpen(tx, workspaceId))) {
    await endAutoTopUpOf(tx, [workspaceId]);
    return false;
  }
  const step = stepOf({
    leftMicros: leftOf(wallet),
    thresholdMicros: threshold,
    amountMicros: amount,
    capMicros: monthly_cap,
    ...(await spendingOf(tx, workspaceId)),
  });
  const card = step === 'pay' ? await findStored(tx, workspaceId) : undefined;
  if (card === undefined) return false;
  const payment = await insertPayment(tx, {
    id: newId(),
    workspace_id: workspaceId,
    provider: 'stripe',
    currency: wallet.currency,
    asked: amount,
    instrument_id: card.id,
  });
  if (payment === undefined) return false;
  await pauseAutoTopUp(tx, workspaceId, declines, PAUSE_SECONDS);
  await enqueue(tx, payByCardJob, { payment_id: payment.id }, { key: payment.id });
  return true;
}

export interface TellingParts {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Where people reach this installation; null where the policy sends no such mails. */
  readonly mailBaseUrl: (() => string) | null;
}

/** Writes to those whose top-up stopped, once for each time; how many. May be repeated. */
export async function tellStopped(parts: TellingParts): Promise<number> {
  return parts.db.batch(async (tx) => {
    const untold = await takeUntold(tx, AT_ONCE_MAX);
    for (const row of untold) await mail(tx, parts, row);
    return untold.length;
  });
}

async function mail(tx: Tx, { keyring, mailBaseUrl }: TellingParts, row: UntoldRow): Promise<void> {
  const { workspace_id: workspaceId, amount, stopped_by: why } = row;
  const wallet = await balance(tx, workspaceId);
  if (mailBaseUrl === null || wallet === undefined || !(await isWorkspaceOpen(tx, workspaceId))) return;
  for (const { personId, email, language } of await contactsOf(tx, keyring, workspaceId, TOLD)) {
    if (email === null) continue;
    await queueMail(tx, keyring, {
      to: email,
      template: 'auto_top_up_stopped',
      locale: language === 'ar' ? 'ar' : 'en',
      purpose: 'service',
      params: {
        amount: { amountMicros: amount.toString(), currency: wallet.currency },
        why,
        link: `${mailBaseUrl()}/`,
      },
      subject: { kind: 'person', id: personId },
    });
  }
}

/** Reads pages of which nothing was heard, and ends those that are over; how many were stored. May be repeated. */
export async function catchUpCards(
  db: Database,
  provider: PaymentProvider & { readonly cards: CardKeeper },
  signal: AbortSignal,
): Promise<number> {
  const quiet = await db.batch((tx) => findQuietCards(tx, QUIET_SECONDS, AT_ONCE_MAX));
  let stored = 0;
  for (const { external_id } of quiet) {
    if (signal.aborted) return stored;
    const found = await provider.find(external_id);
    if (found.outcome === 'unknown') continue;
    for (const fact of found.facts) {
      const { outcome } = await db.batch((tx) => applyFact(tx, provider.feed, fact));
      if (outcome === 'applied') stored += 1;
    }
  }
  // Each in a transaction of its own: nobody who locks several consents waits for this.
  const lapsed = await db.batch((tx) => findLapsedCards(tx, LAPSED_SECONDS, AT_ONCE_MAX));
  for (const card of lapsed) await db.batch((tx) => endLapsed(tx, card));
  return stored;
}

async function endLapsed(
  tx: Tx,
  { id, workspace_id: workspaceId }: { readonly id: string; readonly workspace_id: string },
): Promise<void> {
  await lockAutoTopUp(tx, workspaceId);
  if ((await lockInstrument(tx, id))?.state === 'asked') await dropCards(tx, [workspaceId], ['asked']);
}
