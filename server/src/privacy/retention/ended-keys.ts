// Content keys at the end of their life. A key belongs to a workspace and a day, and dies when nothing sealed under it
// is left: then copies of the rows in backups and in the log of the database die too. Who ends sealed rows notes their
// days here; every context that seals under the class says whether it still has something.
import type { Database, Tx } from '#platform/database';
import type { KeyId, UtcDay } from '../keys/key-ref.ts';
import { ENSURE_MAX, type Keyring } from '../keys/keyring.ts';
import { type EndedKeyRow, findEnded, forgetEnded, noteEnded } from './ended-keys.sql.ts';
import { keysDestroyed } from './metrics.ts';

export type ContentClass = 'content_outbound' | 'content_inbound';

export interface EndedKeyDay {
  readonly keyClass: ContentClass;
  readonly workspaceId: string;
  readonly day: UtcDay;
}

/** A context that seals under a content key. */
export interface KeyDayUser {
  readonly keyClass: ContentClass;
  /** Which of these days still have something sealed, by their place in the list. Days are over for an hour or more. */
  inUse(tx: Tx, days: readonly EndedKeyDay[]): Promise<ReadonlySet<number>>;
}

/** Remembers that sealed rows of these days have begun to end. In the transaction that ends them; may be repeated. */
export async function noteKeyDays(tx: Tx, days: readonly EndedKeyDay[]): Promise<void> {
  const distinct = new Map(days.map((one) => [`${one.keyClass} ${one.workspaceId} ${one.day}`, one]));
  if (distinct.size === 0) return;
  await noteEnded(tx, [...distinct.values()].map(asRow));
}

const asRow = ({ keyClass, workspaceId, day }: EndedKeyDay): EndedKeyRow => ({
  key_class: keyClass,
  workspace_id: workspaceId,
  day,
});
const asDay = (row: EndedKeyRow): EndedKeyDay => ({
  keyClass: row.key_class as ContentClass,
  workspaceId: row.workspace_id,
  day: row.day as UtcDay,
});

const PAGE = Math.min(500, ENSURE_MAX);
const BEFORE_ALL: EndedKeyRow = {
  day: '0001-01-01',
  workspace_id: '00000000-0000-0000-0000-000000000000',
  key_class: '',
};

export interface KeyDaysOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly users: readonly KeyDayUser[];
  readonly held: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Destroys the keys of noted days under which nothing is left; returns how many. The key dies first and is forgotten
 * here afterwards, so that a process killed in between does it again. Workspaces under a hold keep theirs.
 */
export async function destroyEndedKeys(options: KeyDaysOptions): Promise<number> {
  const { db, keyring, users, held, signal } = options;
  let destroyed = 0;
  let after: EndedKeyRow | undefined = BEFORE_ALL;
  while (after !== undefined && !signal.aborted) {
    const place: EndedKeyRow = after;
    const { rows, ended } = await db.batch(async (tx) => {
      const page = await findEnded(tx, place, held, PAGE);
      return { rows: page, ended: await unused(tx, users, page.map(asDay)) };
    });
    if (ended.length > 0) {
      await keyring.destroy(ended.map((one) => keyIdOf(keyring, one)));
      await db.batch((tx) => forgetEnded(tx, ended.map(asRow)));
      destroyed += ended.length;
    }
    after = rows.length < PAGE ? undefined : rows.at(-1);
  }
  keysDestroyed.add(destroyed);
  return destroyed;
}

async function unused(
  tx: Tx,
  users: readonly KeyDayUser[],
  days: readonly EndedKeyDay[],
): Promise<EndedKeyDay[]> {
  const busy = new Set<EndedKeyDay>();
  for (const user of users) {
    const own = days.filter((one) => one.keyClass === user.keyClass && !busy.has(one));
    if (own.length === 0) continue;
    for (const at of await user.inUse(tx, own)) busy.add(own[at]!);
  }
  return days.filter((one) => !busy.has(one));
}

const keyIdOf = (keyring: Keyring, { keyClass, workspaceId, day }: EndedKeyDay): KeyId =>
  keyring.keyId({ class: keyClass, workspaceId, day });
