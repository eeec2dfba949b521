// Agreements as the API shows them.
import { encodeId } from '@sotto/contract';
import type { AcceptedAgreement, PublishedAgreement } from '@sotto/contract/admin/agreements';
import type { Agreement, AgreementAcceptance } from '@sotto/contract/agreements';
import type { AcceptanceRow, AgreementRow, ListedRow } from './agreement.sql.ts';
import type { Acceptance } from './agreements.ts';

const factsOf = ({ version, digest, required_from, published_at }: Omit<AgreementRow, 'text'>) => ({
  version,
  digest: digest.toString('hex'),
  required_from: required_from?.toISOString() ?? null,
  published_at: published_at.toISOString(),
});

export const presentAgreement = (row: AgreementRow): Agreement => ({ ...factsOf(row), text: row.text });

export const presentAcceptance = ({ current, accepted, isRequired }: Acceptance): AgreementAcceptance => ({
  current: current === undefined ? null : factsOf(current),
  accepted:
    accepted === undefined
      ? null
      : {
          version: accepted.version,
          digest: accepted.digest.toString('hex'),
          accepted_at: accepted.accepted_at.toISOString(),
          accepted_by: accepted.accepted_by === null ? null : encodeId('acc', accepted.accepted_by),
        },
  is_required: isRequired,
});

export const presentPublished = (row: ListedRow): PublishedAgreement => ({
  id: encodeId('agr', row.id),
  ...factsOf(row),
  acceptances: row.acceptances,
});

export const presentAcceptanceRow = (row: AcceptanceRow): AcceptedAgreement => ({
  workspace_id: encodeId('wrk', row.workspace_id),
  accepted_at: row.accepted_at.toISOString(),
  accepted_by: row.accepted_by === null ? null : encodeId('acc', row.accepted_by),
});
