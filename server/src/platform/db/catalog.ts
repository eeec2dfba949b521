// Reads the live catalog and renders it twice: as schema.sql, the picture of all migrations together that
// reviews read, and as the table types of tables.generated.ts. PostgreSQL's own tools are not in the embedded
// package, so both come from catalog queries. Partitions are left out: they come and go with the days.
import type pg from 'pg';

export interface CatalogColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly baseType: string;
  readonly domain: string | null;
  readonly isArray: boolean;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly generated: boolean;
  readonly identityAlways: boolean;
  readonly enumValues: readonly string[] | null;
  readonly comment: string | null;
}

const HIDDEN = `('pg_catalog', 'information_schema', 'pg_toast', 'public', 'sotto_migrations')`;

/** Every column of every table of the product, partitions apart, in catalog order. */
export async function readColumns(client: pg.ClientBase): Promise<CatalogColumn[]> {
  const { rows } = await client.query<CatalogColumn>(`
    with recursive root as (
      select t.oid as start, t.oid, t.typbasetype, t.typtype, t.typname, t.typelem, t.typcategory
        from pg_type t
      union all
      select r.start, t.oid, t.typbasetype, t.typtype, t.typname, t.typelem, t.typcategory
        from root r join pg_type t on t.oid = r.typbasetype
       where r.typtype = 'd'
    )
    select n.nspname || '.' || c.relname as "table",
           a.attname as "column",
           format_type(a.atttypid, a.atttypmod) as "type",
           case when b.typcategory = 'A' then e.typname else b.typname end as "baseType",
           case when t.typtype = 'd' then dn.nspname || '.' || t.typname end as "domain",
           b.typcategory = 'A' as "isArray",
           a.attnotnull or (t.typtype = 'd' and t.typnotnull) as "notNull",
           pg_get_expr(d.adbin, d.adrelid) as "default",
           a.attgenerated <> '' as "generated",
           a.attidentity = 'a' as "identityAlways",
           (select array_agg(v.enumlabel::text order by v.enumsortorder) from pg_enum v
             where v.enumtypid = coalesce(e.oid, b.oid)) as "enumValues",
           col_description(c.oid, a.attnum) as "comment"
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      join pg_type t on t.oid = a.atttypid
      join pg_namespace dn on dn.oid = t.typnamespace
      join root b on b.start = t.oid and b.typtype <> 'd'
      left join pg_type e on b.typcategory = 'A' and e.oid = b.typelem
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped
       and n.nspname not in ${HIDDEN}
     order by n.nspname, c.relname, a.attnum`);
  return rows;
}

const SCALARS: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  varchar: 'string',
  name: 'string',
  bpchar: 'string',
  inet: 'string',
  regclass: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'bigint',
  float8: 'number',
  bool: 'boolean',
  timestamptz: 'Date',
  date: 'string',
  interval: 'string',
  bytea: 'Buffer',
  jsonb: 'Json',
  tstzrange: 'string',
};

const pascal = (name: string) =>
  name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

/** The text of tables.generated.ts. Throws on a column type it has no TypeScript for. */
export function renderTypes(columns: readonly CatalogColumn[]): string {
  const brands = new Map<string, string>();
  const tables = new Map<string, string[]>();
  for (const column of columns) {
    let base = column.enumValues
      ? column.enumValues.map((v) => `'${v}'`).join(' | ')
      : SCALARS[column.baseType];
    if (base === undefined)
      throw new Error(`${column.table}.${column.column}: no TypeScript type for ${column.baseType}`);
    if (column.isArray) base = `(${base})[]`;
    if (column.domain) {
      const brandName = pascal(column.domain.split('.')[1]!);
      brands.set(brandName, base);
      base = brandName;
    }
    if (!column.notNull) base = `${base} | null`;
    const type =
      column.generated || column.identityAlways
        ? `GeneratedAlways<${base}>`
        : column.default !== null
          ? `Generated<${base}>`
          : base;
    const lines = tables.get(column.table) ?? [];
    if (column.comment) lines.push(`    /** ${column.comment} */`);
    lines.push(`    ${column.column}: ${type};`);
    tables.set(column.table, lines);
  }
  return [
    '// Generated from the catalog after all migrations by `npm run schema`. Do not edit.',
    `import type { Generated${columns.some((c) => c.generated || c.identityAlways) ? ', GeneratedAlways' : ''} } from 'kysely';`,
    ...(brands.size > 0 ? [`import type { Branded } from '../brand.ts';`] : []),
    '',
    'export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };',
    ...[...brands].sort().map(([name, base]) => `export type ${name} = Branded<${base}, '${name}'>;`),
    '',
    'export interface DB {',
    ...[...tables].flatMap(([table, lines]) => [`  '${table}': {`, ...lines, '  };']),
    '}',
    '',
  ].join('\n');
}

