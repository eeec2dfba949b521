// The end of texts that arrived and of what says who had which number.
import type { Tx } from '#platform/database';
import { idFloor, idTimeMs } from '#platform/ids';
import { utcDay } from '#privacy';
import { type Due, type ExpiryHandler, type KeyDayUser, noteKeyDays, rowsExpired } from '#privacy/retention';
import {
  assignmentsStanding,
  dropInboundDays,
  type ExpiredRow,
  expireAssignments,
  expireInbound,
  expireSets,
  findDaysInUse,
  findOldestHeld,
  inboundStanding,
  setsStanding,
} from './expiry.sql.ts';

/** An id is made before its text is stored, by a clock that follows the database's: they differ by less. */
const ID_LEAD_MS = 60_000;
const DAY_MS = 86_400_000;
const LOWEST = '00000000-0000-0000-0000-000000000000';

/** Texts, with who wrote them: a day's rows go as they come of age, and its partition when all of it has. */
const inboundExpiry: ExpiryHandler = {
  key: 'inbound_content',
  table: 'numbers.inbound',
  columns: 'row',
  counts: ['created', 'delivered'],
  async expire(tx, due) {
    const ceiling = idFloor(due.before.getTime() + ID_LEAD_MS);
    const after = due.progress.after ?? LOWEST;
    const rows = await expireInbound(tx, after, ceiling, due.before, due.held, due.limit);
    due.progress.after = youngest(rows) ?? after;
    await noteInboundDays(tx, rows);
    if (rows.length > 0) return { rows: rows.length, partitions: 0, more: true };
    // A partition is dropped when it is empty: then every day of its keys is noted, and no hold is passed over.
    return { rows: 0, partitions: await dropEmptyDays(tx, due), more: false };
  },
  standing: (tx, { before, held, limit }) => inboundStanding(tx, before, held, limit),
};

/** The highest id, which is the last in the order of deletion. */
const youngest = (rows: readonly ExpiredRow[]): string | undefined =>
  rows
    .map(({ id }) => id)
    .sort()
    .at(-1);

async function dropEmptyDays(tx: Tx, due: Due): Promise<number> {
  const pastMs = due.before.getTime() - ID_LEAD_MS;
  const stays = await findOldestHeld(tx, due.held, idFloor(pastMs));
  return dropInboundDays(tx, new Date(stays === null ? pastMs : Math.min(pastMs, idTimeMs(stays))));
}

/** Notes the days of sealed rows that went, so that their keys follow. */
export const noteInboundDays = (tx: Tx, rows: readonly ExpiredRow[]) =>
  noteKeyDays(
    tx,
    rows.map((row) => ({
      keyClass: 'content_inbound',
      workspaceId: row.workspace_id,
      day: utcDay(idTimeMs(row.id)),
    })),
  );

/** Long texts that are not whole yet, and closed sets that are remembered for repeats; parts go with their set. */
const inboundSetExpiry: ExpiryHandler = {
  key: 'inbound_content',
  table: 'numbers.inbound_set',
  takesAlong: ['numbers.inbound_part'],
  columns: 'row',
  counts: ['created', 'delivered'],
  async expire(tx, { before, held, limit }) {
    const rows = await expireSets(tx, before, held, limit);
    await noteInboundDays(tx, rows);
    return rowsExpired(rows.length, limit);
  },
  standing: (tx, { before, held, limit }) => setsStanding(tx, before, held, limit),
};

/** Who had a number. What is not taken back is not released, and stays. */
const assignmentExpiry: ExpiryHandler = {
  key: 'lease',
  table: 'numbers.assignment',
  takesAlong: ['numbers.assignment_home'],
  columns: 'row',
  counts: ['lease_released', 'order_closed'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireAssignments(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => assignmentsStanding(tx, before, held, limit),
};

export const numbersExpiry = [inboundExpiry, inboundSetExpiry, assignmentExpiry] as const;

/** Which content days of inbound texts still have a sealed row. */
export const inboundKeyDays: KeyDayUser = {
  keyClass: 'content_inbound',
  inUse: (tx, days) =>
    findDaysInUse(
      tx,
      days.map(({ workspaceId, day }) => {
        const firstMs = Date.parse(day);
        return { workspaceId, first: idFloor(firstMs), after: idFloor(firstMs + DAY_MS) };
      }),
    ),
};
