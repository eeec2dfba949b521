// Whether a database is at this release's schema, for commands that work on it and leave the schema alone.
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { Refusal } from '#platform/errors';
import { MIGRATIONS_DIR } from '#platform/migrate';

/** The schema that tells how the database came to be; no context owns it, and it holds nothing of anybody. */
export const MIGRATIONS = 'sotto_migrations';

/** Throws a Refusal unless every migration of this release is applied. `url` connects as owner. Changes nothing. */
export async function refuseUnmigrated(url: string): Promise<void> {
  const known = readdirSync(MIGRATIONS_DIR).filter((file) => file.endsWith('.sql')).length;
  const applied = await countApplied(url);
  if (applied >= known) return;
  throw new Refusal(
    applied === 0
      ? 'The database is new: nothing is in it yet.'
      : `The database is at migration ${applied} of ${known}.`,
    ['start Sotto, which migrates it: npm start', 'only migrate it: npx sotto migrate'],
  );
}

async function countApplied(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-command' });
  await client.connect();
  try {
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `${MIGRATIONS}.applied`,
    ]);
    if (!rows[0]!.there) return 0;
    const counted = await client.query<{ count: number }>(
      `select count(*)::integer as count from ${MIGRATIONS}.applied`,
    );
    return counted.rows[0]!.count;
  } finally {
    await client.end();
  }
}
