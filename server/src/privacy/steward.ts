// What each column of privacy holds about somebody, and what becomes of it.

import type { DB } from '#platform/tables';
import type { DataMap } from './map/data-map.ts';
import { steward } from './map/data-map.ts';
import { clear, hashed, indexed, operations, sealed } from './map/tags.ts';
import { policyVersionTables } from './policy-versions/policy-version-tables.ts';
import { processingTables } from './processing/processing-tables.ts';
import { retentionTables } from './retention/tables.ts';

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

/** What somebody decided about their data, kept to prove it (GDPR Art. 7(1)). */
const decision = clear({
  category: 'user.privacy_preferences',
  purposes: ['legal', 'suppression'],
  basis: 'legal_obligation',
  retention: 'consent',
  dispose: 'erase',
});

/** That a number is not written to, and for whom; outlives the erasure of the number itself (GDPR Art. 21(3)). */
const stop = clear({
  category: 'user.privacy_preferences',
  purposes: ['suppression'],
  basis: 'legal_obligation',
  retention: 'suppression',
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
  consent_record: {
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'subject', leadsTo: 'recipient' },
    ],
    columns: {
      id: decision,
      workspace_id: decision,
      subject_kind: decision,
      subject: indexed({
        category: 'user.unique_id.pseudonymous',
        purposes: ['legal', 'suppression'],
        basis: 'legal_obligation',
        retention: 'consent',
        comparesWithin: 'installation',
        dispose: 'erase',
      }),
      purpose: decision,
      decision: decision,
      method: decision,
      policy_hash: decision,
      withdraws: decision,
      decided_at: decision,
      expires_at: decision,
      recorded_at: decision,
      answers: decision,
    },
  },
  consent_life: {
    about: [{ column: 'record_id', leadsTo: 'privacy.consent_record' }],
    columns: { record_id: decision, first_id: decision, ended_at: decision },
  },
  ended_workspace: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { workspace_id: decision, ended_at: decision },
  },
  acceptance: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { workspace_id: decision, policy_hash: decision, mode: decision, accepted_at: decision },
  },
  age_attestation: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { workspace_id: decision, is_of_age: decision, attested_at: decision },
  },
  suppression: {
    feature: 'messages',
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'number_index', leadsTo: 'recipient' },
    ],
    columns: {
      id: stop,
      workspace_id: stop,
      number_index: indexed({
        category: 'user.contact.counterparty_number',
        purposes: ['suppression'],
        basis: 'legal_obligation',
        retention: 'suppression',
        comparesWithin: 'installation',
        dispose: 'erase',
      }),
      kind: stop,
      covers: stop,
      source: stop,
      created_at: stop,
    },
  },
  ...processingTables,
  ...retentionTables,
  ...policyVersionTables,
} as const satisfies DataMap<DB, 'privacy'>);