/** The text of schema.sql: types, tables, constraints, indexes, policies, grants and functions in a fixed order. */
export async function renderSchema(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ line: string }>(`
    with tables as (
      select c.oid, n.nspname as schema, c.relname as name, c.relkind, c.reloptions, c.relrowsecurity, c.relforcerowsecurity
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ${HIDDEN}
    ), parts as (
      select 1 as section, n.nspname as schema, '' as name, 0 as rank, 0 as position,
             'create schema ' || n.nspname || ';' as line
        from pg_namespace n
       where n.nspname not in ${HIDDEN} and n.nspname not like 'pg\\_%'
      union all
      select 2, n.nspname, t.typname, 0, 0,
             case t.typtype
               when 'd' then 'create domain ' || n.nspname || '.' || t.typname || ' as ' || format_type(t.typbasetype, t.typtypmod)
                    || coalesce((select string_agg(' ' || pg_get_constraintdef(k.oid), '' order by k.conname) from pg_constraint k where k.contypid = t.oid), '') || ';'
               else 'create type ' || n.nspname || '.' || t.typname || ' as enum ('
                    || (select string_agg(quote_literal(v.enumlabel), ', ' order by v.enumsortorder) from pg_enum v where v.enumtypid = t.oid) || ');'
             end
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
       where t.typtype in ('d', 'e') and n.nspname not in ${HIDDEN}
      union all
      select 3, t.schema, t.name, 0, 0,
             'create table ' || t.schema || '.' || t.name || ' (' || chr(10)
             || (select string_agg('  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                      || case when a.attidentity = 'a' then ' generated always as identity' when a.attidentity = 'd' then ' generated by default as identity' else '' end
                      || case when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')' when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
                      || case when a.attnotnull then ' not null' else '' end, ',' || chr(10) order by a.attnum)
                   from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                  where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped)
             || chr(10) || ')'
             || case when t.relkind = 'p' then ' partition by ' || pg_get_partkeydef(t.oid) else '' end
             || case when t.reloptions is not null then ' with (' || array_to_string(t.reloptions, ', ') || ')' else '' end || ';'
        from tables t
      union all
      select 3, t.schema, t.name, 1, 0, 'alter table ' || t.schema || '.' || t.name || ' add constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ';'
        from tables t join pg_constraint k on k.conrelid = t.oid where k.contype <> 'n'
      union all
      select 3, t.schema, t.name, 2, 0, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') || ';'
        from tables t join pg_index i on i.indrelid = t.oid
       where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
      union all
      select 3, t.schema, t.name, 3, 0, 'alter table ' || t.schema || '.' || t.name || ' enable row level security;'
        from tables t where t.relrowsecurity
      union all
      select 3, t.schema, t.name, 4, 0, 'alter table ' || t.schema || '.' || t.name || ' force row level security;'
        from tables t where t.relforcerowsecurity
      union all
      select 3, t.schema, t.name, 5, 0,
             'create policy ' || p.polname || ' on ' || t.schema || '.' || t.name
             || ' for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
             || ' to ' || (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (p.polroles))
             || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
             || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';'
        from tables t join pg_policy p on p.polrelid = t.oid
      union all
      select 3, t.schema, t.name, 6, 0,
             'grant ' || string_agg(lower(g.privilege_type), ', ' order by g.privilege_type) || ' on ' || t.schema || '.' || t.name || ' to ' || r.rolname || ';'
        from tables t join pg_class c on c.oid = t.oid cross join lateral aclexplode(c.relacl) g
        join pg_roles r on r.oid = g.grantee
       where r.rolname in ('sotto_tenant', 'sotto_batch')
       group by t.schema, t.name, r.rolname
      union all
      select 3, t.schema, t.name, 7, 0,
             'grant ' || lower(g.privilege_type) || ' (' || string_agg(a.attname, ', ' order by a.attnum) || ') on ' || t.schema || '.' || t.name || ' to ' || r.rolname || ';'
        from tables t join pg_attribute a on a.attrelid = t.oid cross join lateral aclexplode(a.attacl) g
        join pg_roles r on r.oid = g.grantee
       group by t.schema, t.name, r.rolname, g.privilege_type
      union all
      select 3, t.schema, t.name, 8, 0, pg_get_triggerdef(g.oid) || ';'
        from tables t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal
      union all
      select 4, n.nspname, f.proname, 0, 0, rtrim(pg_get_functiondef(f.oid), E'\\n') || ';'
        from pg_proc f join pg_namespace n on n.oid = f.pronamespace
       where n.nspname not in ${HIDDEN}
    )
    select line from parts order by section, schema, name, rank, line`);
  return `-- Rendered from the catalog after all migrations by \`npm run schema\`. Do not edit; read it in reviews.\n\n${rows
    .map((row) => row.line)
    .join('\n')}\n`;
}
