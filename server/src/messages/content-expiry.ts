// The end of what messages say and to whom. Row by row, for a message's own life decides when its limit begins; the
// key of the day follows when nothing of the day is left (`#privacy/retention`).

import type { Tx } from '#platform/database';
import { idFloor, idTimeMs } from '#platform/ids';
import { utcDay } from '#privacy';
import {
  type Due,
  type ExpiryHandler,
  type KeyDayUser,
  noteKeyDays,
  rowsExpired,
  type Standing,
} from '#privacy/retention';
import {
  clearLate,
  dropLate,
  expireContents,
  expireDestinations,
  findDaysInUse,
  freeHeld,
  idBehind,
  keepLate,
  type LateRow,
  type LifeRow,
  lateStanding,
  lockLate,
  lockMark,
  moveMark,
  parkedStanding,
  readBehindMark,
  readLives,
  readMark,
  readStride,
} from './content-expiry.sql.ts';
import { contentBeganAt, type LifeFacts } from './keeping.ts';

const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Acceptance makes ids before it commits; ids this young may still appear behind the mark. */
const COMMIT_MS_MAX = 120_000;
const DAY_MS = 86_400_000;

export const contentExpiry: ExpiryHandler = {
  key: 'message_content',
  table: 'messages.message',
  columns: ['recipient', 'recipient_index', 'body', 'annotations'],
  counts: ['created', 'delivered'],
  async expire(tx, due) {
    const mark = await lockMark(tx);
    if (mark === undefined) return { rows: 0, partitions: 0, more: false };
    const from = await markFor(tx, mark.below, mark.counted_from, due.from);
    await freeHeld(tx, due.held, due.limit);
    const late = await lockLate(tx, due.before, due.limit);
    const lateErased = late.length === 0 ? 0 : await endLate(tx, late, due);
    const window = await windowFrom(tx, from, due);
    const lives = await readStride(tx, from, window.below, window.strides, window.stride);
    const erased = await endLives(tx, lives, due);
    const isLast = window.stride === window.strides - 1;
    due.progress.after = isLast ? null : afterOf(from, window);
    const to = isLast ? window.below : from;
    if (to > mark.below || mark.counted_from !== due.from) await moveMark(tx, to, due.from);
    return {
      rows: lateErased + erased,
      partitions: 0,
      more: late.length === due.limit || !isLast || window.below !== boundOf(due),
    };
  },
  async standing(tx, due) {
    const [mark, late] = await Promise.all([readMark(tx), lateStanding(tx, due.before, due.limit)]);
    const [behind, next] = await Promise.all([
      readBehindMark(tx, mark.below, boundOf(due), due.limit),
      readBehindMark(tx, mark.below, HIGHEST, 1),
    ]);
    const standing = contentStanding(behind, late, due);
    return { ...standing, oldest: standing.oldest ?? next[0]?.created_at ?? null };
  },
};

function contentStanding(
  behind: readonly LifeRow[],
  late: { readonly oldest_late: Date | null; readonly overdue: number; readonly held: number },
  due: Due,
): Standing {
  const began = behind.flatMap((row) => {
    const at = row.kept ? contentBeganAt(due.from, factsOf(row), due.now) : null;
    return at === null ? [] : [at];
  });
  const oldest = [...began, ...(late.oldest_late === null ? [] : [late.oldest_late])];
  return {
    oldest: oldest.length === 0 ? null : new Date(Math.min(...oldest.map((at) => at.getTime()))),
    overdue: began.filter((at) => at <= due.before).length + late.overdue,
    held: late.held,
  };
}

/** Where the sweep goes on. A policy that counts from another event has everything looked at again. */
async function markFor(tx: Tx, below: string, countedFrom: string, from: string): Promise<string> {
  if (countedFrom === from) return below;
  await clearLate(tx);
  return LOWEST;
}

/** Ids that are gone through together, in so many strides, one a transaction. */
interface Window {
  readonly below: string;
  readonly strides: number;
  readonly stride: number;
}

/**
 * Neighbours in time are neighbours in the indexes. Erased in one transaction they would want room for a whole second
 * entry each before the first may go, and every page would be split in two. Every sixteenth finds room on its page, and
 * the entries of the stride before make room for the next.
 */
