// Statements of the key cluster: another PostgreSQL with its own system identifier and backups. They touch the
// schema sotto_keys there and nothing of the product's database, which knows none of these tables.
import type pg from 'pg';
import type { KeyId } from './key-ref.ts';
import type { ErasureMark } from './key-store.ts';

/** What a statement runs on: the pool, or one of its clients inside a transaction. */
export type Runner = Pick<pg.ClientBase, 'query'>;

export const KEY_SCHEMA = `
  create schema if not exists sotto_keys;
  create table if not exists sotto_keys.store (
    is_only boolean primary key default true check (is_only),
    identity bytea not null check (octet_length(identity) = 32)
  );
  create table if not exists sotto_keys.epoch (
    epoch integer primary key,
    wrapped bytea check (octet_length(wrapped) = 68)
  );
  create table if not exists sotto_keys.data_key (
    id uuid primary key,
    epoch integer,
    wrapped bytea check (octet_length(wrapped) = 68),
    check ((epoch is null) = (wrapped is null))
  );
  comment on table sotto_keys.epoch is 'Epoch keys under the master key; null once destroyed';
  comment on table sotto_keys.data_key is 'Data keys under their epoch; the row of a destroyed key stays as its tombstone';`;

/** Advisory locks of the key cluster: making keys against adding an epoch, and one rotation at a time. */
const CREATING = 5_070_001;
const ROTATING = 5_070_002;

export async function lockForCreating(tx: Runner): Promise<void> {
  await tx.query('select pg_advisory_xact_lock_shared($1)', [CREATING]);
}

export async function lockForAddingEpoch(tx: Runner): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [CREATING]);
}

/** Held by the session until `unlockRotation` or its end. */
export async function tryLockRotation(client: Runner): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    ROTATING,
  ]);
  return rows[0]!.taken;
}

export async function unlockRotation(client: Runner): Promise<void> {
  await client.query('select pg_advisory_unlock($1)', [ROTATING]);
}

export async function readIdentity(runner: Runner): Promise<Buffer | undefined> {
  const { rows } = await runner.query<{ identity: Buffer }>('select identity from sotto_keys.store');
  return rows[0]?.identity;
}

export async function storeExists(runner: Runner): Promise<boolean> {
  const { rows } = await runner.query<{ found: boolean }>(
    `select to_regclass('sotto_keys.store') is not null as found`,
  );
  return rows[0]!.found;
}

export async function insertIdentity(tx: Runner, identity: Buffer): Promise<void> {
  await tx.query('insert into sotto_keys.store (identity) values ($1) on conflict do nothing', [identity]);
}

export interface EpochRow {
  readonly epoch: number;
  /** Null when destroyed. */
  readonly wrapped: Buffer | null;
}

/** All epochs, destroyed ones included, ascending. `lock` keeps them as they are until the transaction ends. */
export async function readEpochs(runner: Runner, lock = false): Promise<EpochRow[]> {
  const { rows } = await runner.query<EpochRow>(
    `select epoch, wrapped from sotto_keys.epoch order by epoch${lock ? ' for update' : ''}`,
  );
  return rows;
}

export async function readEpoch(runner: Runner, epoch: number): Promise<EpochRow | undefined> {
  const { rows } = await runner.query<EpochRow>(
    'select epoch, wrapped from sotto_keys.epoch where epoch = $1',
    [epoch],
  );
  return rows[0];
}

export async function insertEpoch(tx: Runner, epoch: number, wrapped: Buffer): Promise<void> {
  await tx.query('insert into sotto_keys.epoch (epoch, wrapped) values ($1, $2)', [epoch, wrapped]);
}

/** Replaces an epoch's wrapping, or destroys the epoch with null. A destroyed one stays destroyed. */
export async function updateEpoch(tx: Runner, epoch: number, wrapped: Buffer | null): Promise<void> {
  await tx.query('update sotto_keys.epoch set wrapped = $2 where epoch = $1 and wrapped is not null', [
    epoch,
    wrapped,
  ]);
}

export interface KeyRow {
  readonly id: KeyId;
  /** Null when destroyed. */
  readonly wrapped: Buffer | null;
}

export async function readKeys(runner: Runner, ids: readonly KeyId[]): Promise<KeyRow[]> {
  const { rows } = await runner.query<KeyRow>(
    'select id, wrapped from sotto_keys.data_key where id = any($1::uuid[])',
    [ids],
  );
  return rows;
}

/** Adds keys that have no row yet, in id order so that two creators cannot wait for each other in a circle. */
export async function insertKeys(
  tx: Runner,
  epoch: number,
  ids: readonly KeyId[],
  wrapped: readonly Buffer[],
): Promise<void> {
  await tx.query(
    `insert into sotto_keys.data_key (id, epoch, wrapped)
     select id, $1, wrapped from unnest($2::uuid[], $3::bytea[]) as made (id, wrapped) order by id
     on conflict (id) do nothing`,
    [epoch, ids, wrapped],
  );
}

