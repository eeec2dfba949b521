// Whether a PostgreSQL cluster may hold keys.
import type pg from 'pg';
import { Refusal } from '#platform/errors';
import { readClusterFacts } from './postgres-key-store.sql.ts';

/**
 * Refuses a key cluster that is the data's own cluster (E-KEY-CUSTODY), that would keep destroyed bytes in
 * recycled log files, that cannot be told to write them out, or that may lose a key it said was durable.
 */
export async function refuseUnfitKeyCluster(keys: pg.Pool, dataSystemIdentifier: string): Promise<void> {
  const facts = await readClusterFacts(keys);
  if (facts.systemIdentifier === dataSystemIdentifier) {
    throw new Refusal(
      'E-KEY-CUSTODY: SOTTO_KEYS_URL names the cluster that holds the data, so every backup of the data would carry its keys.',
      ['Run the key store on a PostgreSQL cluster of its own, with its own backups.'],
    );
  }
  if (!facts.durable) {
    throw new Refusal('The key cluster runs without fsync, full_page_writes or synchronous_commit.', [
      'Switch all three on: a lost key is lost content.',
    ]);
  }
  if (facts.walRecycle) {
    throw new Refusal(
      'The key cluster recycles log files, which keeps the bytes of destroyed keys on disk.',
      ['Run on it: alter system set wal_recycle = off; select pg_reload_conf();'],
    );
  }
  if (!facts.mayCheckpoint) {
    throw new Refusal('The role of the key store may not run CHECKPOINT, which destroying a key needs.', [
      'Run on the key cluster: grant pg_checkpoint to <the role in SOTTO_KEYS_URL>;',
    ]);
  }
}
