// What a workspace decides about its balance.
import { microsOf, moneyOf } from '@sotto/contract';
import {
  getWalletSettings as getOperation,
  updateWalletSettings as updateOperation,
} from '@sotto/contract/wallet-settings';
import { isAmount } from '#ledger';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { findThreshold, unwatch, watchBalance } from './balance-watch.sql.ts';

interface Decider {
  readonly workspaceId: string;
  readonly currency: string;
  readonly test: boolean;
}

export function settingsRoutes({ db }: { readonly db: Database }): readonly Route[] {
  const show = async (tx: Tx, { workspaceId, currency }: Decider) => {
    const threshold = await findThreshold(tx, workspaceId);
    return { low_balance: threshold === null ? null : moneyOf(threshold, currency) };
  };
  return [
    reads(getOperation, ({ caller }: Call<typeof getOperation, Decider>) =>
      db.tenant(caller.workspaceId, (tx) => show(tx, caller)),
    ),
    inTransaction(updateOperation, async ({ caller, body }: Call<typeof updateOperation, Decider>, tx) => {
      if (caller.test) throw new AppError('test_key_refused');
      const { low_balance: wanted } = body;
      if (wanted === null) await unwatch(tx, [caller.workspaceId]);
      if (wanted) await watchBalance(tx, caller.workspaceId, thresholdOf(wanted, caller));
      return show(tx, caller);
    }),
  ];
}

function thresholdOf(money: Parameters<typeof microsOf>[0], { currency }: Decider): bigint {
  if (money.currency !== currency) {
    throw new AppError('invalid_request', {
      field: 'low_balance.currency',
      detail: 'It is in the currency of the workspace.',
    });
  }
  const micros = microsOf(money);
  if (!isAmount(micros)) {
    throw new AppError('invalid_request', {
      field: 'low_balance.amount',
      detail: 'It is larger than the books take at once.',
    });
  }
  return micros;
}
