// What each column of identity holds about somebody, and what becomes of it. What is in a document is sealed and ends by
// the rule `kyc`; what a workspace said of its country, and why it was rejected, stay with its account. Ids, kinds,
// states and times say that it was checked.
import type { DB } from '#platform/tables';
import { clear, type DataMap, operations, sealed, steward } from '#privacy/data-map';

/** What is left of a check: kept while the account lives. */
const outcome = clear({
  category: 'user.account.settings',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

export const identity = steward('identity', {
  identity_check: {
    feature: 'identity_checks',
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: operations,
      workspace_id: operations,
      kind: operations,
      country: outcome,
      state: operations,
      rejection: outcome,
      documents_count: operations,
      created_at: operations,
      submitted_at: operations,
      place_in_line: operations,
      decided_at: operations,
      ended_at: operations,
      documents_ended_at: operations,
      workspace_ended_at: operations,
    },
  },
  document: {
    feature: 'identity_checks',
    about: [{ column: 'check_id', leadsTo: 'identity.identity_check' }],
    columns: {
      id: operations,
      check_id: operations,
      kind: operations,
      media_type: operations,
      octets: operations,
      created_at: operations,
    },
  },
  document_chunk: {
    feature: 'identity_checks',
    about: [{ column: 'document_id', leadsTo: 'identity.document' }],
    columns: {
      document_id: operations,
      number: operations,
      content: sealed({
        category: 'user.government_id.kyc_document',
        purposes: ['legal'],
        basis: 'legal_obligation',
        retention: 'kyc',
        sealedUnder: 'identity_check',
        dispose: 'shred',
      }),
    },
  },
  access_window: {
    feature: 'identity_checks',
    about: [
      { column: 'check_id', leadsTo: 'identity.identity_check' },
      { column: 'holder_id', leadsTo: 'staff' },
    ],
    columns: { check_id: operations, holder_id: operations, opened_at: operations, ends_at: operations },
  },
} as const satisfies DataMap<DB, 'identity'>);
