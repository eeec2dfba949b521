// The port by which contexts end what they keep. A handler ends one table's columns under one key, a bounded batch a
// call, oldest first. Privacy decides when and how much; the context knows its rows.
import type { Tx } from '#platform/database';
import type { RetentionEvent, RetentionKey } from './rule.ts';

/** What is due, decided once for a batch from the database's time. */
export interface Due {
  /** The database's time. */
  readonly now: Date;
  /** What began then or before is past: the limit counted back from `now`. */
  readonly before: Date;
  /** The event the limit counts from; one of the handler's `counts`. */
  readonly from: RetentionEvent;
  /** The event that ends it whatever the limit says; null when only time does. */
  readonly until: RetentionEvent | null;
  /** The most rows of this batch. */
  readonly limit: number;
  /** Workspaces under a legal hold: nothing of theirs is disposed of. */
  readonly held: readonly string[];
  /**
   * Where this run of the engine got to in the handler's order; the handler's own to set. What was deleted stands dead in
   * the index until it is vacuumed, and the next batch need not walk over it again. A new run begins anew.
   */
  readonly progress: { after: string | null };
  /** Told, in the transaction, of what is gone for good and no key's destruction covers; for replay after a restore. */
  readonly onErased: OnErased;
}

export type OnErased = (tx: Tx, kind: string, ids: readonly string[]) => Promise<void>;

export interface Expired {
  /** Rows ended. Those of a partition dropped whole are not counted. */
  readonly rows: number;
  readonly partitions: number;
  /** More may be due: call again, in another transaction. */
  readonly more: boolean;
}

/** How one table stands, for the report. Ages count from the event that starts the limit. */
export interface Standing {
  /** When the oldest row that still lives under the key began; null when there is none. */
  readonly oldest: Date | null;
  /** Rows past their limit that are still there, at most `OVERDUE_COUNTED_MAX`; those under a hold are apart. */
  readonly overdue: number;
  readonly held: number;
}

/** A report counts no further: whoever has so many does not need the exact number. */
export const OVERDUE_COUNTED_MAX = 10_000;

export interface ExpiryHandler {
  readonly key: RetentionKey;
  /** `schema.table` */
  readonly table: string;
  /** Tables whose rows end with these, in the same transaction. */
  readonly takesAlong?: readonly string[];
  /** The columns it ends; `row` when the row goes, and with it every column under the key. */
  readonly columns: 'row' | readonly string[];
  /** The events its rows know the time of; a rule that counts from another one cannot be kept. */
  readonly counts: readonly RetentionEvent[];
  /**
   * Ends a batch, oldest first, in the caller's transaction. May be repeated, and by several processes at once; what
   * another transaction has locked is left to the next call.
   */
  expire(tx: Tx, due: Due): Promise<Expired>;
  standing(tx: Tx, due: Due): Promise<Standing>;
}

/** The answer of a handler that ends row by row. */
export const rowsExpired = (rows: number, limit: number): Expired => ({
  rows,
  partitions: 0,
  more: rows >= limit,
});
