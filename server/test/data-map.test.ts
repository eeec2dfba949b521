// The data map as a gate: what a steward must not be able to say does not compile, and says why; what the live
// database has and what registered statements return is in the map and for the declared purpose.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { dataMap } from '../src/main/data-map.ts';
import { registeredStatements } from '../src/platform/db/statement.ts';
import {
  checkStatementColumns,
  compareWithCatalog,
  describeStatement,
  joinStewards,
  originsOf,
  readLiveCatalog,
  type Steward,
  touchedColumns,
  unreachableSubjects,
} from '../src/privacy/data-map.ts';
import { useDatabase } from './harness.ts';

const root = resolve(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'must-not-compile');

/** Runs the compiler over the fixtures once and groups its messages by file, each with its continuation lines. */
function compile(): Map<string, string[]> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', fixtures, '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  const messages = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of run.stdout.split('\n')) {
    const start = /^(\S+?\.ts)\(\d+,\d+\): error (.*)$/.exec(line);
    if (start) {
      current = messages.get(basename(start[1]!)) ?? [];
      messages.set(basename(start[1]!), current);
      current.push(start[2]!);
    } else if (line.startsWith('  ')) {
      current[current.length - 1] += `\n${line}`;
    }
  }
  return messages;
}

const expectations = readdirSync(fixtures)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const [first] = readFileSync(join(fixtures, name), 'utf8').split('\n');
    return { name, expected: /^\/\/ Expected: (.*)$/.exec(first!)?.[1] };
  });

test('every faulty data map fails to compile, once, with a sentence that says what is wrong', () => {
  const messages = compile();
  const faults: string[] = [];
  for (const { name, expected } of expectations) {
    const found = messages.get(name) ?? [];
    if (expected === undefined) {
      for (const message of found) faults.push(`${name} must compile: ${message}`);
    } else if (found.length !== 1) {
      faults.push(`${name}: expected one error, found ${found.length}\n${found.join('\n')}`);
    } else if (!found[0]!.includes(expected)) {
      faults.push(`${name}: expected "${expected}", found\n${found[0]}`);
    }
  }
  assert.deepEqual(faults, [], `\n${faults.join('\n\n')}\n`);
  assert.ok(expectations.filter(({ expected }) => expected !== undefined).length >= 40);
});

const contexts = join(root, 'server/src');
/** Schemas that hold no data of the product: the list of migrations, and the clock tests move. */
const IGNORED_SCHEMAS = ['sotto_migrations', 'sotto_test'];
const database = useDatabase({ connections: 1 });

const isSteward = (value: unknown): value is Steward =>
  typeof value === 'object' && value !== null && 'schema' in value && 'tables' in value;

/** The stewards of all contexts, found as files, so that none can be left out of a list. */
async function everySteward(): Promise<Steward[]> {
  const files = readdirSync(contexts)
    .map((context) => join(contexts, context, 'steward.ts'))
    .filter((file) => existsSync(file));
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  return modules.flatMap((module) => Object.values(module as object).filter(isSteward));
}

async function withCatalog(
  body: (client: pg.Client, catalog: Awaited<ReturnType<typeof readLiveCatalog>>) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await body(client, await readLiveCatalog(client, IGNORED_SCHEMAS));
  } finally {
    await client.end();
  }
}

test('the live database has no schema, table or column outside the data map, nor the map one outside it', () =>
  withCatalog(async (_, catalog) => {
    const faults = compareWithCatalog(joinStewards(await everySteward()), catalog);
    assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);
    assert.ok(catalog.length > 50, 'the catalog was read');
  }));

test('the map the product compiles with is the one of the stewards in the folders', async () => {
  const found = joinStewards(await everySteward());
  assert.deepEqual([...dataMap.columns.keys()].sort(), [...found.columns.keys()].sort());
  assert.deepEqual([...dataMap.tables.keys()].sort(), [...found.tables.keys()].sort());
});

test('everybody a row is about is reached from it, so the erasure plan reaches the row', async () => {
  const faults = unreachableSubjects(joinStewards(await everySteward()));
  assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);
});

