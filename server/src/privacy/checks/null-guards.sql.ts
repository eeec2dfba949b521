// Guards in the database behind `collect: never`: a validated check constraint that keeps a column empty, whoever
// writes. Set and lifted by the owner at start, as the policy says; the product's own roles cannot touch them.
//
// Identifiers come from the data map, whose names the catalog check has compared with the database; they are quoted
// all the same.
import pg from 'pg';

export interface GuardedColumn {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
}

/** Values counted of one column at most: how many is enough to say that it is not empty. */
const COUNTED_MAX = 1_000;
/** PostgreSQL cuts names at 63 octets. */
const NAME_MAX = 63;

const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.');

/** The guard of a column: `never_email`. */
export const guardName = (column: string): string => `never_${column}`.slice(0, NAME_MAX);

/** How many rows have a value, up to a thousand; they are counted and never read. */
export async function countValues(client: pg.ClientBase, { table, column }: GuardedColumn): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count
       from (select from ${quoted(table)} where ${quoted(column)} is not null limit ${COUNTED_MAX}) present`,
  );
  return rows[0]!.count;
}

/** Columns that a guard keeps empty now, as `schema.table.column`. Guards that were not validated do not count. */
export async function readGuards(client: pg.ClientBase): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ guarded: string }>(
    `select n.nspname || '.' || c.relname || '.' || a.attname as guarded
       from pg_constraint k
       join pg_class c on c.oid = k.conrelid
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
      where k.contype = 'c' and k.convalidated and array_length(k.conkey, 1) = 1
        and k.conname = left('never_' || a.attname, ${NAME_MAX})
        and not c.relispartition`,
  );
  return new Set(rows.map((row) => row.guarded));
}

/** Columns that take no null: they cannot be guarded, only be declared or removed. */
export async function readNotNull(client: pg.ClientBase): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname || '.' || a.attname as name
       from pg_attribute a
       join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
       join pg_namespace n on n.oid = c.relnamespace
      where a.attnum > 0 and not a.attisdropped and a.attnotnull
        and n.nspname not in ('pg_catalog', 'information_schema')`,
  );
  return new Set(rows.map((row) => row.name));
}

/** Puts a guard on an empty column and validates it. Fails when a value came in between. May be repeated. */
export async function setGuard(client: pg.ClientBase, column: GuardedColumn): Promise<void> {
  const name = pg.escapeIdentifier(guardName(column.column));
  await client.query(`alter table ${quoted(column.table)} drop constraint if exists ${name}`);
  await client.query(
    `alter table ${quoted(column.table)} add constraint ${name} check (${quoted(column.column)} is null)`,
  );
}

/** Takes the guard of a column away: the policy holds what it promised never. May be repeated. */
export async function liftGuard(client: pg.ClientBase, column: GuardedColumn): Promise<void> {
  const name = pg.escapeIdentifier(guardName(column.column));
  await client.query(`alter table ${quoted(column.table)} drop constraint if exists ${name}`);
}
