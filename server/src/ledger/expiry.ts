// The end of the books: what is past is carried into opening balances, so that every balance stays the sum of what is
// booked, and nothing says any more who paid for what. Sums of a workspace that lives stay its own; those of one that
// is gone become nobody's with its last transaction.
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import {
  carryForward,
  dropEmptyMonths,
  endWallets,
  forgetHolds,
  holdsStanding,
  transactionsStanding,
  walletsStanding,
} from './expiry.sql.ts';

const transactionExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'ledger.transaction',
  takesAlong: ['ledger.entry', 'ledger.posting_key'],
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await carryForward(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => transactionsStanding(tx, before, held, limit),
};

/** A hold belongs to the transaction that resolved it, and goes after it. */
const holdExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'ledger.hold',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    const rows = await forgetHolds(tx, held, limit);
    if (rows > 0) return { rows, partitions: 0, more: true };
    const partitions = await dropEmptyMonths(tx, before);
    return { rows, partitions, more: partitions > 0 };
  },
  standing: (tx, { before, held, limit }) => holdsStanding(tx, before, held, limit),
};

/** A wallet says how its workspace stands now; it ends when the workspace is gone and its books are. */
const walletExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'ledger.wallet',
  takesAlong: ['ledger.opening_balance'],
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await endWallets(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => walletsStanding(tx, before, held, limit),
};

export const ledgerExpiry = [transactionExpiry, holdExpiry, walletExpiry] as const;
