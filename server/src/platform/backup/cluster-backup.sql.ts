// What a backup asks of the database it copies. On a connection of its own: the backup ends with the session.
import type pg from 'pg';

type Session = Pick<pg.ClientBase, 'query'>;

/** Places and facts that do not change while a cluster runs. */
export interface ClusterFacts {
  readonly dataFolder: string;
  readonly version: string;
  readonly systemIdentifier: string;
  readonly timeline: number;
  readonly walSegmentOctets: number;
  readonly tablespaces: number;
  readonly isRecovering: boolean;
}

export async function readClusterFacts(session: Session): Promise<ClusterFacts> {
  const { rows } = await session.query<ClusterFacts>(
    `select current_setting('data_directory') as "dataFolder",
            current_setting('server_version') as version,
            (select system_identifier::text from pg_control_system()) as "systemIdentifier",
            (select timeline_id from pg_control_checkpoint()) as timeline,
            (select setting::integer from pg_settings where name = 'wal_segment_size') as "walSegmentOctets",
            (select count(*)::integer from pg_tablespace where spcname not in ('pg_default', 'pg_global'))
              as tablespaces,
            pg_is_in_recovery() as "isRecovering"`,
  );
  return rows[0]!;
}

export interface AppliedFacts {
  readonly migration: number;
  readonly at: Date;
}

/** How many migrations the database has and the time by its clock; null when it has none. */
export async function readApplied(session: Session): Promise<AppliedFacts | null> {
  const { rows: found } = await session.query<{ there: boolean }>(
    `select to_regclass('sotto_migrations.applied') is not null as there`,
  );
  if (!found[0]!.there) return null;
  const { rows } = await session.query<AppliedFacts>(
    `select count(*)::integer as migration, (select platform.clock()) as at from sotto_migrations.applied`,
  );
  return rows[0]!.migration === 0 ? null : rows[0]!;
}

/** Begins a backup with a checkpoint at once; the log from it on is kept until the session ends. */
export async function startBackup(session: Session, slot: string): Promise<string> {
  await session.query('select pg_create_physical_replication_slot($1, true, true)', [slot]);
  const { rows } = await session.query<{ lsn: string }>('select pg_backup_start($1, true)::text as lsn', [
    'sotto backup',
  ]);
  return rows[0]!.lsn;
}

export interface StoppedBackup {
  readonly lsn: string;
  readonly label: string;
  readonly tablespaceMap: string;
}

/** Ends the backup. Everything up to the position it returns is in segments that are complete on disk. */
export async function stopBackup(session: Session): Promise<StoppedBackup> {
  const { rows } = await session.query<StoppedBackup>(
    `select lsn::text as lsn, labelfile as label, spcmapfile as "tablespaceMap" from pg_backup_stop(false)`,
  );
  return rows[0]!;
}

/** Where a recovered cluster stands, and whether that is behind `lsn`. */
export async function readRecovered(
  session: Session,
  lsn: string,
): Promise<{ readonly systemIdentifier: string; readonly isBehind: boolean }> {
  const { rows } = await session.query<{ systemIdentifier: string; isBehind: boolean }>(
    `select (select system_identifier::text from pg_control_system()) as "systemIdentifier",
            pg_current_wal_insert_lsn() < $1::pg_lsn as "isBehind"`,
    [lsn],
  );
  return rows[0]!;
}
