// The end of payments: with the books whose entries they explain. What was heard of nobody's payment goes as late.
import type { Keyring } from '#privacy';
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { autoTopUpExpiry } from './auto-top-up/expiry.ts';
import { bonusExpiry } from './bonus/expiry.ts';
import {
  confirmationsStanding,
  earlyFactsStanding,
  expireConfirmations,
  expireEarlyFacts,
  expirePayments,
  expireStrayNotices,
  expireSubscriptions,
  expireTransfers,
  expireWatches,
  paymentsStanding,
  strayNoticesStanding,
  subscriptionsStanding,
  transfersStanding,
  watchesStanding,
} from './expiry.sql.ts';
import { invoiceExpiry } from './invoices/expiry.ts';
import { planExpiry } from './plans/expiry.ts';

const paymentExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.payment',
  takesAlong: ['payments.takeback'],
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expirePayments(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => paymentsStanding(tx, before, held, limit),
};

const subscriptionExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.subscription',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireSubscriptions(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => subscriptionsStanding(tx, before, held, limit),
};

/** What the store never answered to, and nobody gave up. */
const confirmationExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.confirmation',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireConfirmations(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => confirmationsStanding(tx, before, held, limit),
};

const transferExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.bank_transfer',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireTransfers(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => transfersStanding(tx, before, held, limit),
};

/** From the last time somebody wanted it: the notice of a workspace that ended ends when it is next found low. */
const watchExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.balance_watch',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireWatches(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => watchesStanding(tx, before, held, limit),
};

/** Notices about no payment of ours. */
const noticeExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.notice',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireStrayNotices(tx, before, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await strayNoticesStanding(tx, before, limit)), held: 0 };
  },
};

const earlyFactExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.early_fact',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireEarlyFacts(tx, before, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await earlyFactsStanding(tx, before, limit)), held: 0 };
  },
};

export { endAutoTopUpOf } from './auto-top-up/expiry.ts';
export { endBillingOf } from './invoices/expiry.ts';
export { endSubscriptionsOf } from './plans/expiry.ts';

export const paymentsExpiry = (keyring: Keyring): readonly ExpiryHandler[] => [
  ...bonusExpiry,
  paymentExpiry,
  transferExpiry,
  watchExpiry,
  autoTopUpExpiry,
  subscriptionExpiry,
  confirmationExpiry,
  planExpiry,
  noticeExpiry,
  earlyFactExpiry,
  invoiceExpiry(keyring),
];
