// `sotto restore` of a database: checked as a whole, laid out and recovered apart from where a start would look, led
// through the erasure log with its keys, and only then put in its place by one rename. Killed at any moment before it,
// nothing is there that a start would serve; a start says so, and the same command begins anew.
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { distrustQueue } from '#messages';
import { type DatabaseFacts, type Manifest, syncFolder } from '#platform/archive';
import { pause } from '#platform/clock';
import { layOutCluster, recoverCluster } from '#platform/cluster-restore';
import type { Config } from '#platform/config';
import { EMBEDDED_MAJOR, runningPid } from '#platform/embedded';
import { Refusal } from '#platform/errors';
import { knownMigrations } from '#platform/migrate';
import { refuseUncovered } from '#privacy/erasures';
import { makeDataDirectory, RESTORE_STAGE, takeDataDirectory } from './data-directory.ts';
import { erasurePlace } from './erasure-gate.ts';
import { openGround } from './ground.ts';

export interface RestoredDatabase {
  readonly facts: DatabaseFacts;
  readonly files: number;
  /** Parts that were due in the backup, and that a carrier may have got since: decided as ambiguous. */
  readonly distrustedParts: number;
}

/** The claims that a start leaves in a data directory beside the database, and their journals. */
const CLAIMS = /^(?:present\.lock|simulator\.lock|simulator\.pid)(?:-journal)?$/;
const STOP_LIMIT_MS = 30_000;

/**
 * Restores a backup of the database into an empty data directory. `manifest` is that of the same archive, which has
 * proved whole. Throws a Refusal with ways out; then nothing is in place.
 */
export async function restoreDatabase(
  config: Config,
  archive: string,
  secret: Buffer,
  { facts, files }: Manifest & { facts: DatabaseFacts },
): Promise<RestoredDatabase> {
  if (config.databaseUrl !== undefined) throw external();
  refuseUnfit(facts);
  await refuseOlderLog(config, facts);
  makeDataDirectory(config.dataDir);
  const claim = takeDataDirectory(config.dataDir);
  const stage = join(config.dataDir, RESTORE_STAGE);
  try {
    await sweep(stage);
    refuseInhabited(config.dataDir);
    try {
      mkdirSync(stage);
      const laidOut = await layOutCluster(archive, secret, stage);
      if (JSON.stringify(laidOut.facts) !== JSON.stringify(facts)) throw changed();
      await recoverCluster(stage, facts, { shared_buffers: `${config.embeddedSharedBuffersMb}MB` });
      // Opening the ground migrates, meets the keys, and erases again what was erased since the backup.
      const ground = await openGround({ ...config, dataDir: stage });
      let distrustedParts: number;
      try {
        distrustedParts = await distrustQueue(ground.db);
      } finally {
        await ground.close();
      }
      refuseStillRunning(stage);
      // The server has synced its own folder; what lies around it is ours.
      await syncFolder(realpathSync(join(stage, 'postgres')));
      renameSync(join(stage, 'postgres'), join(config.dataDir, 'postgres'));
      await syncFolder(config.dataDir);
      return { facts, files: files.length, distrustedParts };
    } finally {
      await sweep(stage);
    }
  } finally {
    claim.release();
  }
}

function refuseUnfit({ postgres_version: version, migration }: DatabaseFacts): void {
  if (Number.parseInt(version, 10) !== EMBEDDED_MAJOR) {
    throw new Refusal(
      `The backup is of PostgreSQL ${version}; this release runs PostgreSQL ${EMBEDDED_MAJOR}.`,
      ['restore it with the release that made it'],
    );
  }
  if (migration > knownMigrations()) {
    throw new Refusal(
      `The backup is at migration ${migration}, this release knows ${knownMigrations()}: a newer release made it.`,
      ['restore it with the newer release'],
    );
  }
}

/** Sooner than the replay would: before anything is written. */
async function refuseOlderLog(config: Config, { erasures }: DatabaseFacts): Promise<void> {
  if (erasures === null) return;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    await refuseUncovered(await erasurePlace(config, closers).open(), erasures, 'The backup');
  } finally {
    for (const close of closers) await close();
  }
}

function refuseInhabited(dataDir: string): void {
  const found = readdirSync(dataDir).filter((name) => !CLAIMS.test(name));
  if (found.length === 0) return;
  throw new Refusal(`The data directory ${dataDir} is not empty, and a restore replaces nothing.`, [
    'set SOTTO_DATA_DIR to an empty folder',
    `move what is there away, and keep it until the restore has proved good: mv ${dataDir} ${dataDir}.before`,
  ]);
}

/** Ends and removes what a restore left, its database server too. */
async function sweep(stage: string): Promise<void> {
  if (!existsSync(stage)) return;
  const cluster = join(stage, 'postgres');
  if (existsSync(cluster)) {
    const pid = runningPid(join(cluster, 'data'));
    if (pid !== undefined) await end(pid);
    // It may lie elsewhere, where the server's account can enter.
    rmSync(realpathSync(cluster), { recursive: true, force: true });
  }
  rmSync(stage, { recursive: true, force: true });
}

async function end(pid: number): Promise<void> {
  // Its files are thrown away: it need not tidy them.
  for (let waitedMs = 0; waitedMs < STOP_LIMIT_MS; waitedMs += 50) {
    try {
      process.kill(pid, waitedMs === 0 ? 'SIGQUIT' : 0);
    } catch {
      return;
    }
    await pause(50);
  }
}

function refuseStillRunning(stage: string): void {
  const pid = runningPid(join(stage, 'postgres', 'data'));
  if (pid !== undefined) throw new Error('The recovered database did not stop');
}

const external = () =>
  new Refusal(
    'SOTTO_DATABASE_URL names a database that is not embedded; its files are not Sotto\u2019s to write.',
    [
      'restore it with its own tools; the next start erases again what was erased since',
      'to restore into an embedded database: unset SOTTO_DATABASE_URL',
    ],
  );

const changed = () =>
  new Refusal('The backup changed while it was restored.', ['run sotto restore again on a copy that stays']);
