// Workspaces: who has a balance, keys, numbers and messages. Opening one opens its wallet in the same transaction,
// so that no workspace is without books.
import { pageLimitMax } from '@sotto/contract/paging';
import { openWallet } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring, Place } from '#privacy';
import { type Actor, record, SYSTEM } from '#privacy/audit';
import {
  insertWorkspace,
  selectWorkspacePage,
  selectWorkspaces,
  setOrganisation,
  updateClosed,
  updateName,
  type WorkspaceRow,
} from './workspace.sql.ts';

export interface Workspace {
  readonly id: string;
  readonly kind: 'personal' | 'organisation';
  /** Null once its identity key is destroyed. */
  readonly name: string | null;
  /** ISO 4217. Never changes. */
  readonly currency: string;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
}

export interface NewWorkspace {
  readonly kind: 'personal' | 'organisation';
  /** Null where nobody names it, or the policy holds no names. */
  readonly name: string | null;
  readonly currency: string;
  /** A fixed id, for a workspace that must not be made twice; a new one otherwise. */
  readonly id?: string;
}

/** Items of one page at most, and one that tells whether another follows. */
const PAGE_MAX = pageLimitMax + 1;

/**
 * Makes a workspace with an empty wallet and no keys, in the caller's transaction. The name is sealed under its
 * identity key, which is durable before this resolves. Not to be repeated without a fixed id: each call makes another.
 * `actor` is who does it, for the audit trail.
 */
export async function createWorkspace(
  tx: Tx,
  keyring: Keyring,
  wanted: NewWorkspace,
  actor: Actor = SYSTEM,
): Promise<Workspace> {
  const id = wanted.id ?? newId();
  await keyring.ensure([{ class: 'identity', subjectId: id }]);
  const row = await insertWorkspace(tx, {
    id,
    kind: wanted.kind,
    name: wanted.name === null ? null : keyring.seal(namePlace(keyring, id), wanted.name),
    currency: wanted.currency,
  });
  const { outcome } = await openWallet(tx, id, wanted.currency);
  assertInvariant(outcome === 'opened', 'a new workspace has no wallet yet');
  await record(tx, keyring, { action: 'workspace.created', actor, object: { kind: 'workspace', id } });
  return withName(keyring, row);
}

/** Workspaces by id, in any order; unknown ids are left out. At most one page of them. */
export async function findWorkspaces(tx: Tx, keyring: Keyring, ids: readonly string[]): Promise<Workspace[]> {
  if (ids.length === 0) return [];
  if (ids.length > PAGE_MAX) throw new RangeError(`at most ${PAGE_MAX} workspaces at once`);
  return withNames(keyring, await selectWorkspaces(tx, ids));
}

/** Whether a workspace exists and has not ended. Needs no key: for decisions, not for showing. */
export const isWorkspaceOpen = async (tx: Tx, workspaceId: string): Promise<boolean> =>
  (await selectWorkspaces(tx, [workspaceId])).some((row) => row.closed_at === null);

/** All workspaces, newest first, those with an id below `before`. For administrators. */
export async function listWorkspaces(
  tx: Tx,
  keyring: Keyring,
  page: { readonly before: string | null; readonly limit: number },
): Promise<Workspace[]> {
  return withNames(keyring, await selectWorkspacePage(tx, page.before, Math.min(page.limit, PAGE_MAX)));
}

/**
 * Ends a workspace: within the time of the authenticator's cache none of its keys works. Its books and rows stay.
 * False when it is unknown or has ended before, so it may be repeated.
 */
export const closeWorkspace = (tx: Tx, workspaceId: string): Promise<boolean> =>
  updateClosed(tx, workspaceId);

/**
 * Names a workspace: an organisation as it calls itself, a personal one as its person calls it. The caller has asked
 * whether the policy holds that. May be repeated.
 */
export async function nameWorkspace(
  tx: Tx,
  keyring: Keyring,
  { id, kind }: Pick<Workspace, 'id' | 'kind'>,
  name: string,
): Promise<void> {
  await keyring.ensure([{ class: 'identity', subjectId: id }]);
  if (kind === 'personal') {
    await updateName(tx, id, keyring.seal(namePlace(keyring, id), name));
    return;
  }
  await setOrganisation(tx, id, keyring.seal(namePlace(keyring, id, 'accounts.organisation.name'), name));
  // One name is enough: what the operator called it goes.
  await updateName(tx, id, null);
}

function namePlace(
  keyring: Keyring,
  workspaceId: string,
  column: 'accounts.workspace.name' | 'accounts.organisation.name' = 'accounts.workspace.name',
): Place {
  return {
    column,
    rowId: workspaceId,
    ownerId: workspaceId,
    keyId: keyring.keyId({ class: 'identity', subjectId: workspaceId }),
  };
}

async function withNames(keyring: Keyring, rows: readonly WorkspaceRow[]): Promise<Workspace[]> {
  await keyring.load(rows.map((row) => namePlace(keyring, row.id).keyId));
  return rows.map((row) => withName(keyring, row));
}

function withName(keyring: Keyring, row: WorkspaceRow): Workspace {
  const name =
    row.organisation !== null
      ? keyring.open(namePlace(keyring, row.id, 'accounts.organisation.name'), row.organisation)
      : row.name === null
        ? null
        : keyring.open(namePlace(keyring, row.id), row.name);
  return {
    id: row.id,
    kind: row.kind as Workspace['kind'],
    name: name?.state === 'open' ? name.plaintext.toString() : null,
    currency: row.currency,
    createdAt: row.created_at,
    closedAt: row.closed_at,
  };
}
