// The embedded PostgreSQL: a cluster of our own in the data directory, reached over a Unix socket that only its
// owner can open, with the durability settings on. One server process belongs to one data directory: a start
// that finds it running (after a crash of ours, or from a second process of the same machine) adopts it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { monotonicMs, pause } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { type Account, clusterFolder, programsFor, serverAccount } from './binaries.ts';
import { adoptable, answers, runningPid } from './running-server.ts';

export { runningPid };

export interface EmbeddedOptions {
  /** Sotto's data directory; the cluster lives in `postgres/` inside it. */
  readonly dataDir: string;
  /** Extra `name=value` server settings. Tests switch durability off here; nothing else may. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long a start may take, recovery included. */
  readonly startLimitMs?: number;
}

export interface EmbeddedPostgres {
  /** Connects as the owner of the product's database. */
  readonly url: string;
  /** Process id of the server, for tests that kill it. */
  readonly pid: number;
  /** True when the server was already running and is not ours to stop. */
  readonly adopted: boolean;
  /** Process id of the server now; another one after it was started again. */
  currentPid(): number | undefined;
  /**
   * Looks whether the server lives and starts it again when it died (it recovers what was committed). Resolves true
   * when it had to. Does nothing while it lives, or once `stop` was called.
   */
  revive(): Promise<boolean>;
  /** Fast shutdown: sessions are ended, everything committed is on disk. Does nothing when adopted. */
  stop(): Promise<void>;
}

/** Of the PostgreSQL that this release brings along. */
export const EMBEDDED_MAJOR = 18;
const OWNER = 'sotto_owner';
const DATABASE = 'sotto';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;
const POLL_MS = 50;

/**
 * Settings of every embedded cluster. Parameters and row values never reach its log: errors of statements quote
 * them (`invalid input syntax for type integer: "..."`), so only what the server itself has to say is logged.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  min_wal_size: '512MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  jit: 'off',
  random_page_cost: '1.1',
  autovacuum_naptime: '10s',
  autovacuum_vacuum_cost_limit: '2000',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts (or adopts) the cluster of this data directory, making it first when it does not exist. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const programs = programsFor(account);
  mkdirSync(options.dataDir, { recursive: true });
  const cluster = clusterFolder(join(resolve(options.dataDir), 'postgres'), account);
  const data = join(cluster, 'data');
  const passwordFile = join(cluster, 'owner-password');

  if (existsSync(join(data, 'PG_VERSION'))) refuseOtherMajor(data);
  else initialise(programs, cluster, data, passwordFile, account);

  const socketDir = socketFolder(cluster, account);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const urlFor = (database: string) =>
    `postgresql://${OWNER}:${password}@/${database}?host=${encodeURIComponent(socketDir)}`;

  const start = async (): Promise<ChildProcess | undefined> => {
    if (await adoptable(data, urlFor('postgres'))) return undefined;
    const started = launch(programs, cluster, data, socketDir, account, options.settings);
    await waitUntilAnswers(
      urlFor('postgres'),
      started,
      join(cluster, 'postgres.log'),
      options.startLimitMs ?? START_LIMIT_MS,
    );
    return started;
  };
  let child = await start();
  const adopted = child === undefined;
  let stopped = false;
  await ensureDatabase(urlFor('postgres'));
  const pid = runningPid(data);
  if (pid === undefined) throw new Error('The embedded PostgreSQL answered and has no process id');
  return {
    url: urlFor(DATABASE),
    pid,
    adopted,
    currentPid: () => runningPid(data),
    async revive() {
      if (stopped || runningPid(data) !== undefined) return false;
      child = await start();
      return true;
    },
    async stop() {
      stopped = true;
      if (child !== undefined) await stop(child);
    },
  };
}

function refuseOtherMajor(data: string): void {
  const found = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8').trim());
  if (found === EMBEDDED_MAJOR) return;
  throw new Refusal(
    `The data directory holds a PostgreSQL ${found} cluster; this release runs PostgreSQL ${EMBEDDED_MAJOR}.`,
    [
      'start the release that made it, take a backup with it, and restore the backup into a new data directory',
      'set SOTTO_DATA_DIR to another folder to begin anew',
      'upgrade the cluster with pg_upgrade and set SOTTO_DATABASE_URL',
    ],
  );
}

function initialise(
  programs: string,
  cluster: string,
  data: string,
  passwordFile: string,
  account: Account | null,
) {
  // A crash half-way through leaves a folder without PG_VERSION: begin it again.
  rmSync(data, { recursive: true, force: true });
  if (!existsSync(passwordFile)) {
    writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
  }
  const partial = `${data}.new`;
  rmSync(partial, { recursive: true, force: true });
  const result = spawnSync(
    join(programs, 'bin', 'initdb'),
    [
      '-D',
      partial,
      '-U',
      OWNER,
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
    ],
    { encoding: 'utf8', cwd: cluster, env: serverEnvironment(), ...(account ?? {}) },
  );
  if (result.status !== 0) {
    const said = (result.stderr || result.error?.message || '').trim().split('\n').slice(-3).join(' ');
    throw new Refusal(`The embedded database could not be made: ${said}`, [
      'check that the disk has room and that the data directory is writable',
      'set SOTTO_DATA_DIR to another folder',
      'set SOTTO_DATABASE_URL to a PostgreSQL 18 of your own',
    ]);
  }
  renameSync(partial, data);
}

/** Locale and time zone of the machine must not leak in; the programs need nothing of our environment. */
const serverEnvironment = () => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

