import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useDatabase } from '../../test/harness.ts';
import { migratedDatabaseUrl } from '../../test/migrated.ts';
import { Database } from './db/database.ts';
import type { DatabaseFacts } from './durability.sql.ts';
import { assertDurable, durabilityFaults } from './durability.ts';
import { Refusal } from './errors.ts';

const at = useDatabase();

const good: DatabaseFacts = {
  version: 180_004,
  fsync: 'on',
  synchronousCommit: 'on',
  fullPageWrites: 'on',
  encoding: 'UTF8',
  replica: false,
  readOnly: 'off',
  clock: 'RETURN statement_timestamp()',
  nowMs: 0,
};
const production = { production: true, unsafe: false };

test('a durable database is accepted', () => {
  assert.deepEqual(durabilityFaults(good, production), []);
  assert.deepEqual(
    durabilityFaults({ ...good, synchronousCommit: 'remote_apply', clock: null }, production),
    [],
  );
});

const refusals: readonly [string, Partial<DatabaseFacts>, string][] = [
  ['without fsync', { fsync: 'off' }, 'fsync'],
  ['that commits before it is on disk', { synchronousCommit: 'off' }, 'synchronous_commit'],
  ['whose standbys may miss commits', { synchronousCommit: 'local' }, 'synchronous_commit'],
  ['without full page writes', { fullPageWrites: 'off' }, 'full_page_writes'],
  ['of an older major version', { version: 170_006 }, 'server_version'],
  ['of a newer major version', { version: 190_000 }, 'server_version'],
  ['in another encoding', { encoding: 'SQL_ASCII' }, 'server_encoding'],
  ['that is a replica', { replica: true }, 'pg_is_in_recovery'],
  ['that is read-only', { readOnly: 'on' }, 'pg_is_in_recovery'],
  [
    'whose clock was replaced',
    { clock: "RETURN (statement_timestamp() + '01:00:00'::interval)" },
    'platform.clock',
  ],
];
for (const [what, change, setting] of refusals) {
  test(`production refuses a database ${what}, with a way out`, () => {
    const faults = durabilityFaults({ ...good, ...change }, production);
    assert.deepEqual(
      faults.map((fault) => fault.setting),
      [setting],
    );
    assert.ok(faults[0]!.waysOut.length > 0);
    assert.match(faults[0]!.sentence, /\.$/);
  });
}

test('the test switch accepts lost commits and nothing else', () => {
  const facts = {
    ...good,
    fsync: 'off',
    synchronousCommit: 'off',
    fullPageWrites: 'off',
    encoding: 'LATIN1',
  };
  const faults = durabilityFaults(facts, { production: false, unsafe: true });
  assert.deepEqual(
    faults.map(({ setting }) => setting),
    ['server_encoding'],
  );
});

test('the cluster of the tests, which may lose commits, is refused as a whole; the switch lets it pass', async () => {
  await assert.rejects(assertDurable(at.db, { production: false, unsafe: false }), (error) => {
    assert.ok(error instanceof Refusal);
    assert.match(error.message, /fsync=off.*\n.*synchronous_commit=off.*\n.*full_page_writes=off/);
    return true;
  });
  await assertDurable(at.db, { production: false, unsafe: true });
});

test('a database whose clock the tests move is refused in production, one as migrated is not', async () => {
  await assert.rejects(
    assertDurable(at.db, { production: true, unsafe: true }),
    /platform\.clock\(\) has been replaced/,
  );
  const fresh = await migratedDatabaseUrl();
  const db = new Database({ url: fresh.url, connections: 2 });
  try {
    await assertDurable(db, { production: true, unsafe: true });
  } finally {
    await db.end();
    await fresh.stop();
  }
});
