// The routes of the agreement on the processing of data: anybody reads it, an organisation accepts it, the operator
// publishes it and sees who accepted.
import { decodeId } from '@sotto/contract';
import {
  listAgreementAcceptances as acceptancesOperation,
  listAgreements as listOperation,
  publishAgreement as publishOperation,
} from '@sotto/contract/admin/agreements';
import {
  getAgreementAcceptance as acceptanceOperation,
  acceptAgreement as acceptOperation,
  getAgreement as getOperation,
} from '@sotto/contract/agreements';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf } from '#privacy/audit';
import { personOf } from '../members/member-refusals.ts';
import type { WorkspacePrincipal } from '../principal.ts';
import { agreementExists, findCurrent, pageOfAcceptances, pageOfAgreements } from './agreement.sql.ts';
import { acceptAgreement, acceptanceOf, publishAgreement } from './agreements.ts';
import { presentAcceptance, presentAcceptanceRow, presentAgreement, presentPublished } from './present.ts';

export interface AgreementRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
}

export const agreementRoutes = ({ db, keyring }: AgreementRoutesOptions): readonly Route[] => [
  reads(getOperation, async () => {
    const current = await db.batch((tx) => findCurrent(tx));
    if (current === undefined) throw new AppError('not_found');
    return presentAgreement(current);
  }),
  reads(acceptanceOperation, async ({ caller }: Call<typeof acceptanceOperation, WorkspacePrincipal>) =>
    presentAcceptance(await db.batch((tx) => acceptanceOf(tx, caller.workspaceId))),
  ),
  inTransaction(acceptOperation, async (call: Call<typeof acceptOperation, WorkspacePrincipal>, tx) => {
    const { workspaceId } = call.caller;
    const who = { workspaceId, personId: personOf(call.caller) };
    switch (await acceptAgreement(tx, keyring, who, call.body, actorOf(call))) {
      case 'closed':
      case 'none':
        throw new AppError('not_found');
      case 'personal':
        throw new AppError('conflict', {
          detail: 'It is for organisations: name one of yours in Sotto-Workspace.',
        });
      case 'no_power':
        throw new AppError('forbidden', { detail: 'An owner or administrator accepts it.' });
      case 'another':
        throw new AppError('conflict', {
          detail: 'Another version is offered: read it, and accept that one.',
        });
      case 'accepted':
        return presentAcceptance(await acceptanceOf(tx, workspaceId));
    }
  }),
  reads(listOperation, async ({ query }: Call<typeof listOperation, AuditedCaller>) => {
    const before = positionOf(query.cursor);
    const rows = await db.batch((tx) => pageOfAgreements(tx, before, query.limit + 1));
    return pageAnswer(rows, query.limit, ({ id }) => id, presentPublished);
  }),
  inTransaction(publishOperation, async (call: Call<typeof publishOperation, AuditedCaller>, tx) => {
    const { version, text, required_from } = call.body;
    const requiredFrom = required_from === undefined ? null : new Date(required_from);
    const row = await publishAgreement(tx, keyring, { version, text, requiredFrom }, actorOf(call));
    if (row === undefined) {
      throw new AppError('conflict', { field: 'version', detail: 'There is a version of this name.' });
    }
    return presentPublished({ ...row, acceptances: 0 });
  }),
  reads(acceptancesOperation, async ({ params, query }: Call<typeof acceptancesOperation, AuditedCaller>) => {
    const id = decodeId('agr', params.id);
    const before = positionOf(query.cursor);
    const rows = await db.batch(async (tx) =>
      id !== null && (await agreementExists(tx, id))
        ? pageOfAcceptances(tx, id, before, query.limit + 1)
        : null,
    );
    if (rows === null) throw new AppError('not_found');
    return pageAnswer(rows, query.limit, ({ workspace_id }) => workspace_id, presentAcceptanceRow);
  }),
];