/** Makes every one of these ids a tombstone, whether it had a key or not. */
export async function destroyKeys(runner: Runner, ids: readonly KeyId[]): Promise<void> {
  await runner.query(
    `insert into sotto_keys.data_key (id)
     select distinct id from unnest($1::uuid[]) as gone (id) order by id
     on conflict (id) do update set epoch = null, wrapped = null`,
    [ids],
  );
}

/** Up to `limit` living keys that are not under `epoch`, locked until the transaction ends. */
export async function lockKeysOutside(tx: Runner, epoch: number, limit: number): Promise<KeyRow[]> {
  const { rows } = await tx.query<KeyRow>(
    `select id, wrapped from sotto_keys.data_key
      where wrapped is not null and epoch <> $1
      order by id limit $2 for update`,
    [epoch, limit],
  );
  return rows;
}

export async function moveKeys(
  tx: Runner,
  epoch: number,
  ids: readonly KeyId[],
  wrapped: readonly Buffer[],
): Promise<void> {
  await tx.query(
    `update sotto_keys.data_key k
        set epoch = $1, wrapped = made.wrapped
       from unnest($2::uuid[], $3::bytea[]) as made (id, wrapped)
      where k.id = made.id and k.wrapped is not null`,
    [epoch, ids, wrapped],
  );
}

/** Living keys by epoch; the destroyed ones under epoch null. */
export async function countKeys(runner: Runner): Promise<{ epoch: number | null; keys: number }[]> {
  const { rows } = await runner.query<{ epoch: number | null; keys: number }>(
    'select epoch, count(*)::integer as keys from sotto_keys.data_key group by epoch order by epoch',
  );
  return rows;
}

/** Removes the old versions of destroyed keys, and with the checkpoint the log that repeats them. */
export async function reclaimKeys(runner: Runner): Promise<void> {
  await runner.query('vacuum sotto_keys.data_key');
  await checkpoint(runner);
}

/**
 * Writes the few rows of the epoch table to a new file: old versions and free space could hold a destroyed epoch key.
 * TRUNCATE leaves the old versions behind whoever still looks at them; VACUUM FULL would carry those along that an older
 * snapshot of anybody could see.
 */
export async function rewriteEpochFile(tx: Runner): Promise<void> {
  await tx.query('lock table sotto_keys.epoch in access exclusive mode');
  const rows = await readEpochs(tx);
  await tx.query('truncate sotto_keys.epoch');
  await tx.query(
    'insert into sotto_keys.epoch (epoch, wrapped) select epoch, wrapped from unnest($1::integer[], $2::bytea[]) as e(epoch, wrapped)',
    [rows.map(({ epoch }) => epoch), rows.map(({ wrapped }) => wrapped)],
  );
}

/** Ends the log that repeats what was written before. */
export async function checkpoint(runner: Runner): Promise<void> {
  await runner.query('checkpoint');
}

export interface ClusterFacts {
  readonly systemIdentifier: string;
  readonly walRecycle: boolean;
  readonly mayCheckpoint: boolean;
  readonly durable: boolean;
}

/** What decides whether a cluster may hold keys. */
export async function readClusterFacts(runner: Runner): Promise<ClusterFacts> {
  const { rows } = await runner.query<ClusterFacts>(
    `select system_identifier::text as "systemIdentifier",
            current_setting('wal_recycle')::boolean as "walRecycle",
            pg_has_role(current_user, 'pg_checkpoint', 'usage') as "mayCheckpoint",
            current_setting('fsync')::boolean and current_setting('full_page_writes')::boolean
              and current_setting('synchronous_commit') <> 'off' as "durable"
       from pg_control_system()`,
  );
  return rows[0]!;
}

/** How far the erasure log was applied to this store. The table is made when it is first written. */
export async function readErasuresApplied(runner: Runner): Promise<ErasureMark | null> {
  const { rows: found } = await runner.query<{ there: boolean }>(
    `select to_regclass('sotto_keys.erasures_applied') is not null as there`,
  );
  if (!found[0]!.there) return null;
  const { rows } = await runner.query<ErasureMark>(
    'select log::text, sequence::integer, chain from sotto_keys.erasures_applied',
  );
  return rows[0] ?? null;
}

export async function writeErasuresApplied(tx: Runner, { log, sequence, chain }: ErasureMark): Promise<void> {
  await lockForAddingEpoch(tx);
  await tx.query(
    `create table if not exists sotto_keys.erasures_applied (
       is_only boolean primary key default true check (is_only),
       log uuid not null,
       sequence bigint not null,
       chain text not null
     )`,
  );
  await tx.query(
    `insert into sotto_keys.erasures_applied (log, sequence, chain) values ($1, $2, $3)
     on conflict (is_only) do update set log = excluded.log, sequence = excluded.sequence, chain = excluded.chain`,
    [log, sequence, chain],
  );
}
