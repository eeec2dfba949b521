// The end of what is kept of subscriptions to plans: with the books whose entries it explains, from the last thing that
// happened to it, so that one that renews is never past. Plans are the operator's and about nobody.
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { expireSubscriptions, subscriptionsStanding } from './expiry.sql.ts';

export { endOfWorkspaces as endSubscriptionsOf } from './plan-subscription.sql.ts';

export const planExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.plan_subscription',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireSubscriptions(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => subscriptionsStanding(tx, before, held, limit),
};
