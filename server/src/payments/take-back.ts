// Money that goes back: refunds and disputes, and how a dispute ends. What is unspent leaves the balance; what was spent
// is booked as the platform's loss and stays on record as a claim. The balance never goes below zero by it.
import { post } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { emit, emitAll } from '#platform/outbox';
import { concludeTakenBack } from './auto-top-up/conclude.ts';
import { undoReferralOf } from './bonus/undo-referral.ts';
import { type Standing, takingOf } from './decide.ts';
import { paymentTakenBack, takebackFinal } from './events.ts';
import { type Locked, lockBoth } from './lock-both.ts';
import { type PaymentRow, updatePayment } from './payment.sql.ts';
import {
  findTakeback,
  insertTakeback,
  readTakebacks,
  type TakebackRow,
  updateTakeback,
} from './takeback.sql.ts';

export const standingOf = ({ wallet, payment }: Locked): Standing => ({
  creditedMicros: payment.credited,
  goneMicros: payment.taken_back + payment.lost,
  availableMicros: wallet.availableMicros,
});

interface Asked {
  readonly kind: 'refund' | 'dispute';
  readonly origin: 'provider' | 'operator';
  readonly state: 'requested' | 'standing' | 'final';
  readonly externalId: string | null;
  readonly micros: bigint;
}

/** Takes back what is left and unspent, and books what is lost. Needs the locks; not to be repeated. */
export async function takeBack(tx: Tx, locked: Locked, asked: Asked): Promise<TakebackRow> {
  const { payment } = locked;
  const { takenMicros, lostMicros } = takingOf(standingOf(locked), asked.micros);
  const row: TakebackRow = {
    id: newId(),
    payment_id: payment.id,
    kind: asked.kind,
    origin: asked.origin,
    state: asked.state,
    external_id: asked.externalId,
    amount: asked.micros,
    taken: takenMicros,
    lost: lostMicros,
  };
  await insertTakeback(tx, row);
  await move(tx, payment, `takeback:${row.id}`, reasonOf(asked.kind), {
    takenMicros: row.taken,
    lostMicros: row.lost,
  });
  await updatePayment(tx, payment.id, {
    taken_back: payment.taken_back + takenMicros,
    lost: payment.lost + lostMicros,
  });
  if (takenMicros + lostMicros > 0n) {
    const payload = { workspace_id: payment.workspace_id, payment_id: payment.id };
    await emitAll(tx, [{ name: paymentTakenBack.name, payload }]);
    await undoReferralOf(tx, payment.id);
  }
  if (payment.instrument_id !== null) await concludeTakenBack(tx, payment, asked.kind);
  if (row.state === 'final') await tellFinal(tx, payment);
  return row;
}

/** Ends a taking back for good, once. Needs the locks. */
export async function makeFinal(tx: Tx, payment: PaymentRow, takebackId: string): Promise<void> {
  await updateTakeback(tx, takebackId, { state: 'final' });
  await tellFinal(tx, payment);
}

const tellFinal = (tx: Tx, { workspace_id, id }: PaymentRow) =>
  emit(tx, takebackFinal, { workspace_id, payment_id: id });

/**
 * Undoes a taking back: a dispute that was won, a refund the provider refused. What others found nothing left for,
 * because this one had taken it, they take now. Needs the locks; once for each.
 */
export async function giveBack(tx: Tx, payment: PaymentRow, takeback: TakebackRow): Promise<void> {
  await updateTakeback(tx, takeback.id, { state: 'given_back' });
  await move(tx, payment, `giveback:${takeback.id}`, `${reasonOf(takeback.kind)}_undone`, {
    takenMicros: -takeback.taken,
    lostMicros: -takeback.lost,
  });
  await updatePayment(tx, payment.id, {
    taken_back: payment.taken_back - takeback.taken,
    lost: payment.lost - takeback.lost,
  });
  for (const short of await readTakebacks(tx, payment.id)) {
    if (short.state !== 'given_back') await catchUp(tx, payment, short, takeback.id);
  }
}

/** Takes what a taking back asked for and did not get. */
async function catchUp(tx: Tx, payment: PaymentRow, short: TakebackRow, after: string): Promise<void> {
  const missing = short.amount - short.taken - short.lost;
  if (missing <= 0n) return;
  const locked = await lockBoth(tx, payment);
  assertInvariant(locked !== undefined, 'a payment that gives back is there');
  const { takenMicros, lostMicros } = takingOf(standingOf(locked), missing);
  if (takenMicros + lostMicros === 0n) return;
  await move(tx, payment, `takeback:${short.id}:${after}`, reasonOf(short.kind), { takenMicros, lostMicros });
  await updateTakeback(tx, short.id, { taken: short.taken + takenMicros, lost: short.lost + lostMicros });
  await updatePayment(tx, payment.id, {
    taken_back: locked.payment.taken_back + takenMicros,
    lost: locked.payment.lost + lostMicros,
  });
  if (short.state === 'final') await tellFinal(tx, payment);
}

const reasonOf = (kind: string): string => `payment_${kind}`;

