// The end of what became of messages. A day whose every message is past goes as a partition; the one day in which the
// limit stands goes row by row as its messages come of age, so that none is kept longer and none shorter than promised
// (docs/decisions/0019-records-end-to-the-second.md).
import { idFloor, idTimeMs } from '#platform/ids';
import { utcDay } from '#privacy';
import { type Due, type ExpiryHandler, noteKeyDays, rowsExpired } from '#privacy/retention';
import {
  deleteRecords,
  dropDays,
  dropLateBelow,
  expireParked,
  expireQueue,
  findOldestThatStays,
  lockExpired,
  parkedReceiptStanding,
  queueStanding,
  recordStanding,
} from './record-expiry.sql.ts';

/** An id is made before its message is accepted, by a clock that follows the database's: they differ by less. */
const ID_LEAD_MS = 60_000;
const DAY_MS = 86_400_000;
const LOWEST = '00000000-0000-0000-0000-000000000000';

export const recordExpiry: ExpiryHandler = {
  key: 'message_record',
  table: 'messages.message',
  takesAlong: ['messages.part', 'messages.content_late'],
  columns: 'row',
  counts: ['created'],
  async expire(tx, due) {
    const partitions = await dropWholeDays(tx, due);
    if (partitions > 0) return { rows: 0, partitions, more: true };
    const after = due.progress.after ?? LOWEST;
    const rows = await lockExpired(tx, after, ceilingOf(due), due.before, due.held, due.limit);
    if (rows.length > 0) {
      await deleteRecords(
        tx,
        rows.map((row) => row.id),
      );
      await noteKeyDays(
        tx,
        rows.map((row) => ({
          keyClass: 'content_outbound',
          workspaceId: row.workspace_id,
          day: utcDay(idTimeMs(row.id)),
        })),
      );
    }
    due.progress.after = rows.at(-1)?.id ?? after;
    return rowsExpired(rows.length, due.limit);
  },
  standing: (tx, due) => recordStanding(tx, ceilingOf(due), due.before, due.held, due.limit),
};

/** Ids of everything accepted at or before the cutoff are below it. */
const ceilingOf = ({ before }: Due): string => idFloor(before.getTime() + ID_LEAD_MS);

/**
 * Drops the days all of whose messages are past, up to the first that has one under a hold or in the queue: those of the
 * parts, and in another transaction those of the messages. Returns how many; none when there is nothing left to drop.
 */
async function dropWholeDays(tx: Parameters<ExpiryHandler['expire']>[0], due: Due): Promise<number> {
  const pastMs = due.before.getTime() - ID_LEAD_MS;
  const stays = await findOldestThatStays(tx, due.held, idFloor(pastMs));
  const untilMs = Math.min(pastMs, stays === null ? pastMs : idTimeMs(stays));
  const midnight = new Date(Math.floor(untilMs / DAY_MS) * DAY_MS);
  const parts = await dropDays(tx, 'messages.part', midnight);
  if (parts > 0) return parts;
  const dropped = await dropDays(tx, 'messages.message', midnight);
  if (dropped > 0) await dropLateBelow(tx, idFloor(midnight.getTime()));
  return dropped;
}

/** Nothing waits that long: validity is bounded at acceptance. What does all the same was lost by its sender. */
export const queueExpiry: ExpiryHandler = {
  key: 'message_record',
  table: 'messages.queue',
  columns: 'row',
  counts: ['created'],
  async expire(tx, due) {
    return rowsExpired(await expireQueue(tx, ceilingOf(due), due.before, due.limit), due.limit);
  },
  async standing(tx, due) {
    return { ...(await queueStanding(tx, ceilingOf(due), due.before, due.limit)), held: 0 };
  },
};

/** Receipts that found no part are dropped after a week anyway; a shorter promise ends them sooner. */
export const parkedReceiptExpiry: ExpiryHandler = {
  key: 'message_record',
  table: 'messages.parked_receipt',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireParked(tx, before, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await parkedReceiptStanding(tx, before, limit)), held: 0 };
  },
};
