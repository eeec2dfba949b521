import type pg from 'pg';

/** Migrations in the database; null before the first one ran. */
export async function appliedMigrations(client: pg.ClientBase): Promise<number | null> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('sotto_migrations.applied') is not null as there`,
  );
  if (!rows[0]!.there) return null;
  const counted = await client.query<{ count: number }>(
    'select count(*)::integer as count from sotto_migrations.applied',
  );
  return counted.rows[0]!.count;
}

export interface PartitionFacts {
  readonly parent: string;
  /** The partition of the next day or month exists. */
  readonly ahead: boolean;
  /** Name of the default partition; null when there is none. */
  readonly fallback: string | null;
}

export async function partitionFacts(client: pg.ClientBase): Promise<PartitionFacts[]> {
  const { rows } = await client.query<PartitionFacts>(`
    select p.parent::text as parent,
           to_regclass(format('%I.%I', n.nspname, c.relname || '_' || to_char(
             date_trunc(p.every, platform.clock() at time zone 'UTC') + ('1 ' || p.every)::interval,
             case p.every when 'day' then 'YYYYMMDD' else 'YYYYMM' end))) is not null as ahead,
           to_regclass(format('%I.%I', n.nspname, c.relname || '_default'))::text as fallback
      from platform.partitioned p
      join pg_class c on c.oid = p.parent
      join pg_namespace n on n.oid = c.relnamespace
     order by 1`);
  return rows;
}

/** Whether a partition holds any row. `name` comes from the catalog, quoted there. */
export async function hasRows(client: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ some: boolean }>(`select exists (select from ${name}) as some`);
  return rows[0]!.some;
}

/** Dead letters, and the age of the oldest due job of any name in seconds. */
export async function jobFacts(client: pg.ClientBase): Promise<{ dead: number; oldestSeconds: number }> {
  const { rows } = await client.query<{ dead: number; oldestSeconds: number }>(`
    select count(*) filter (where dead_at is not null)::integer as dead,
           coalesce(extract(epoch from (select platform.clock())
             - min(due_at) filter (where dead_at is null and due_at <= (select platform.clock()))), 0)::float8
             as "oldestSeconds"
      from platform.job`);
  return rows[0]!;
}
