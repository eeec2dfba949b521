// Numbered migrations, forward only: each in its own transaction, under one advisory lock, remembered with a
// digest of its text. A database that is ahead of the code, or whose history was edited, is refused.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { Refusal } from '../errors.ts';

export const MIGRATIONS_DIR = resolve(import.meta.dirname, '../../../migrations');

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly digest: string;
}

/** Any constant serves, as long as every release uses the same one. */
const MIGRATION_LOCK = 5_077_001;

function readMigrations(dir: string): Migration[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(dir, file), 'utf8');
      return {
        number: Number(file.slice(0, 4)),
        name: file.slice(5, -4),
        text,
        digest: createHash('sha256').update(text).digest('hex'),
      };
    });
}

/** How many migrations this release has. */
export const knownMigrations = (dir = MIGRATIONS_DIR): number => readMigrations(dir).length;

export interface MigrationReport {
  readonly applied: readonly string[];
  readonly version: number;
}

/**
 * Brings the database to this release's schema and creates the partitions of the coming days. `url` connects as
 * the owner. Safe to repeat and to run from several processes at once; killed half-way, the next run continues.
 */
export async function migrate(url: string, dir = MIGRATIONS_DIR): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`
      create schema if not exists sotto_migrations;
      create table if not exists sotto_migrations.applied (
        number integer primary key,
        name text not null,
        digest text not null,
        applied_at timestamptz not null default now()
      )`);
    const done = await client.query<{ number: number; name: string; digest: string }>(
      'select number, name, digest from sotto_migrations.applied order by number',
    );
    const known = readMigrations(dir);
    refuseForeignHistory(done.rows, known);
    const applied: string[] = [];
    for (const migration of known.slice(done.rows.length)) {
      await client.query('begin');
      try {
        await client.query(migration.text);
        await client.query(
          'insert into sotto_migrations.applied (number, name, digest) values ($1, $2, $3)',
          [migration.number, migration.name, migration.digest],
        );
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(
          `Migration ${migration.number}-${migration.name} failed: ${(error as Error).message}`,
          {
            cause: error,
          },
        );
      }
      applied.push(`${migration.number}-${migration.name}`);
    }
    if (known.length > 0) await client.query('select platform.create_partitions()');
    return { applied, version: known.length };
  } finally {
    await client.end();
  }
}

function refuseForeignHistory(
  done: readonly { number: number; name: string; digest: string }[],
  known: readonly Migration[],
): void {
  if (done.length > known.length) {
    throw new Refusal(
      `The database is at migration ${done.length}, this release knows ${known.length}: it was used by a newer release.`,
      ['start the newer release', 'restore a backup made with this release'],
    );
  }
  for (const [at, row] of done.entries()) {
    const migration = known[at]!;
    if (row.digest !== migration.digest || row.number !== migration.number) {
      throw new Refusal(
        `Migration ${row.number}-${row.name} differs from the one the database was built with.`,
        [
          'use the release that built this database',
          'in development: delete the data directory and start again',
        ],
      );
    }
  }
}
