// The whole database: one steward for every schema that has tables. The compiler finds the schema nobody
// answers for; at run time the map answers what a column holds.
import type { AnyTable, Steward } from './data-map.ts';
import type { Tag } from './tags.ts';

type SchemaOf<K> = K extends `${infer S}.${string}` ? S : never;

/** A steward for every schema of the database, no more and no fewer. */
export type EveryStewardOf<DB> = { readonly [S in SchemaOf<keyof DB>]: Steward<S, object> };

/** All tags of the database by name. */
export interface CompleteMap {
  readonly stewards: readonly Steward[];
  /** `schema.table` to its map. */
  readonly tables: ReadonlyMap<string, AnyTable>;
  /** `schema.table.column` to its tag. */
  readonly columns: ReadonlyMap<string, Tag>;
}

/**
 * Joins the stewards: `completeMap<DB>()({ ledger, messages, ... })`. A schema that is missing, or of a steward
 * that belongs to another one, does not type-check.
 */
export const completeMap =
  <DB>() =>
  <const M extends EveryStewardOf<DB>>(
    stewards: M & { [S in Exclude<keyof M, SchemaOf<keyof DB>>]: never },
  ): CompleteMap =>
    joinStewards(Object.values(stewards) as Steward[]);

/** The run-time half of `completeMap`, for maps whose types are already forgotten. */
export function joinStewards(stewards: readonly Steward[]): CompleteMap {
  const tables = new Map<string, AnyTable>();
  const columns = new Map<string, Tag>();
  for (const { schema, tables: own } of stewards) {
    for (const [name, table] of Object.entries(own)) {
      tables.set(`${schema}.${name}`, table);
      for (const [column, tag] of Object.entries(table.columns))
        columns.set(`${schema}.${name}.${column}`, tag);
    }
  }
  return { stewards, tables, columns };
}
