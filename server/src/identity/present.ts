// Checks as the API shows them.
import { encodeId } from '@sotto/contract';
import type {
  IdentityCheck as CheckAnswer,
  IdentityDocument as DocumentAnswer,
} from '@sotto/contract/identity-checks';
import type { IdentityCheck, IdentityDocument } from './identity-check.ts';

export const presentCheck = (check: IdentityCheck): CheckAnswer => ({
  id: encodeId('idc', check.id),
  kind: check.kind,
  country: check.country,
  state: check.state,
  rejection: check.rejection,
  created_at: check.createdAt.toISOString(),
  submitted_at: iso(check.submittedAt),
  decided_at: iso(check.decidedAt),
  documents_ended_at: iso(check.documentsEndedAt),
});

export const presentDocument = (document: IdentityDocument): DocumentAnswer => ({
  id: encodeId('idd', document.id),
  kind: document.kind,
  media_type: document.mediaType,
  octets: document.octets,
  created_at: document.createdAt.toISOString(),
});

const iso = (at: Date | null) => at?.toISOString() ?? null;