/** Of what was taken, deposits shrink with the balance; of what was lost, the platform bears it. */
async function move(
  tx: Tx,
  payment: PaymentRow,
  key: string,
  reason: string,
  { takenMicros, lostMicros }: { takenMicros: bigint; lostMicros: bigint },
): Promise<void> {
  const { workspace_id: workspaceId, currency, id: reference } = payment;
  if (takenMicros !== 0n) {
    const posted = await post(tx, {
      key,
      kind: 'adjustment',
      workspaceId,
      currency,
      reason,
      reference,
      entries: [
        { account: 'available', workspaceId, amountMicros: -takenMicros },
        { account: 'deposits', amountMicros: takenMicros },
      ],
    });
    assertInvariant(posted.outcome === 'posted', 'what is taken was decided under the lock of the wallet');
  }
  if (lostMicros !== 0n) {
    const posted = await post(tx, {
      key: `${key}:lost`,
      kind: 'adjustment',
      workspaceId: null,
      currency,
      reason,
      reference,
      entries: [
        { account: 'adjustments', amountMicros: -lostMicros },
        { account: 'deposits', amountMicros: lostMicros },
      ],
    });
    assertInvariant(posted.outcome === 'posted', 'a loss is booked once');
  }
}

/** Marks, among the refunds of a payment, that the store took them back. */
const REVERSED = 'reversed';

const isReversal = ({ kind, external_id }: TakebackRow): boolean =>
  kind === 'refund' && external_id === REVERSED;

const isStoresRefund = ({ kind, origin, state }: TakebackRow): boolean =>
  kind === 'refund' && origin === 'provider' && state === 'final';

/**
 * So much in all has gone back: what is more than is known already is taken back now. Nothing once a refund was reversed:
 * what is told of it afterwards is late, or comes by another feed.
 */
export async function applyRefunded(tx: Tx, locked: Locked, totalMicros: bigint | null): Promise<boolean> {
  const { payment } = locked;
  const takebacks = await readTakebacks(tx, payment.id);
  if (takebacks.some(isReversal)) return false;
  const known = takebacks
    .filter(({ kind, state }) => kind === 'refund' && state !== 'given_back')
    .reduce((sum, { amount }) => sum + amount, 0n);
  const more = (totalMicros ?? payment.credited) - known;
  if (more <= 0n) return false;
  await takeBack(tx, locked, {
    kind: 'refund',
    origin: 'provider',
    state: 'final',
    externalId: null,
    micros: more,
  });
  return true;
}

/** A store took its refund back: what was taken for it is given back, once, also when the refund is heard of later. */
export async function applyRefundReversed(tx: Tx, { payment }: Locked): Promise<boolean> {
  const takebacks = await readTakebacks(tx, payment.id);
  if (takebacks.some(isReversal)) return false;
  await insertTakeback(tx, {
    id: newId(),
    payment_id: payment.id,
    kind: 'refund',
    origin: 'provider',
    state: 'given_back',
    external_id: REVERSED,
    amount: 0n,
    taken: 0n,
    lost: 0n,
  });
  for (const { id } of takebacks.filter(isStoresRefund)) {
    // Read anew: giving one back lets the next ones take what they had found nothing left for.
    const locked = await lockBoth(tx, payment);
    const refund = await findTakeback(tx, id);
    assertInvariant(locked !== undefined && refund !== undefined, 'a refund that is given back is there');
    await giveBack(tx, locked.payment, refund);
  }
  return true;
}

/** A dispute freezes what is unspent, once; one that is known, or has ended, changes nothing. */
export async function applyDisputed(
  tx: Tx,
  locked: Locked,
  disputeId: string,
  micros: bigint,
): Promise<boolean> {
  if ((await findDispute(tx, locked, disputeId)) !== undefined) return false;
  await takeBack(tx, locked, {
    kind: 'dispute',
    origin: 'provider',
    state: 'standing',
    externalId: disputeId,
    micros,
  });
  return true;
}

/** The end of a dispute: lost, it stays as it was taken; won, it is given back. The end may come before the beginning. */
export async function applyDisputeClosed(
  tx: Tx,
  locked: Locked,
  { disputeId, micros, won }: { disputeId: string; micros: bigint; won: boolean },
): Promise<boolean> {
  const known = await findDispute(tx, locked, disputeId);
  if (known === undefined) {
    const asked = { kind: 'dispute', origin: 'provider', state: 'final', externalId: disputeId } as const;
    await takeBack(tx, locked, { ...asked, micros: won ? 0n : micros });
    return true;
  }
  if (known.state !== 'standing') return false;
  if (won) await giveBack(tx, locked.payment, known);
  else await makeFinal(tx, locked.payment, known.id);
  return true;
}

const findDispute = async (
  tx: Tx,
  { payment }: Locked,
  disputeId: string,
): Promise<TakebackRow | undefined> =>
  (await readTakebacks(tx, payment.id)).find(
    ({ kind, external_id }) => kind === 'dispute' && external_id === disputeId,
  );