test('every registered statement parses, and touches and returns only columns its declared purpose may see', (context) =>
  withCatalog(async (client, catalog) => {
    for (const file of readdirSync(contexts, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.sql.ts')) await import(pathToFileURL(join(contexts, file)).href);
    }
    const map = joinStewards(await everySteward());
    const origins = originsOf(catalog);
    const faults: string[] = [];
    let expressions = 0;
    for (const { name, purpose, text } of registeredStatements()) {
      try {
        const fields = await describeStatement(client, text);
        const touched = await touchedColumns(client, text);
        const returned = checkStatementColumns(fields, map, purpose, origins);
        expressions += returned.expressions.length;
        const found = [...returned.faults, ...checkStatementColumns(touched, map, purpose, origins).faults];
        for (const fault of new Set(found)) faults.push(`${name}: ${fault}`);
      } catch (error) {
        faults.push(`${name}: ${(error as Error).message}`);
      }
    }
    assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);
    assert.ok(registeredStatements().length > 0);
    context.diagnostic(
      `${registeredStatements().length} statements, ${expressions} result columns are expressions`,
    );
  }));

test('a statement touches what it compares, computes with, orders by and writes, also where it returns nothing', () =>
  withCatalog(async (client, catalog) => {
    const origins = originsOf(catalog);
    const touched = async (text: string) =>
      (await touchedColumns(client, text)).map(({ tableID, columnID }) =>
        origins.get(`${tableID}.${columnID}`),
      );
    assert.deepEqual(
      await touched(`select 1 as one from accounts.workspace where kind = $1 order by created_at`),
      ['accounts.workspace.kind', 'accounts.workspace.created_at'],
    );
    assert.deepEqual(
      await touched(`update accounts.api_key set revoked_at = $1 where upper(first_four) = any($2::text[])`),
      ['accounts.api_key.first_four', 'accounts.api_key.revoked_at'],
    );
    const erasing = `with gone as (delete from messages.part where workspace_id = $1 returning error_code)
      select count(error_code) from gone`;
    assert.deepEqual(await touched(erasing), ['messages.part.workspace_id', 'messages.part.error_code']);
    assert.deepEqual(
      (
        await describeStatement(client, `update accounts.api_key set revoked_at = null returning networks`)
      ).map(({ tableID, columnID }) => origins.get(`${tableID}.${columnID}`)),
      ['accounts.api_key.networks'],
      'what a write returns has an origin',
    );
    await assert.rejects(touchedColumns(client, 'select nothing from nowhere'));
    assert.deepEqual(await touched('select $1::int4 as one'), [], 'and the connection works on');
  }));

test('the live checks bite: a column, a table and a view added by hand are found', () =>
  withCatalog(async (client) => {
    await client.query(`create schema stray;
      create table stray.note (id int, words text);
      alter table platform.job add column remark text;
      create view stray.peek as select id from platform.job`);
    try {
      const faults = compareWithCatalog(
        joinStewards(await everySteward()),
        await readLiveCatalog(client, IGNORED_SCHEMAS),
      );
      for (const found of ['stray.note is in no steward', 'stray.peek is a view']) {
        assert.ok(
          faults.some((fault) => fault.includes(found)),
          found,
        );
      }
      assert.ok(faults.some((fault) => /^platform\.job(\.remark has no tag| is in no steward)$/.test(fault)));
      const [alias] = await describeStatement(
        client,
        'with x as (select words as w from stray.note) select w from x',
      );
      const origin = originsOf(await readLiveCatalog(client, [])).get(`${alias!.tableID}.${alias!.columnID}`);
      assert.equal(origin, 'stray.note.words', 'a column is known through alias and CTE');
      await assert.rejects(describeStatement(client, 'select nothing from nowhere'));
      assert.deepEqual(await describeStatement(client, 'update stray.note set id = $1'), []);
    } finally {
      await client.query('drop schema stray cascade; alter table platform.job drop column remark');
    }
  }));
