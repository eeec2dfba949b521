// What the ledger keeps about whom. The books hold ids, amounts and times, no name and no number: erasing a
// workspace leaves them as they are, with nothing left that says whose they were, until bookkeeping law lets them
// go: then only sums are left.

import type { DB } from '#platform/tables';
import { clear, type DataMap, operations, steward } from '#privacy/data-map';

/** An amount, its time or kind: kept as long as commercial and tax law ask for books. */
const booked = () =>
  clear({
    category: 'user.financial.ledger_entry',
    purposes: ['billing', 'legal'],
    basis: 'legal_obligation',
    retention: 'ledger',
    dispose: 'anonymise',
  });

/** Whose books they are; means nothing once the account behind the id is erased. */
const owner = () =>
  clear({
    category: 'user.unique_id.pseudonymous',
    purposes: ['billing', 'legal'],
    basis: 'legal_obligation',
    retention: 'ledger',
    dispose: 'anonymise',
  });

/** The state of the running account, needed to serve the customer. */
const standing = () =>
  clear({
    category: 'user.financial.ledger_entry',
    purposes: ['billing', 'service'],
    basis: 'contract',
    retention: 'ledger',
    dispose: 'anonymise',
  });

export const ledger = steward('ledger', {
  wallet: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      workspace_id: owner(),
      currency: operations,
      available: standing(),
      held: standing(),
      bonus: standing(),
      credit_limit: standing(),
      created_at: operations,
      closed_at: standing(),
    },
  },
  transaction: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: operations,
      kind: booked(),
      workspace_id: owner(),
      reverses: operations,
      reason: booked(),
      reference: booked(),
      created_at: booked(),
    },
  },
  entry: {
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'transaction_id', leadsTo: 'ledger.transaction' },
    ],
    columns: {
      transaction_id: operations,
      workspace_id: owner(),
      account: operations,
      currency: operations,
      amount: booked(),
    },
  },
  hold: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: operations,
      workspace_id: owner(),
      amount: booked(),
      from_bonus: booked(),
      captured: booked(),
      expires_at: operations,
      opened_by: operations,
      resolved_by: operations,
      state: booked(),
    },
  },
  posting_key: {
    about: [
      { column: 'scope', leadsTo: 'workspace' },
      { column: 'transaction_id', leadsTo: 'ledger.transaction' },
    ],
    columns: {
      scope: owner(),
      key: booked(),
      transaction_id: operations,
      request_digest: operations,
    },
  },
  opening_balance: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { workspace_id: owner(), account: operations, currency: operations, amount: standing() },
  },
  carried: { about: 'nobody', columns: { only_row: operations, up_to: operations } },
  expiry_sweep: {
    about: 'nobody',
    columns: { id: operations, swept_until: operations },
  },
} as const satisfies DataMap<DB, 'ledger'>);
