// The routes by which a workspace shows who it is.
import { decodeId } from '@sotto/contract';
import {
  addIdentityDocument as addOperation,
  createIdentityCheck as createOperation,
  getIdentityCheck as getOperation,
  identityDocumentBytesMax,
  identityDocumentsMax,
  listIdentityChecks as listOperation,
  submitIdentityCheck as submitOperation,
  withdrawIdentityCheck as withdrawOperation,
} from '@sotto/contract/identity-checks';
import type { WorkspacePrincipal } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { actorOf } from '#privacy/audit';
import { addDocument, findCheck, listChecks, openCheck, submitCheck, withdrawCheck } from './checks.ts';
import { type Judged, judgeContent } from './document-content.ts';
import { OPENED_DAYS, OPENED_MAX, UNDER_WAY_MAX } from './identity-check.ts';
import { presentCheck, presentDocument } from './present.ts';

export interface IdentityRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Where people reach this installation; null where the policy sends no such mails. */
  readonly mailBaseUrl: (() => string) | null;
}

export function checkRoutes({ db, keyring }: IdentityRoutesOptions): readonly Route[] {
  return [
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, WorkspacePrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const found = await listChecks(db, caller.workspaceId, page);
      return pageAnswer(found, query.limit, ({ id }) => id, presentCheck);
    }),
    inTransaction(
      createOperation,
      async ({ caller, body }: Call<typeof createOperation, WorkspacePrincipal>, tx) => {
        const opened = await openCheck(tx, caller.workspaceId, body.kind, body.country ?? null);
        switch (opened.outcome) {
          case 'opened':
            return presentCheck(opened.check);
          case 'too_many':
            throw conflict(`${UNDER_WAY_MAX} checks are under way: withdraw one, or wait for a decision.`);
          case 'too_often':
            throw conflict(`${OPENED_MAX} checks were opened within ${OPENED_DAYS} days.`);
        }
      },
    ),
    reads(getOperation, async ({ caller, params }: Call<typeof getOperation, WorkspacePrincipal>) => {
      const found = await findCheck(db, caller.workspaceId, checkId(params.id));
      if (found === undefined) throw new AppError('not_found');
      return { ...presentCheck(found.check), documents: found.documents.map(presentDocument) };
    }),
    inTransaction(
      addOperation,
      async ({ caller, params, body }: Call<typeof addOperation, WorkspacePrincipal>, tx, judged: Judged) => {
        const id = checkId(params.id);
        const added = await addDocument(tx, keyring, caller.workspaceId, id, body.kind, judged);
        switch (added.outcome) {
          case 'added':
            return presentDocument(added.document);
          case 'unknown':
            throw new AppError('not_found');
          case 'not_open':
            throw conflict('The check takes no more documents: open another.');
          case 'full':
            throw conflict(`The check has ${identityDocumentsMax} documents.`);
          default:
            throw new AppError('invalid_request', { field: 'content', detail: WHY[added.outcome] });
        }
      },
      { prepare: async ({ body }) => judgeContent(body.content) },
    ),
    inTransaction(submitOperation, async (call: Call<typeof submitOperation, WorkspacePrincipal>, tx) => {
      const id = checkId(call.params.id);
      const submitted = await submitCheck(tx, keyring, actorOf(call), call.caller.workspaceId, id);
      switch (submitted.outcome) {
        case 'submitted':
          return presentCheck(submitted.check);
        case 'unknown':
          throw new AppError('not_found');
        case 'not_open':
          throw conflict('The check is over.');
        case 'empty':
          throw conflict('The check has no document.');
      }
    }),
    inTransaction(withdrawOperation, async (call: Call<typeof withdrawOperation, WorkspacePrincipal>, tx) => {
      const id = checkId(call.params.id);
      const withdrawn = await withdrawCheck(tx, keyring, actorOf(call), call.caller.workspaceId, id);
      switch (withdrawn.outcome) {
        case 'withdrawn':
          return presentCheck(withdrawn.check);
        case 'unknown':
          throw new AppError('not_found');
        case 'over':
          throw conflict('The check is over.');
      }
    }),
  ];
}

const WHY: Readonly<Record<Exclude<Judged['outcome'], 'taken'>, string>> = {
  not_base64: 'It is not base64 (RFC 4648 §4).',
  too_long: `It has more than ${identityDocumentBytesMax} octets.`,
  no_document: 'It is no whole PDF, JPEG or PNG, or something stands before or behind it.',
};

/** The id of a path. Throws `not_found` for one of another form. */
export function checkId(text: string): string {
  const id = decodeId('idc', text);
  if (id === null) throw new AppError('not_found');
  return id;
}

const conflict = (detail: string) => new AppError('conflict', { detail });
