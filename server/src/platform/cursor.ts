// Cursors of lists: opaque to callers, the id of the last row shown to us. A position is a UUID and nothing else, so
// that what a caller invents is refused here and never meets a statement.
import { AppError } from './errors.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** 16 octets in base64url without padding. */
const CURSOR = /^[A-Za-z0-9_-]{22}$/;

/** The cursor for a position: the id (canonical text of a UUID) below which the next page goes on. */
export function encodeCursor(position: string): string {
  if (!UUID.test(position)) throw new RangeError('a position is the id of a row');
  return Buffer.from(position.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The position in a cursor. Throws `invalid_cursor` for text that `encodeCursor` never wrote. */
export function decodeCursor(cursor: string): string {
  const octets = CURSOR.test(cursor) ? Buffer.from(cursor, 'base64url') : null;
  // The last character holds two bits too many: of its four spellings only the one we write counts.
  if (octets === null || octets.toString('base64url') !== cursor) {
    throw new AppError('invalid_cursor', { field: 'cursor' });
  }
  const hex = octets.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Where a list goes on: the position of its cursor, or null for the beginning. */
export const positionOf = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : decodeCursor(cursor);

/**
 * One page of a list whose query was asked for one row more than `limit`, so that the last page says it is the last.
 * `idOf` gives the id of the row an item was made from.
 */
export function pageAnswer<Row, Item>(
  rows: readonly Row[],
  limit: number,
  idOf: (row: Row) => string,
  present: (row: Row) => Item,
): { data: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(present),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(idOf(last)) : null,
  };
}
