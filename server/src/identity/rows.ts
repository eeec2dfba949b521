// From rows to checks and documents.
import type { CheckRow, LockedRow } from './check.sql.ts';
import type { DocumentRow } from './document.sql.ts';
import type { IdentityCheck, IdentityDocument } from './identity-check.ts';

export const asCheck = (row: CheckRow): IdentityCheck => ({
  id: row.id,
  workspaceId: row.workspace_id,
  kind: row.kind as IdentityCheck['kind'],
  country: row.country,
  state: row.state as IdentityCheck['state'],
  rejection: row.rejection as IdentityCheck['rejection'],
  createdAt: row.created_at,
  submittedAt: row.submitted_at,
  decidedAt: row.decided_at,
  documentsEndedAt: row.documents_ended_at,
});

export const standingOf = (row: LockedRow) => ({
  state: row.state as IdentityCheck['state'],
  documentsCount: row.documents_count,
});

export const asDocument = (row: DocumentRow): IdentityDocument => ({
  id: row.id,
  kind: row.kind as IdentityDocument['kind'],
  mediaType: row.media_type as IdentityDocument['mediaType'],
  octets: row.octets,
  createdAt: row.created_at,
});
