// What each column of abuse holds about somebody, and what becomes of it. What somebody writes in an appeal is a request to
// the staff like any other, under the same rule.
import type { DB } from '#platform/tables';
import { type DataMap, indexed, operations, sealed, steward } from '#privacy/data-map';

const GUESSING = 'keeping those out who guess, flood or pretend to be many';

/** A keyed index of a limit and a subject together. */
const counted = {
  purposes: ['security'],
  basis: 'legitimate_interest',
  interest: GUESSING,
  comparesWithin: 'installation',
  dispose: 'erase',
} as const;

export const abuse = steward('abuse', {
  bucket: {
    about: [
      { column: 'pseudonym', leadsTo: 'workspace' },
      { column: 'address', leadsTo: 'visitor' },
      { column: 'email', leadsTo: 'person' },
      { column: 'device', leadsTo: 'person' },
    ],
    columns: {
      pseudonym: indexed({ ...counted, category: 'user.unique_id.pseudonymous', retention: 'account' }),
      address: indexed({ ...counted, category: 'user.device.ip_address', retention: 'ip' }),
      email: indexed({ ...counted, category: 'user.contact.email', retention: 'account' }),
      device: indexed({ ...counted, category: 'user.device.device_id', retention: 'account' }),
      full_at: operations,
      sweep_at: operations,
      created_at: operations,
    },
  },
  appeal: {
    feature: 'support_tickets',
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: operations,
      workspace_id: operations,
      reason: operations,
      body: sealed({
        category: 'user.content.private.support_message',
        purposes: ['support'],
        basis: 'contract',
        retention: 'ticket',
        sealedUnder: 'ticket',
        dispose: 'shred',
      }),
      state: operations,
      created_at: operations,
      closed_at: operations,
      tier: operations,
      granted_until: operations,
      workspace_ended_at: operations,
    },
  },
} as const satisfies DataMap<DB, 'abuse'>);
