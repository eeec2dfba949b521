// A transfer to the operator's bank account. Nobody proves it but the staff, so one enters and another approves:
//
//   waiting ──► approved   the payment it becomes is credited, once
//           ──► rejected   its reference may be entered again
import { type Hand, isSameHand, isWorkspaceOpen } from '#accounts';
import { BALANCE_MICROS_MAX, isAmount, lockWallets } from '#ledger';
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { creditPayment } from '../apply-fact.ts';
import { findBySettlement, insertPayment, lockSettlement } from '../payment.sql.ts';
import type { Amount } from '../port.ts';
import {
  type BankTransferRow,
  findTransfer,
  insertTransfer,
  lockTransfer,
  updateDecided,
} from './bank-transfer.sql.ts';

export interface EnteredTransfer {
  readonly workspaceId: string;
  readonly amount: Amount;
  /** What the bank calls it. */
  readonly reference: string;
  readonly hand: Hand;
}

/**
 * Enters a transfer. Needs a transaction. Throws `not_found` for a workspace that is not there or closed,
 * `invalid_request` for another currency or too much, `conflict` for a reference that is known.
 */
export async function enterTransfer(tx: Tx, entered: EnteredTransfer): Promise<BankTransferRow> {
  const { workspaceId, amount, hand } = entered;
  if (!(await isWorkspaceOpen(tx, workspaceId))) throw new AppError('not_found');
  const [wallet] = await lockWallets(tx, [workspaceId]);
  assertInvariant(wallet !== undefined, 'every workspace has a wallet');
  if (amount.currency !== wallet.currency) {
    throw new AppError('invalid_request', {
      field: 'amount.currency',
      detail: 'It is in the currency of the workspace.',
    });
  }
  if (!isAmount(amount.micros)) {
    throw new AppError('invalid_request', {
      field: 'amount.amount',
      detail: 'It is larger than the books take at once.',
    });
  }
  const row = await insertTransfer(tx, {
    id: newId(),
    workspace_id: workspaceId,
    amount: amount.micros,
    currency: amount.currency,
    reference: entered.reference.toUpperCase(),
    entered_by_person: hand.personId,
    entered_by_key: hand.keyId,
  });
  if (row === undefined) {
    throw new AppError('conflict', { detail: 'A transfer with this reference was entered before.' });
  }
  return row;
}

/**
 * Credits a transfer. Needs a transaction. Throws `not_found`, `conflict` when it is decided or cannot be credited, and
 * `second_person_needed` for the hand that entered it.
 */
export async function approveTransfer(tx: Tx, id: string, hand: Hand): Promise<BankTransferRow> {
  const found = await findTransfer(tx, id);
  if (found === undefined) throw new AppError('not_found');
  await lockSettlement(tx, 'bank', found.reference);
  const [wallet] = await lockWallets(tx, [found.workspace_id]);
  const transfer = await lockWaiting(tx, id);
  if (isSameHand(hand, enteredBy(transfer))) throw new AppError('second_person_needed');
  const { availableMicros, heldMicros, bonusMicros } = wallet ?? {
    availableMicros: BALANCE_MICROS_MAX,
    heldMicros: 0n,
    bonusMicros: 0n,
  };
  const after = availableMicros + heldMicros + bonusMicros + transfer.amount;
  if (after > BALANCE_MICROS_MAX || !(await isWorkspaceOpen(tx, transfer.workspace_id))) {
    throw new AppError('conflict', { detail: 'The workspace cannot be credited with it.' });
  }
  if ((await findBySettlement(tx, 'bank', transfer.reference)) !== undefined) {
    throw new AppError('conflict', { detail: 'A transfer with this reference was credited before.' });
  }
  const payment = await insertPayment(tx, {
    id: transfer.id,
    workspace_id: transfer.workspace_id,
    provider: 'bank',
    status: 'review',
    currency: transfer.currency,
    asked: null,
    settlement_id: transfer.reference,
  });
  assertInvariant(payment !== undefined, 'a transfer becomes one payment');
  const paid = { paid: transfer.amount, paid_currency: transfer.currency };
  await creditPayment(tx, payment, transfer.amount, paid);
  return updateDecided(tx, id, decidedBy('approved', hand));
}

/** Ends a transfer without a credit. Needs a transaction. Throws `not_found`, and `conflict` when it is decided. */
export async function rejectTransfer(tx: Tx, id: string, hand: Hand): Promise<BankTransferRow> {
  if ((await findTransfer(tx, id)) === undefined) throw new AppError('not_found');
  await lockWaiting(tx, id);
  return updateDecided(tx, id, decidedBy('rejected', hand));
}

async function lockWaiting(tx: Tx, id: string): Promise<BankTransferRow> {
  const transfer = await lockTransfer(tx, id);
  if (transfer?.state !== 'waiting') {
    throw new AppError('conflict', { detail: 'The transfer is decided already.' });
  }
  return transfer;
}

const enteredBy = ({ entered_by_person, entered_by_key }: BankTransferRow): Hand => ({
  personId: entered_by_person,
  keyId: entered_by_key,
});

const decidedBy = (state: 'approved' | 'rejected', { personId, keyId }: Hand) => ({
  state,
  decided_by_person: personId,
  decided_by_key: keyId,
});
