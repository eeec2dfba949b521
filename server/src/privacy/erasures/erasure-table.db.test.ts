// The erasure log in a key cluster keeps the promises of every erasure log.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import pg from 'pg';
import { databaseUrl, onDatabase } from '../../../test/cluster.ts';
import { useDatabase } from '../../../test/harness.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import { erasureTable } from './erasure-place.ts';
import { replayKeys } from './replay.ts';
import { erasureLogContract, newIds, refused } from './test/erasure-log-contract.ts';

// The test's cluster stands for the key cluster; a database each stands for one installation's.
const pools: { readonly pool: pg.Pool; readonly name: string }[] = [];
after(async () => {
  for (const { pool, name } of pools) {
    await pool.end();
    await onDatabase(cluster.url, (client) => client.query(`drop database ${name} with (force)`));
  }
});
const cluster = useDatabase({ connections: 1 });

async function freshPool(): Promise<pg.Pool> {
  const name = `erasures_${randomBytes(6).toString('hex')}`;
  await onDatabase(cluster.url, (client) =>
    client.query(`create database ${name} template template0 strategy file_copy`),
  );
  const pool = new pg.Pool({ connectionString: databaseUrl(cluster.url, name), max: 4 });
  pool.on('error', () => undefined);
  pools.push({ pool, name });
  return pool;
}

erasureLogContract('a table', async () => erasureTable(await freshPool()));

test('a key cluster that was restored from before is noticed by what else knows the log', async () => {
  const pool = await freshPool();
  const place = erasureTable(pool);
  await place.create();
  const log = await place.open();
  await log.record('keys', newIds(1));
  const store = openMemoryKeyStore();
  await replayKeys(log, store);
  await pool.query('delete from sotto_keys.erasure where sequence = 1');
  await assert.rejects(replayKeys(await place.open(), store), refused(/knows 1 erasures.* only 0 of them/));
});
