// What each column of abuse holds about somebody, and what becomes of it.
import type { DB } from '#platform/tables';
import { type DataMap, indexed, operations, steward } from '#privacy/data-map';

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
} as const satisfies DataMap<DB, 'abuse'>);
