// What each column of privacy holds about somebody, and what becomes of it.

import type { DB } from '#platform/tables';
import type { DataMap } from './map/data-map.ts';
import { steward } from './map/data-map.ts';
import { clear, hashed, operations, sealed } from './map/tags.ts';

const SHOWS = 'who did what on the platform can be shown, and that nobody changed the record of it';

/** A fact of the audit trail about a pseudonym. */
const trail = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['audit', 'security'],
  basis: 'legitimate_interest',
  interest: SHOWS,
  retention: 'audit',
  dispose: 'erase',
});

const pseudonym = hashed({
  category: 'user.unique_id.pseudonymous',
  purposes: ['audit', 'security'],
  basis: 'legitimate_interest',
  interest: SHOWS,
  retention: 'audit',
  dispose: 'erase',
});

export const privacy = steward('privacy', {
  audit_entry: {
    about: [
      { column: 'actor', leadsTo: 'staff' },
      { column: 'object', leadsTo: 'workspace' },
    ],
    columns: {
      id: trail,
      action: trail,
      outcome: trail,
      actor_kind: trail,
      actor: pseudonym,
      object_kind: trail,
      object: pseudonym,
      affected: trail,
      request: trail,
      payload: sealed({
        category: 'user.unique_id.pseudonymous',
        purposes: ['audit'],
        basis: 'legitimate_interest',
        interest: SHOWS,
        retention: 'audit',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      payload_hash: trail,
      recorded_at: trail,
    },
  },
  audit_link: {
    about: [{ column: 'entry_id', leadsTo: 'privacy.audit_entry' }],
    columns: { entry_id: trail, segment: trail, seq: trail, hash: trail },
  },
  audit_pending: {
    about: [{ column: 'entry_id', leadsTo: 'privacy.audit_entry' }],
    columns: { entry_id: trail },
  },
  audit_segment: {
    about: 'nobody',
    columns: {
      segment: operations,
      month: operations,
      first_seq: operations,
      last_seq: operations,
      start_hash: operations,
      head_hash: operations,
      signed_at: operations,
      key_epoch: operations,
      signature: operations,
    },
  },
  audit_pruning: {
    about: 'nobody',
    columns: { segment: operations, pruned_at: operations, key_epoch: operations, signature: operations },
  },
  audit_chain: {
    about: 'nobody',
    columns: {
      id: operations,
      epoch: operations,
      segment: operations,
      seq: operations,
      head_hash: operations,
    },
  },
} as const satisfies DataMap<DB, 'privacy'>);
