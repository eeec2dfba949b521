// Bank transfers, for the staff.
import { decodeId, encodeId, microsOf, moneyOf } from '@sotto/contract';
import {
  approveBankTransfer as approveOperation,
  type BankTransfer,
  enterBankTransfer as enterOperation,
  listBankTransfers as listOperation,
  rejectBankTransfer as rejectOperation,
} from '@sotto/contract/admin/bank-transfers';
import { handOf } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type Actor, type AuditedCaller, actorOf, record } from '#privacy/audit';
import { type BankTransferRow, pageOfTransfers } from './bank-transfer.sql.ts';
import { approveTransfer, enterTransfer, rejectTransfer } from './bank-transfers.ts';

interface BankTransferRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
}

export function bankTransferRoutes({ db, keyring }: BankTransferRoutesOptions): readonly Route[] {
  const note = (
    tx: Tx,
    action: 'bank_transfer.entered' | 'bank_transfer.approved' | 'bank_transfer.rejected',
    actor: Actor,
    { id, workspace_id: workspaceId }: BankTransferRow,
  ) =>
    record(tx, keyring, {
      action,
      actor,
      object: { kind: 'bank_transfer', id },
      sealed: { workspaceId, ids: { bank_transfer_id: id } },
    });
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, AuditedCaller>) => {
      const before = positionOf(query.cursor);
      const waiting = query.state === 'waiting';
      const rows = await db.batch((tx) => pageOfTransfers(tx, before, query.limit + 1, waiting));
      return pageAnswer(rows, query.limit, ({ id }) => id, present);
    }),
    inTransaction(enterOperation, async (call: Call<typeof enterOperation, AuditedCaller>, tx) => {
      const { workspace_id, amount, reference } = call.body;
      const workspaceId = decodeId('wrk', workspace_id);
      if (workspaceId === null) throw new AppError('not_found');
      const row = await enterTransfer(tx, {
        workspaceId,
        amount: { micros: microsOf(amount), currency: amount.currency },
        reference,
        hand: await handOf(tx, call.caller),
      });
      await note(tx, 'bank_transfer.entered', actorOf(call), row);
      return present(row);
    }),
    inTransaction(approveOperation, async (call: Call<typeof approveOperation, AuditedCaller>, tx) => {
      const row = await approveTransfer(tx, idOf(call.params), await handOf(tx, call.caller));
      await note(tx, 'bank_transfer.approved', actorOf(call), row);
      return present(row);
    }),
    inTransaction(rejectOperation, async (call: Call<typeof rejectOperation, AuditedCaller>, tx) => {
      const row = await rejectTransfer(tx, idOf(call.params), await handOf(tx, call.caller));
      await note(tx, 'bank_transfer.rejected', actorOf(call), row);
      return present(row);
    }),
  ];
}

function idOf(params: { readonly id: string }): string {
  const id = decodeId('bnk', params.id);
  if (id === null) throw new AppError('not_found');
  return id;
}

const present = (row: BankTransferRow): BankTransfer => ({
  id: encodeId('bnk', row.id),
  workspace_id: encodeId('wrk', row.workspace_id),
  state: row.state as BankTransfer['state'],
  amount: moneyOf(row.amount, row.currency),
  reference: row.reference,
  payment_id: row.state === 'approved' ? encodeId('top', row.id) : null,
  created_at: row.created_at.toISOString(),
  decided_at: row.decided_at?.toISOString() ?? null,
});