const STRIDES = 16;

/** The window this run is in, or the next one: as many messages as its strides take. */
async function windowFrom(tx: Tx, from: string, due: Due): Promise<Window> {
  const [begin, below, strides, stride] = due.progress.after?.split(' ') ?? [];
  if (begin === from) return { below: below!, strides: Number(strides), stride: Number(stride) + 1 };
  const bound = boundOf(due);
  if ((await idBehind(tx, from, bound, due.limit)) === undefined)
    return { below: bound, strides: 1, stride: 0 };
  const end = await idBehind(tx, from, bound, due.limit * STRIDES);
  return { below: end ?? bound, strides: STRIDES, stride: 0 };
}

/** Where this run is, for the next batch. Another run goes through the window again, which changes nothing. */
const afterOf = (from: string, { below, strides, stride }: Window) => `${from} ${below} ${strides} ${stride}`;

/** Ids below it are old enough to be past, and everything that will ever be below it is committed. */
const boundOf = ({ now, before }: Due): string =>
  idFloor(Math.min(before.getTime() + 1, now.getTime() - COMMIT_MS_MAX));

async function endLate(tx: Tx, ids: readonly string[], due: Due): Promise<number> {
  const lives = await readLives(tx, ids);
  const found = new Set(lives.map((row) => row.id));
  const gone = ids.filter((id) => !found.has(id));
  if (gone.length > 0) await dropLate(tx, gone);
  return endLives(tx, lives, due);
}

/** Erases what is past, keeps the rest as late, and notes the days whose key may follow. Returns how many went. */
async function endLives(tx: Tx, lives: readonly LifeRow[], due: Due): Promise<number> {
  if (lives.length === 0) return 0;
  const held = new Set(due.held);
  const past: LifeRow[] = [];
  const done: string[] = [];
  const late: LateRow[] = [];
  for (const row of lives) {
    if (!row.kept) done.push(row.id);
    else {
      const began = contentBeganAt(due.from, factsOf(row), due.now);
      const isPast = began !== null && began <= due.before;
      if (isPast && !held.has(row.workspace_id)) past.push(row);
      // A life that goes on ends now at the earliest: it need not be looked at before a whole limit from now.
      else late.push(lateOf(row, began ?? due.now, isPast));
    }
  }
  const erased =
    past.length === 0
      ? []
      : await expireContents(
          tx,
          past.map((row) => row.id),
        );
  const left = new Set(erased);
  for (const row of past) if (!left.has(row.id)) late.push(lateOf(row, due.now, false));
  done.push(...erased);
  if (late.length > 0) await keepLate(tx, late);
  if (done.length > 0) await dropLate(tx, done);
  await noteKeyDays(
    tx,
    lives.map((row) => ({
      keyClass: 'content_outbound',
      workspaceId: row.workspace_id,
      day: utcDay(idTimeMs(row.id)),
    })),
  );
  return erased.length;
}

const lateOf = (row: LifeRow, endedAt: Date, held: boolean): LateRow => ({
  messageId: row.id,
  workspaceId: row.workspace_id,
  endedAt,
  held,
});

const factsOf = (row: LifeRow): LifeFacts => ({
  createdAt: row.created_at,
  validUntil: row.valid_until,
  closedAt: row.closed_at,
  segments: row.segments,
  queued: row.queued,
  parts: row.parts,
  finished: row.finished,
  lastFinishedAt: row.last_finished_at,
});

/** Numbers in receipts that wait for their part; the operator's key seals them, so they go row by row alone. */
export const parkedDestinationExpiry: ExpiryHandler = {
  key: 'message_content',
  table: 'messages.parked_receipt',
  columns: ['destination'],
  counts: ['created', 'delivered'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireDestinations(tx, before, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await parkedStanding(tx, before, limit)), held: 0 };
  },
};

/** Which content days of outbound messages still have a sealed row. */
export const messageKeyDays: KeyDayUser = {
  keyClass: 'content_outbound',
  inUse: (tx, days) =>
    findDaysInUse(
      tx,
      days.map(({ workspaceId, day }) => {
        const firstMs = Date.parse(day);
        return { workspaceId, first: idFloor(firstMs), after: idFloor(firstMs + DAY_MS) };
      }),
    ),
};
