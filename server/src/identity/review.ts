// What staff do with checks. Whoever takes one may read its documents for an hour and decide; nobody else may. It takes a
// person: a key says nothing of who looks, and nobody reviews a workspace they belong to. Every look is recorded.
import type { IdentityRejection } from '@sotto/contract/identity-checks';
import { findWorkspaces, isMember } from '#accounts';
import type { Database, Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { emit } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { type Actor, type AuditEntry, record } from '#privacy/audit';
import { isRestricted } from '#privacy/processing';
import { decideLocked, type LockedRow, lockForReview } from './check.sql.ts';
import { selectChunks, selectDocument, selectDocuments } from './document.sql.ts';
import { decided } from './events.ts';
import { type IdentityCheck, type IdentityDocument, WINDOW_MINUTES } from './identity-check.ts';
import { deleteWindow, findWindow, selectWaiting, takeWindow } from './review.sql.ts';
import { asCheck, asDocument } from './rows.ts';
import { openDocument } from './sealed-documents.ts';

/** Who of the staff asks. */
export interface Reviewer {
  /** Null for a key. */
  readonly personId: string | null;
  readonly actor: Actor;
}

export interface WaitingCheck extends Pick<IdentityCheck, 'id' | 'kind'> {
  readonly submittedAt: Date;
  readonly placeInLine: string;
  readonly takenUntil: Date | null;
}

/** What waits for a decision after a place in the line: nothing of anybody. */
export const listWaiting = async (tx: Tx, after: string | null, limit: number): Promise<WaitingCheck[]> =>
  (await selectWaiting(tx, after, limit)).map((row) => ({
    id: row.id,
    kind: row.kind as WaitingCheck['kind'],
    submittedAt: row.submitted_at,
    placeInLine: row.place_in_line,
    takenUntil: row.taken_until,
  }));

/** no_person: a key asks; own: the reviewer is a member of the workspace. */
export type NoAccess = 'unknown' | 'no_person' | 'own' | 'restricted' | 'no_window';

export type Taken =
  | { readonly outcome: 'taken'; readonly endsAt: Date }
  /** held: somebody else reviews it; not_waiting: there is nothing to decide. */
  | { readonly outcome: Exclude<NoAccess, 'no_window'> | 'held' | 'not_waiting' };

/** Opens a window on a submitted check, or begins it anew. May be repeated. Of two at once one gets it. */
export async function takeCheck(tx: Tx, keyring: Keyring, reviewer: Reviewer, id: string): Promise<Taken> {
  const row = await lockForReview(tx, id);
  if (row === undefined) return { outcome: 'unknown' };
  const { personId } = reviewer;
  const bar = await barOf(tx, personId, row);
  if (bar !== null) return { outcome: bar };
  assertInvariant(personId !== null, 'who takes a check is a person');
  if (row.state !== 'submitted') return { outcome: 'not_waiting' };
  const endsAt = await takeWindow(tx, id, personId, row.now, WINDOW_MINUTES);
  if (endsAt === undefined) return { outcome: 'held' };
  await note(tx, keyring, reviewer, 'identity_check.taken', row);
  return { outcome: 'taken', endsAt };
}

export type Looked =
  | {
      readonly outcome: 'shown';
      readonly check: IdentityCheck;
      /** Null once erased. */
      readonly workspaceName: string | null;
      readonly documents: readonly IdentityDocument[];
      readonly takenUntil: Date;
    }
  | { readonly outcome: NoAccess };

/**
 * Reads a check within a window, and records that; a refused look as well. Has a transaction of its own: what was not
 * recorded is not shown.
 */
export const lookAtCheck = (
  db: Database,
  keyring: Keyring,
  reviewer: Reviewer,
  id: string,
): Promise<Looked> =>
  db.batch(async (tx) => {
    const row = await lockForReview(tx, id);
    if (row === undefined) return { outcome: 'unknown' };
    const access = await accessTo(tx, reviewer, row);
    const outcome = access.outcome === 'open' ? 'done' : 'refused';
    await note(tx, keyring, reviewer, 'identity_check.read', row, { outcome });
    if (access.outcome !== 'open') return access;
    const [[workspace], documents] = await Promise.all([
      findWorkspaces(tx, keyring, [row.workspace_id]),
      selectDocuments(tx, id),
    ]);
    return {
      outcome: 'shown',
      check: asCheck(row),
      workspaceName: workspace?.name ?? null,
      documents: documents.map(asDocument),
      takenUntil: access.endsAt,
    };
  });

export type Read =
  | { readonly outcome: 'shown'; readonly document: IdentityDocument; readonly octets: Buffer }
  | { readonly outcome: NoAccess };

/** Reads what is in a document, as `lookAtCheck` reads a check. */
export const readDocument = (db: Database, keyring: Keyring, reviewer: Reviewer, id: string): Promise<Read> =>
  db.batch(async (tx) => {
    const document = await selectDocument(tx, id);
    const row = document === undefined ? undefined : await lockForReview(tx, document.check_id);
    if (document === undefined || row === undefined) return { outcome: 'unknown' };
    const access = await accessTo(tx, reviewer, row);
    const outcome = access.outcome === 'open' ? 'done' : 'refused';
    await note(tx, keyring, reviewer, 'identity_document.read', row, { outcome, documentId: id });
    if (access.outcome !== 'open') return access;
    const octets = await openDocument(keyring, row.id, id, await selectChunks(tx, id));
    // Its key was destroyed before a change that then failed.
    if (octets === null) return { outcome: 'unknown' };
    assertInvariant(octets.length === document.octets, 'a document has as many octets as were handed in');
    return { outcome: 'shown', document: asDocument(document), octets };
  });

export type Decision =
  | { readonly state: 'approved' }
  | { readonly state: 'rejected'; readonly reason: IdentityRejection };

export type Decided =
  | { readonly outcome: 'decided'; readonly check: IdentityCheck; readonly workspaceId: string }
  | { readonly outcome: NoAccess };

/**
 * Decides a check within a window, which ends; `identity.decided` says so. Not to be repeated: a decision stands, and
 * what was decided once is shown to nobody any more.
 */
export async function decideCheck(
  tx: Tx,
  keyring: Keyring,
  reviewer: Reviewer,
  id: string,
  decision: Decision,
): Promise<Decided> {
  const row = await lockForReview(tx, id);
  if (row === undefined) return { outcome: 'unknown' };
  const access = await accessTo(tx, reviewer, row);
  if (access.outcome !== 'open') return access;
  const rejection = decision.state === 'rejected' ? decision.reason : null;
  await decideLocked(tx, id, decision.state, rejection, row.now);
  await deleteWindow(tx, id);
  await note(tx, keyring, reviewer, `identity_check.${decision.state}`, row);
  await emit(tx, decided, { identity_check_id: id, workspace_id: row.workspace_id });
  return {
    outcome: 'decided',
    workspaceId: row.workspace_id,
    check: { ...asCheck(row), state: decision.state, rejection, decidedAt: row.now },
  };
}

/** What a refusal of access is answered with. */
export function refusalOf(outcome: NoAccess): AppError {
  switch (outcome) {
    case 'unknown':
      return new AppError('not_found');
    case 'no_person':
      return new AppError('forbidden', { detail: 'Sign in: checks are shown to people and to no key.' });
    case 'own':
      return new AppError('forbidden', { detail: 'Nobody reviews a workspace they belong to.' });
    case 'no_window':
      return new AppError('forbidden', { detail: 'Take the check first: it is shown only to who holds it.' });
    case 'restricted':
      return new AppError('restricted', { detail: 'A restriction of processing is open.' });
  }
}

type Access =
  | { readonly outcome: 'open'; readonly endsAt: Date }
  | { readonly outcome: Exclude<NoAccess, 'unknown'> };

/** Whether this reviewer may see something of it now. */
async function accessTo(tx: Tx, { personId }: Reviewer, row: LockedRow): Promise<Access> {
  const bar = await barOf(tx, personId, row);
  if (bar !== null) return { outcome: bar };
  assertInvariant(personId !== null, 'who reviews a check is a person');
  const endsAt = await findWindow(tx, row.id, personId, row.now);
  return endsAt === undefined || row.state !== 'submitted'
    ? { outcome: 'no_window' }
    : { outcome: 'open', endsAt };
}

/** What keeps somebody from it whatever they hold; a restricted workspace is left alone (GDPR Art. 18). */
async function barOf(
  tx: Tx,
  personId: string | null,
  { workspace_id: workspaceId }: LockedRow,
): Promise<'no_person' | 'own' | 'restricted' | null> {
  if (personId === null) return 'no_person';
  const [own, restricted] = await Promise.all([
    isMember(tx, workspaceId, personId),
    isRestricted(tx, { kind: 'workspace', id: workspaceId }),
  ]);
  if (own) return 'own';
  return restricted ? 'restricted' : null;
}

/** Ids of check and workspace are sealed in the entry, so that the customer's part in it dies with the workspace. */
const note = (
  tx: Tx,
  keyring: Keyring,
  { actor }: Reviewer,
  action: AuditEntry['action'],
  { id, workspace_id: workspaceId }: LockedRow,
  { outcome = 'done', documentId }: { outcome?: 'done' | 'refused'; documentId?: string } = {},
): Promise<void> =>
  record(tx, keyring, {
    action,
    actor,
    outcome,
    object:
      documentId === undefined
        ? { kind: 'identity_check', id }
        : { kind: 'identity_document', id: documentId },
    sealed: { workspaceId, ids: { identity_check: id } },
  });
