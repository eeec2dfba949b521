// What a workspace does with its checks: opens them, hands documents in, submits and withdraws.
import type { IdentityCheckKind, IdentityDocumentKind } from '@sotto/contract/identity-checks';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { heldWorkspaces } from '#privacy/retention';
import {
  countDocument,
  insertCheck,
  lockAndCount,
  lockCheck,
  selectCheck,
  selectChecks,
  submitLocked,
  withdrawLocked,
} from './check.sql.ts';
import { mayAdd, maySubmit, mayWithdraw } from './check-states.ts';
import { insertDocument, selectDocuments } from './document.sql.ts';
import type { Judged } from './document-content.ts';
import {
  type IdentityCheck,
  type IdentityDocument,
  OPENED_DAYS,
  OPENED_MAX,
  UNDER_WAY_MAX,
} from './identity-check.ts';
import { asCheck, asDocument, standingOf } from './rows.ts';
import { ensureDocumentsKey, sealDocument } from './sealed-documents.ts';
import { shredDocuments } from './shredding.ts';

type Refused<Outcome extends string> = { readonly outcome: Outcome };

export type Opened =
  | { readonly outcome: 'opened'; readonly check: IdentityCheck }
  /** too_many: under way at once; too_often: opened within the last days. */
  | Refused<'too_many' | 'too_often'>;

/** Opens a check in the caller's transaction. Not to be repeated: each call opens another. */
export async function openCheck(
  tx: Tx,
  workspaceId: string,
  kind: IdentityCheckKind,
  country: string | null,
): Promise<Opened> {
  const { underWay, opened } = await lockAndCount(tx, workspaceId, OPENED_DAYS);
  if (underWay >= UNDER_WAY_MAX) return { outcome: 'too_many' };
  if (opened >= OPENED_MAX) return { outcome: 'too_often' };
  return { outcome: 'opened', check: asCheck(await insertCheck(tx, newId(), workspaceId, kind, country)) };
}

export type Added =
  | { readonly outcome: 'added'; readonly document: IdentityDocument }
  | Refused<'unknown' | 'not_open' | 'full' | Exclude<Judged['outcome'], 'taken'>>;

/**
 * Adds a document to an open check, in the caller's transaction; the key of the check is durable before a row uses it.
 * Of many at once no more are taken than there is room for. Not to be repeated: each call adds another.
 */
export async function addDocument(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  id: string,
  kind: IdentityDocumentKind,
  judged: Judged,
): Promise<Added> {
  const row = await lockCheck(tx, workspaceId, id);
  if (row === undefined) return { outcome: 'unknown' };
  const may = mayAdd(standingOf(row));
  if (may !== 'yes') return { outcome: may };
  if (judged.outcome !== 'taken') return judged;
  // Destroyed by a withdrawal that then failed: what would be sealed now could be read by nobody.
  if (!(await ensureDocumentsKey(keyring, id))) return { outcome: 'not_open' };
  const { octets, mediaType } = judged;
  const documentId = newId();
  const document = {
    id: documentId,
    check_id: id,
    kind,
    media_type: mediaType,
    octets: octets.length,
    created_at: row.now,
  };
  await insertDocument(tx, document, sealDocument(keyring, id, documentId, octets));
  await countDocument(tx, id);
  return { outcome: 'added', document: asDocument(document) };
}

export type Submitted =
  | { readonly outcome: 'submitted'; readonly check: IdentityCheck }
  | Refused<'unknown' | 'not_open' | 'empty'>;

/** Submits an open check that has a document. May be repeated. */
export async function submitCheck(
  tx: Tx,
  keyring: Keyring,
  actor: Actor,
  workspaceId: string,
  id: string,
): Promise<Submitted> {
  const row = await lockCheck(tx, workspaceId, id);
  if (row === undefined) return { outcome: 'unknown' };
  const may = maySubmit(standingOf(row));
  if (may === 'done') return { outcome: 'submitted', check: asCheck(row) };
  if (may !== 'yes') return { outcome: may };
  await submitLocked(tx, id, row.now, newId());
  await record(tx, keyring, entryOf('identity_check.submitted', actor, row));
  return { outcome: 'submitted', check: { ...asCheck(row), state: 'submitted', submittedAt: row.now } };
}

export type Withdrawn =
  | { readonly outcome: 'withdrawn'; readonly check: IdentityCheck }
  | Refused<'unknown' | 'over'>;

/**
 * Withdraws a check that is not decided, and destroys its documents with it. Under a legal hold they are kept, shown to
 * nobody, until it is lifted. May be repeated.
 */
export async function withdrawCheck(
  tx: Tx,
  keyring: Keyring,
  actor: Actor,
  workspaceId: string,
  id: string,
): Promise<Withdrawn> {
  const row = await lockCheck(tx, workspaceId, id);
  if (row === undefined) return { outcome: 'unknown' };
  const may = mayWithdraw(standingOf(row));
  if (may === 'over') return { outcome: 'over' };
  if (may === 'done') return { outcome: 'withdrawn', check: asCheck(row) };
  await withdrawLocked(tx, id, row.now);
  await record(tx, keyring, entryOf('identity_check.withdrawn', actor, row));
  const isHeld = (await heldWorkspaces(tx)).includes(workspaceId);
  if (!isHeld) await shredDocuments(tx, keyring, [row], row.now, actor);
  const documentsEndedAt = isHeld ? null : row.now;
  return { outcome: 'withdrawn', check: { ...asCheck(row), state: 'withdrawn', documentsEndedAt } };
}

export interface Page {
  readonly before: string | null;
  readonly limit: number;
}

/** Checks of a workspace, newest first. */
export const listChecks = (db: Database, workspaceId: string, page: Page): Promise<IdentityCheck[]> =>
  db.tenant(workspaceId, async (tx) =>
    (await selectChecks(tx, workspaceId, page.before, page.limit)).map(asCheck),
  );

/** One check of a workspace with what is known of its documents; undefined when there is none. */
export const findCheck = (
  db: Database,
  workspaceId: string,
  id: string,
): Promise<{ readonly check: IdentityCheck; readonly documents: IdentityDocument[] } | undefined> =>
  db.tenant(workspaceId, async (tx) => {
    const row = await selectCheck(tx, workspaceId, id);
    if (row === undefined) return undefined;
    return { check: asCheck(row), documents: (await selectDocuments(tx, id)).map(asDocument) };
  });

/** Ids of check and workspace are sealed in the entry, so that the customer's part in it dies with the workspace. */
const entryOf = (
  action: 'identity_check.submitted' | 'identity_check.withdrawn',
  actor: Actor,
  { id, workspace_id: workspaceId }: { readonly id: string; readonly workspace_id: string },
) => ({
  action,
  actor,
  object: { kind: 'identity_check' as const, id },
  sealed: { workspaceId, ids: { identity_check: id } },
});
