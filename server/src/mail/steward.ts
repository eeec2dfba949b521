// What each column of mail holds about somebody, and what becomes of it.

import type { DB } from '#platform/tables';
import { clear, type DataMap, hashed, operations, sealed, steward } from '#privacy/data-map';

/** That somebody was written to, and about what kind of thing. */
const letter = clear({
  category: 'user.account.settings',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

export const mail = steward('mail', {
  arrival: {
    about: [{ column: 'hash', leadsTo: 'visitor' }],
    feature: 'support_tickets',
    columns: {
      hash: hashed({
        category: 'user.unique_id.pseudonymous',
        purposes: ['service'],
        basis: 'contract',
        retention: 'request',
        dispose: 'erase',
      }),
      arrived_at: operations,
    },
  },
  outbox: {
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'person_id', leadsTo: 'person' },
      { column: 'ticket_id', leadsTo: 'support.ticket' },
    ],
    feature: 'email_accounts',
    columns: {
      id: letter,
      workspace_id: letter,
      person_id: letter,
      ticket_id: letter,
      template: letter,
      locale: letter,
      purpose: letter,
      address: sealed({
        category: 'user.contact.email',
        purposes: ['service', 'security', 'contact', 'support'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      params: sealed({
        category: 'user.account.settings',
        purposes: ['service', 'security'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      state: operations,
      attempts: operations,
      answer: operations,
      created_at: letter,
      expires_at: operations,
      ended_at: letter,
    },
  },
} as const satisfies DataMap<DB, 'mail'>);
