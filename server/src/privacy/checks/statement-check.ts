// What a raw statement returns against what its purpose may see. RowDescription names the table and column each
// result column comes from, through joins, aliases and CTEs; an expression has no origin, so it is reported for a
// person to look at and cannot be judged here.

import { PURPOSES } from '@sotto/policy/vocabulary/purposes';
import type { CompleteMap } from '../map/complete-map.ts';
import type { Purpose } from '../map/purposes.ts';
import type { Tag } from '../map/tags.ts';
import type { LiveColumn } from './live-catalog.sql.ts';

/** A result column as RowDescription has it; `tableID` 0 is an expression. */
export interface ResultField {
  readonly name: string;
  readonly tableID: number;
  readonly columnID: number;
}

/** Origins by `tableID.columnID`; made once for many statements. */
export type Origins = ReadonlyMap<string, string>;

export const originsOf = (live: readonly LiveColumn[]): Origins =>
  new Map(
    live.map(({ tableId, columnId, table, column }) => [`${tableId}.${columnId}`, `${table}.${column}`]),
  );

export interface StatementFinding {
  /** Sentences about columns the purpose may not see. */
  readonly faults: readonly string[];
  /** Names of result columns without an origin. */
  readonly expressions: readonly string[];
}

/** Whether a column may be read for a purpose. What is about nobody may be read for all of them. */
export function mayRead(tag: Tag, purpose: Purpose): boolean {
  if (tag.protection === 'none') return true;
  if (tag.protection === 'json') return Object.values(tag.leaves).every((leaf) => mayRead(leaf, purpose));
  return tag.purposes.includes(purpose);
}

/** Checks the result columns of one statement. `purpose` is what the statement declares, as text. */
export function checkStatementColumns(
  fields: readonly ResultField[],
  map: CompleteMap,
  purpose: string,
  origins: Origins,
): StatementFinding {
  if (!Object.hasOwn(PURPOSES, purpose)) return { faults: [`"${purpose}" is no purpose`], expressions: [] };
  const faults: string[] = [];
  const expressions: string[] = [];
  for (const { name, tableID, columnID } of fields) {
    if (tableID === 0) {
      expressions.push(name);
      continue;
    }
    const origin = origins.get(`${tableID}.${columnID}`);
    const tag = origin === undefined ? undefined : map.columns.get(origin);
    if (origin === undefined) faults.push(`${name} comes from a table outside the catalog of the product`);
    else if (!tag) faults.push(`${name} is ${origin}, which no steward tags`);
    else if (!mayRead(tag, purpose as Purpose))
      faults.push(`${name} is ${origin}, which is not for ${purpose}`);
  }
  return { faults, expressions };
}
