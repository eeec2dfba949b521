// Which columns a statement touches at all: what it returns, compares, joins or orders by, what its expressions are
// made of, what it writes. PostgreSQL records them for the body of a function (pg_depend), so the statement becomes
// one for a moment, in a transaction that is rolled back, and never runs.
import type pg from 'pg';
import type { ResultField } from './statement-check.ts';

const PARAMETER_TYPES = `
  select array(select format_type(type, null) from unnest(parameter_types::oid[]) as type)::text[] as types
    from pg_prepared_statements
   where name = 'touched'`;

const DEPENDENCIES = `
  select a.attname as name, d.refobjid::int8::float8 as "tableID", d.refobjsubid::float8 as "columnID"
    from pg_depend d
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
   where d.classid = 'pg_proc'::regclass
     and d.objid = 'pg_temp.touched'::regproc
     and d.refclassid = 'pg_class'::regclass
     and d.refobjsubid > 0
   order by 2, 3`;

/**
 * The columns of tables that a statement names anywhere. Needs the owner's connection, outside a transaction; leaves
 * nothing behind. Columns that called functions, triggers and row-level policies read are not among them, nor is a row
 * passed as a whole, as in `to_jsonb(t)`. Rejects when the statement does not parse.
 */
export async function touchedColumns(client: pg.ClientBase, text: string): Promise<ResultField[]> {
  await client.query('begin');
  try {
    await client.query(`prepare touched as ${text}`);
    const { rows } = await client.query<{ types: string[] }>(PARAMETER_TYPES);
    const parameters = rows[0]!.types.join(', ');
    await client.query(
      `create function pg_temp.touched(${parameters}) returns void language sql begin atomic ${text}; end`,
    );
    return (await client.query<ResultField>(DEPENDENCIES)).rows;
  } finally {
    await client.query('rollback');
    await client.query('deallocate all');
  }
}
