// The routes by which staff review checks.
import { decodeId, encodeId } from '@sotto/contract';
import {
  approveIdentityCheck as approveOperation,
  readIdentityDocument as documentOperation,
  listWaitingIdentityChecks as listOperation,
  rejectIdentityCheck as rejectOperation,
  reviewIdentityCheck as reviewOperation,
  takeIdentityCheck as takeOperation,
} from '@sotto/contract/admin/identity-checks';
import type { IdentityDocumentMediaType } from '@sotto/contract/identity-checks';
import type { AdminPrincipal } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads, withHeaders } from '#platform/route';
import { actorOf } from '#privacy/audit';
import { checkId, type IdentityRoutesOptions } from './check-routes.ts';
import { presentCheck, presentDocument } from './present.ts';
import {
  type Decision,
  decideCheck,
  listWaiting,
  lookAtCheck,
  type Reviewer,
  readDocument,
  refusalOf,
  takeCheck,
  type WaitingCheck,
} from './review.ts';
import { tellDecided } from './tell-decided.ts';

type Asked = { readonly caller: AdminPrincipal; readonly requestId: string };

export function reviewRoutes({ db, keyring, mailBaseUrl }: IdentityRoutesOptions): readonly Route[] {
  const decide = async (call: Asked, tx: Tx, id: string, decision: Decision) => {
    const done = await decideCheck(tx, keyring, reviewerOf(call), checkId(id), decision);
    if (done.outcome !== 'decided') throw refusalOf(done.outcome);
    await tellDecided(tx, { keyring, mailBaseUrl }, done.workspaceId, decision.state);
    return presentCheck(done.check);
  };
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, AdminPrincipal>) => {
      const found = await db.batch((tx) => listWaiting(tx, positionOf(query.cursor), query.limit + 1));
      return pageAnswer(found, query.limit, ({ placeInLine }) => placeInLine, presentWaiting);
    }),
    inTransaction(takeOperation, async (call: Call<typeof takeOperation, AdminPrincipal>, tx) => {
      const taken = await takeCheck(tx, keyring, reviewerOf(call), checkId(call.params.id));
      switch (taken.outcome) {
        case 'taken':
          return { identity_check_id: call.params.id, ends_at: taken.endsAt.toISOString() };
        case 'held':
          throw new AppError('conflict', { detail: 'Somebody else reviews the check.' });
        case 'not_waiting':
          throw new AppError('conflict', { detail: 'The check does not wait for a decision.' });
        default:
          throw refusalOf(taken.outcome);
      }
    }),
    reads(reviewOperation, async (call: Call<typeof reviewOperation, AdminPrincipal>) => {
      const looked = await lookAtCheck(db, keyring, reviewerOf(call), checkId(call.params.id));
      if (looked.outcome !== 'shown') throw refusalOf(looked.outcome);
      return {
        ...presentCheck(looked.check),
        workspace: { id: encodeId('wrk', looked.check.workspaceId), name: looked.workspaceName },
        documents: looked.documents.map(presentDocument),
        taken_until: looked.takenUntil.toISOString(),
      };
    }),
    reads(documentOperation, async (call: Call<typeof documentOperation, AdminPrincipal>) => {
      const id = decodeId('idd', call.params.id);
      if (id === null) throw new AppError('not_found');
      const read = await readDocument(db, keyring, reviewerOf(call), id);
      if (read.outcome !== 'shown') throw refusalOf(read.outcome);
      return withHeaders(headersOf(call.params.id, read.document.mediaType), read.octets);
    }),
    inTransaction(approveOperation, (call: Call<typeof approveOperation, AdminPrincipal>, tx) =>
      decide(call, tx, call.params.id, { state: 'approved' }),
    ),
    inTransaction(rejectOperation, (call: Call<typeof rejectOperation, AdminPrincipal>, tx) =>
      decide(call, tx, call.params.id, { state: 'rejected', reason: call.body.reason }),
    ),
  ];
}

const reviewerOf = (call: Asked): Reviewer => ({ personId: call.caller.personId, actor: actorOf(call) });

const ENDINGS: Readonly<Record<IdentityDocumentMediaType, string>> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

/**
 * What a stranger made is no page of ours: it is saved under a name of ours and, if a browser shows it all the same, runs
 * nothing and belongs to no origin (ASVS 5.0.0 V3.2.1, V5.4.1). That it is not sniffed, every answer says.
 */
const headersOf = (publicId: string, mediaType: IdentityDocumentMediaType) => ({
  'content-type': 'application/octet-stream',
  'content-disposition': `attachment; filename="${publicId}.${ENDINGS[mediaType]}"`,
  'content-security-policy':
    "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
});

const presentWaiting = (check: WaitingCheck) => ({
  id: encodeId('idc', check.id),
  kind: check.kind,
  submitted_at: check.submittedAt.toISOString(),
  taken_until: check.takenUntil?.toISOString() ?? null,
});
