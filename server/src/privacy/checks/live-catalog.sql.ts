// What the database really has, read without the generator of the table types, so that a fault of one cannot
// hide from the other.
import type pg from 'pg';

export interface LiveColumn {
  /** `pg_class.oid` and `pg_attribute.attnum`, as RowDescription has them. */
  readonly tableId: number;
  readonly columnId: number;
  /** `schema.table`; of a partition, the table it is a partition of. */
  readonly table: string;
  readonly column: string;
  readonly isPartition: boolean;
  readonly relation: 'table' | 'view' | 'foreign table';
  /** `schema.name` of the column's domain, or its type where it has none. */
  readonly type: string;
}

/**
 * Every column a statement could name outside the system's own schemas. `ignoredSchemas` are those that hold no
 * data of the product, such as the list of migrations.
 */
export async function readLiveCatalog(
  client: pg.ClientBase,
  ignoredSchemas: readonly string[],
): Promise<LiveColumn[]> {
  const { rows } = await client.query<LiveColumn>(
    `select c.oid::int8::float8 as "tableId",
            a.attnum::float8 as "columnId",
            n.nspname || '.' || r.relname as "table",
            a.attname as "column",
            c.relispartition as "isPartition",
            case c.relkind when 'f' then 'foreign table' when 'v' then 'view' when 'm' then 'view' else 'table' end as "relation",
            case when t.typtype = 'd' then tn.nspname || '.' || t.typname else t.typname end as "type"
       from pg_class c
       join pg_class r on r.oid = case when c.relispartition then pg_partition_root(c.oid) else c.oid end
       join pg_namespace n on n.oid = r.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_type t on t.oid = a.atttypid
       join pg_namespace tn on tn.oid = t.typnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and not (n.nspname = any($1))
      order by n.nspname, r.relname, a.attnum`,
    [ignoredSchemas],
  );
  return rows;
}