/**
 * A Unix socket's path may have 107 bytes, so it lives in a short folder of its own. Its name is drawn when the
 * cluster is made: a cluster that was deleted under its running server must not meet the next one on its socket.
 */
function socketFolder(cluster: string, account: Account | null): string {
  const nameFile = join(cluster, 'socket-name');
  if (!existsSync(nameFile)) writeFileSync(nameFile, `${randomBytes(6).toString('hex')}\n`, { mode: 0o600 });
  const folder = join(
    tmpdir(),
    `sotto-pg-${process.getuid?.() ?? 0}-${readFileSync(nameFile, 'utf8').trim()}`,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

function launch(
  programs: string,
  cluster: string,
  data: string,
  socketDir: string,
  account: Account | null,
  settings: EmbeddedOptions['settings'] = {},
): ChildProcess {
  const logFile = join(cluster, 'postgres.log');
  const log = openSync(logFile, 'a', 0o600);
  const flags = Object.entries({ ...SETTINGS, unix_socket_directories: socketDir, ...settings }).flatMap(
    ([k, v]) => ['-c', `${k}=${v}`],
  );
  // Detached: a Ctrl-C on the terminal reaches us first, and we drain before the database goes.
  return spawn(join(programs, 'bin', 'postgres'), ['-D', data, ...flags], {
    cwd: cluster,
    env: serverEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
    ...(account ?? {}),
  });
}

async function waitUntilAnswers(
  url: string,
  child: ChildProcess,
  logFile: string,
  limitMs: number,
): Promise<void> {
  const until = monotonicMs() + limitMs;
  let failure: unknown;
  let exited: string | undefined;
  child.once('error', (error) => {
    exited = error.message;
  });
  child.once('exit', (code, signal) => {
    exited = `exit ${code ?? signal}`;
  });
  while (monotonicMs() < until && exited === undefined) {
    failure = await answers(url);
    if (failure === true) return;
    await pause(POLL_MS);
  }
  const tail = existsSync(logFile)
    ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join(' | ')
    : '';
  throw new Refusal(
    `The embedded PostgreSQL did not start${exited ? ` (${exited})` : ''}. ${tail}`,
    [
      'read the log named postgres.log in the data directory',
      'check free disk space and shared memory',
      'set SOTTO_DATABASE_URL',
    ],
    failure,
  );
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // Another process of this machine made it between the look and the creation (duplicate_database).
    if ((error as { code?: string }).code !== '42P04' && (error as { code?: string }).code !== '23505')
      throw error;
  } finally {
    await client.end();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGINT');
  const late = new AbortController();
  await Promise.race([
    gone,
    pause(STOP_LIMIT_MS, late.signal).then(
      () => child.kill('SIGQUIT'),
      () => undefined,
    ),
  ]);
  late.abort();
  await gone;
}
