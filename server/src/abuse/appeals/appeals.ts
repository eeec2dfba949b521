// Appeals: a person looks at a refusal again, and what they grant holds for some days.
//
//   waiting ──► granted   the reason is lifted, or a tier given, until a moment
//           ──► refused
//
// A decision stands. Whoever was refused may appeal again, as fast as a limit lets them.

import type { ReasonCode } from '@sotto/contract/reasons';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring, Place } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { isRestricted } from '#privacy/processing';
import { TIERS, type Tier } from '../tiers.ts';
import type { Throttle } from '../velocity/throttle.ts';
import {
  type AppealRow,
  insertAppeal,
  type Kept,
  lockAppeal,
  selectAppeal,
  selectGrants,
  updateDecided,
  type WordedRow,
} from './appeal.sql.ts';

export type WordedAppeal = AppealRow & {
  /** Null once its key is destroyed. */
  readonly text: string | null;
};

/** The key of an appeal: of the class of conversations with staff, so that one can be destroyed alone. */
export const appealKey = (keyring: Keyring, appealId: string) =>
  keyring.keyId({ class: 'ticket', ticketId: appealId });

const bodyPlace = (keyring: Keyring, id: string): Place => ({
  column: 'abuse.appeal.body',
  rowId: id,
  ownerId: id,
  keyId: appealKey(keyring, id),
});

/**
 * Asks for another look, in the caller's transaction; undefined while another appeal for the reason waits. The key is
 * durable before this resolves. Not to be repeated: each call is another appeal.
 */
export async function openAppeal(
  tx: Tx,
  keyring: Keyring,
  {
    workspaceId,
    reason,
    text,
  }: { readonly workspaceId: string; readonly reason: ReasonCode; readonly text: string },
): Promise<AppealRow | undefined> {
  const id = newId();
  await keyring.ensure([{ class: 'ticket', ticketId: id }]);
  return insertAppeal(tx, { id, workspaceId, reason, body: keyring.seal(bodyPlace(keyring, id), text) });
}

/** One of a workspace's own, with its text; undefined when it has none of that id. */
export async function findAppeal(
  db: Database,
  keyring: Keyring,
  kept: Kept | null,
  workspaceId: string,
  id: string,
): Promise<WordedAppeal | undefined> {
  const row = await db.tenant(workspaceId, (tx) => selectAppeal(tx, workspaceId, kept, id));
  return row && worded(keyring, row);
}

export type Looked =
  | { readonly outcome: 'shown'; readonly appeal: WordedAppeal }
  | { readonly outcome: 'unknown' | 'decided' | 'restricted' };

/**
 * Shows an appeal that waits to one of the staff, and records that; a refused look is recorded as well. Has a
 * transaction of its own: what was not recorded is not shown.
 */
export const lookAtAppeal = (db: Database, keyring: Keyring, actor: Actor, id: string): Promise<Looked> =>
  db.batch(async (tx) => {
    const row = await lockAppeal(tx, id);
    if (row === undefined) return { outcome: 'unknown' };
    const closed = await whyNot(tx, row);
    await note(tx, keyring, actor, 'appeal.read', row, closed === null ? 'done' : 'refused');
    if (closed !== null) return { outcome: closed };
    return { outcome: 'shown', appeal: await worded(keyring, row) };
  });

export interface Decision {
  /** Null refuses. */
  readonly days: number | null;
  readonly tier: Tier | null;
}

export type Decided =
  | { readonly outcome: 'done'; readonly appeal: AppealRow }
  | { readonly outcome: 'unknown' | 'decided' | 'restricted' };

/**
 * Decides an appeal that waits. Granted, the counters of the workspace are forgotten where speed was the reason. May be
 * repeated: the first decision stands, and `decided` says so.
 */
export async function decideAppeal(
  tx: Tx,
  keyring: Keyring,
  throttle: Pick<Throttle, 'forget'>,
  actor: Actor,
  id: string,
  { days, tier }: Decision,
): Promise<Decided> {
  const row = await lockAppeal(tx, id);
  if (row === undefined) return { outcome: 'unknown' };
  const closed = await whyNot(tx, row);
  if (closed !== null) return { outcome: closed };
  const decided = await updateDecided(tx, id, days, tier);
  if (decided === undefined) return { outcome: 'decided' };
  if (days !== null && row.reason.endsWith('_too_often'))
    await throttle.forget(tx, 'workspace', row.workspace_id);
  await note(tx, keyring, actor, days === null ? 'appeal.refused' : 'appeal.granted', row);
  return { outcome: 'done', appeal: decided };
}

/** What people have granted a workspace and has not ended, as facts for `verdict`. */
export interface Grants {
  /** The highest tier given. */
  readonly reviewedTier: Tier | null;
  /** Reasons that refuse it no more. */
  readonly exceptions: ReadonlySet<ReasonCode>;
}

/** What holds now, by the database's clock. Reads only. */
export async function grantsOf(tx: Tx, workspaceId: string): Promise<Grants> {
  const rows = await selectGrants(tx, workspaceId);
  const tiers = rows.flatMap(({ tier }) => (tier === null ? [] : [TIERS.indexOf(tier as Tier)]));
  return {
    reviewedTier: tiers.length === 0 ? null : TIERS[Math.max(...tiers)]!,
    exceptions: new Set(rows.flatMap(({ reason, tier }) => (tier === null ? [reason as ReasonCode] : []))),
  };
}

/** Why staff may not look at it now; a restricted workspace is left alone (GDPR Art. 18). */
async function whyNot(tx: Tx, row: AppealRow): Promise<'decided' | 'restricted' | null> {
  if (row.state !== 'waiting') return 'decided';
  return (await isRestricted(tx, { kind: 'workspace', id: row.workspace_id })) ? 'restricted' : null;
}

async function worded(keyring: Keyring, { body, ...row }: WordedRow): Promise<WordedAppeal> {
  const place = bodyPlace(keyring, row.id);
  await keyring.load([place.keyId]);
  const opened = keyring.open(place, body);
  return { ...row, text: opened.state === 'open' ? opened.plaintext.toString() : null };
}

const note = (
  tx: Tx,
  keyring: Keyring,
  actor: Actor,
  action: 'appeal.read' | 'appeal.granted' | 'appeal.refused',
  { id, workspace_id: workspaceId }: AppealRow,
  outcome: 'done' | 'refused' = 'done',
): Promise<void> =>
  record(tx, keyring, {
    action,
    actor,
    outcome,
    object: { kind: 'appeal', id },
    sealed: { workspaceId, ids: { appeal: id } },
  });
