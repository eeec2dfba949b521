// The end of decisions. A record proves what it says as long as that stands, and for the limit after: it counts from its
// withdrawal, its expiry, or the newer record that answers it, whichever was first; a withdrawal counts from itself and
// goes together with what it withdraws. The last word of a subject about a purpose (a consent that stands, an
// objection) stays as long as its workspace: without it a "no" would read "never asked".
//
// With its workspace everything ends. Acceptances and what was said about age have no other end: they are about the
// account, and prove on what terms it was used.
import { type ExpiryHandler, rowsExpired } from '../retention/handler.ts';
import { consentsStanding, endConsents, endedWorkspacesStanding, forgetWorkspaces } from './expiry.sql.ts';

const recordExpiry: ExpiryHandler = {
  key: 'consent',
  table: 'privacy.consent_record',
  takesAlong: ['privacy.consent_life'],
  columns: 'row',
  counts: ['consent_withdrawn'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await endConsents(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => consentsStanding(tx, before, held, limit),
};

const workspaceExpiry: ExpiryHandler = {
  key: 'consent',
  table: 'privacy.ended_workspace',
  takesAlong: ['privacy.acceptance', 'privacy.age_attestation'],
  columns: 'row',
  counts: ['consent_withdrawn'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await forgetWorkspaces(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => endedWorkspacesStanding(tx, before, held, limit),
};

/** In this order: a workspace is forgotten after its last record. */
export const consentExpiry = [recordExpiry, workspaceExpiry] as const;
