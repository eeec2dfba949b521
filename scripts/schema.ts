// Renders server/schema.sql and the table types from the live catalog after all migrations.
// `--check` compares instead of writing and ends with 1 when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readColumns, renderSchema, renderTypes } from '../server/src/platform/db/catalog.ts';
import { onDatabase } from '../server/test/cluster.ts';
import { migratedDatabaseUrl } from '../server/test/migrated.ts';

const root = resolve(import.meta.dirname, '..');
const targets = {
  schema: join(root, 'server/schema.sql'),
  types: join(root, 'server/src/platform/db/tables.generated.ts'),
};

const database = await migratedDatabaseUrl();
try {
  const rendered = await onDatabase(database.url, async (client) => ({
    schema: await renderSchema(client),
    types: renderTypes(await readColumns(client)),
  }));
  if (process.argv.includes('--check')) {
    const drifted = (Object.keys(targets) as (keyof typeof targets)[]).filter(
      (key) => readFileSync(targets[key], 'utf8') !== rendered[key],
    );
    if (drifted.length > 0) {
      console.error(
        `The migrations changed the schema: run "npm run schema" and commit the result (${drifted.join(', ')}).`,
      );
      process.exitCode = 1;
    }
  } else {
    for (const key of Object.keys(targets) as (keyof typeof targets)[])
      writeFileSync(targets[key], rendered[key]);
  }
} finally {
  await database.stop();
}
