// Is everything that the data map says is kept also ended? Compared as data: columns and their retention keys on one
// side, handlers and the rules of the policy on the other.
import type { CompleteMap } from '../map/complete-map.ts';
import type { Tag } from '../map/tags.ts';
import type { ExpiryHandler } from './handler.ts';
import type { RetentionLimits } from './limit.ts';
import type { IsoDuration, RetentionKey } from './rule.ts';

/** A column of the data map under one key; a closed document has one for each key of its leaves. */
interface Kept {
  readonly table: string;
  readonly column: string;
  readonly key: RetentionKey;
}

export interface RetentionGap extends Kept {
  /** What is missing, in words that follow the column's name. */
  readonly lacks: string;
}

/** Columns that hold something about somebody, each with the key that says how long. */
function kept(map: Pick<CompleteMap, 'tables'>): readonly Kept[] {
  return [...map.tables].flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([column, tag]) => keysOf(tag).map((key) => ({ table, column, key }))),
  );
}

function keysOf(tag: Tag): readonly RetentionKey[] {
  if (tag.protection === 'none') return [];
  if (tag.protection !== 'json') return [tag.retention];
  return [...new Set(Object.values(tag.leaves).flatMap(keysOf))];
}

const covers = (handler: ExpiryHandler, { table, column, key }: Kept): boolean =>
  handler.key === key &&
  (handler.table === table
    ? handler.columns === 'row' || handler.columns.includes(column)
    : (handler.takesAlong ?? []).includes(table));

/** Every column that nothing ends, with what is missing. Empty when all is bounded. */
export function retentionGaps(
  map: Pick<CompleteMap, 'tables'>,
  handlers: readonly ExpiryHandler[],
  limits: RetentionLimits,
): readonly RetentionGap[] {
  return kept(map).flatMap((one): readonly RetentionGap[] => {
    const limit = limits.get(one.key);
    if (!limit) return [{ ...one, lacks: `stands under "${one.key}", for which the policy has no rule` }];
    const own = handlers.filter((handler) => covers(handler, one));
    if (own.length === 0)
      return [{ ...one, lacks: `stands under "${one.key}", and nothing ends it when its time is over` }];
    const events = limit.until === null ? [limit.from] : [limit.from, limit.until];
    const unknown = events.find((event) => own.every((handler) => !handler.counts.includes(event)));
    return unknown === undefined
      ? []
      : [
          {
            ...one,
            lacks: `stands under "${one.key}", whose rule names "${unknown}", which no row of it knows`,
          },
        ];
  });
}

/**
 * What is bounded by what, for the gate that compares the policy with the installation: a key is there only when every
 * column under it has a handler that can keep the policy's rule. Nothing is there by intention.
 */
export function retentionFacts(
  map: Pick<CompleteMap, 'tables'>,
  handlers: readonly ExpiryHandler[],
  limits: RetentionLimits,
): Readonly<Partial<Record<RetentionKey, IsoDuration>>> {
  const open = new Set(retentionGaps(map, handlers, limits).map(({ key }) => key));
  const used = new Set(kept(map).map(({ key }) => key));
  const facts: Partial<Record<RetentionKey, IsoDuration>> = {};
  for (const { key, duration } of limits.values()) {
    if (used.has(key) && !open.has(key)) facts[key] = duration;
  }
  return facts;
}
