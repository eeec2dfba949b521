// The routes of the ledger: a workspace reads its own books, as the tenant.
import { getWallet, getWalletStatement, listWalletEntries } from '@sotto/contract/wallet';
import { alignedNowMs } from '#platform/clock';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { type Call, type Route, reads, withHeaders } from '#platform/route';
import type { RetentionLimits } from '#privacy/retention';
import { listTransactions } from './history.ts';
import { monthOf, readMonth } from './month-statement.ts';
import { presentEntry, presentWallet } from './present.ts';
import { statementCsv } from './statement-csv.ts';
import { balance } from './wallets.ts';

export interface LedgerRoutesOptions {
  readonly db: Database;
  readonly limits: RetentionLimits;
}

/** What the ledger needs of a caller: whoever calls is known to contexts above it. */
interface WalletOwner {
  readonly workspaceId: string;
  readonly currency: string;
}

export function ledgerRoutes({ db, limits }: LedgerRoutesOptions): readonly Route[] {
  return [
    reads(getWallet, async ({ caller }: Call<typeof getWallet, WalletOwner>) => {
      const wallet = await db.tenant(caller.workspaceId, (tx) => balance(tx, caller.workspaceId));
      assertInvariant(wallet !== undefined, 'every workspace has a wallet');
      return presentWallet(wallet);
    }),
    reads(listWalletEntries, async ({ caller, query }: Call<typeof listWalletEntries, WalletOwner>) => {
      const { workspaceId, currency } = caller;
      const before = positionOf(query.cursor);
      const found = await db.tenant(workspaceId, (tx) =>
        listTransactions(tx, {
          workspaceId,
          limit: query.limit + 1,
          keptFor: limits.get('ledger')?.duration ?? null,
          ...(before === null ? {} : { before }),
        }),
      );
      return pageAnswer(
        found,
        query.limit,
        ({ id }) => id,
        (transaction) => presentEntry(transaction, currency),
      );
    }),
    reads(getWalletStatement, async ({ caller, query }: Call<typeof getWalletStatement, WalletOwner>) => {
      const { workspaceId, currency } = caller;
      const month = query.month ?? monthOf(alignedNowMs());
      const keptFor = limits.get('ledger')?.duration ?? null;
      const read = await db.tenant(workspaceId, (tx) => readMonth(tx, workspaceId, month, keptFor));
      if (read === 'too_many') {
        throw new AppError('invalid_request', {
          field: 'month',
          detail: 'The month has more movements than a statement takes; read them at /v1/wallet/entries.',
        });
      }
      return withHeaders(
        { 'content-disposition': `attachment; filename="statement-${month}.csv"` },
        statementCsv(read, currency),
      );
    }),
  ];
}
