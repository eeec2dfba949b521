// The embedded PostgreSQL seen from outside: which processes it consists of, how to kill them, and how to start it
// again as a supervisor would, with the command line that it keeps in its own data folder.
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from './waiting.ts';

/** Recovery after a kill replays at most a checkpoint's worth of log. */
const ANSWER_LIMIT_MS = 60_000;

export class DatabaseProcess {
  readonly #cluster: string;
  #client: pg.Client | null = null;

  /** `dataDir` is the product's data directory. */
  constructor(dataDir: string) {
    this.#cluster = join(dataDir, 'postgres');
  }

  get logFile(): string {
    return join(this.#cluster, 'postgres.log');
  }

  /** The postmaster's process id; undefined when none runs. */
  get pid(): number | undefined {
    const [pid] = this.#pidFile();
    return pid !== undefined && isAlive(Number(pid)) ? Number(pid) : undefined;
  }

  /** Runs SQL as the owner of the database, past row-level security. Connects anew when the connection was lost. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.#client ??= await this.#connect();
    try {
      return (await this.#client.query<Row>(text, values as unknown[])).rows;
    } catch (error) {
      if (isRefusal(error)) throw error;
      await this.close();
      throw new Error('the connection to the database was lost', { cause: error });
    }
  }

  /** Resolves when it answers. */
  async answers(): Promise<void> {
    await eventually('the database answers', ANSWER_LIMIT_MS, () =>
      this.sql('select 1').then(
        () => true,
        () => undefined,
      ),
    );
  }

  /** kill -9 of the postmaster; its children notice and end by themselves. */
  async kill(): Promise<void> {
    const { pid } = this;
    if (pid === undefined) throw new Error('no database runs that could be killed');
    process.kill(pid, 'SIGKILL');
    await eventually('the postmaster is gone', 10_000, () => !isAlive(pid) || undefined);
    await this.close();
  }

  /**
   * kill -9 of one backend of the product. The postmaster answers by ending all sessions and recovering. False when
   * no backend was connected.
   */
  async killBackend(): Promise<boolean> {
    const [row] = await this.sql<{ pid: number }>(
      `select pid
         from pg_stat_activity
        where backend_type = 'client backend'
          and pid <> pg_backend_pid()
          and usename is not null
        order by (state = 'active') desc nulls last, random()
        limit 1`,
    );
    if (row === undefined) return false;
    process.kill(row.pid, 'SIGKILL');
    return true;
  }

  /** Starts the killed server again. It refuses while children of the killed one live, so it is asked repeatedly. */
  async start(): Promise<void> {
    if (this.pid !== undefined) return this.answers();
    const data = join(this.#cluster, 'data');
    const [program, ...rest] = optionsOf(readFileSync(join(data, 'postmaster.opts'), 'utf8'));
    const { uid, gid } = statSync(data);
    const asOwner = process.getuid?.() === 0 ? { uid, gid } : {};
    await eventually('the database starts again', ANSWER_LIMIT_MS, async () => {
      const log = openSync(this.logFile, 'a', 0o600);
      const child = spawn(program!, rest, {
        cwd: this.#cluster,
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', log, log],
        detached: true,
        ...asOwner,
      });
      child.unref();
      let ended = false;
      child.once('exit', () => {
        ended = true;
      });
      return eventually('it runs or refuses', ANSWER_LIMIT_MS, async () => {
        if (ended) return 'refused' as const;
        return this.sql('select 1').then(
          () => 'runs' as const,
          () => undefined,
        );
      }).then((outcome) => (outcome === 'runs' ? true : undefined));
    });
  }

  /** Fast shutdown. */
  async stop(): Promise<void> {
    await this.close();
    const { pid } = this;
    if (pid === undefined) return;
    process.kill(pid, 'SIGINT');
    await eventually('the database stops', 30_000, () => !isAlive(pid) || undefined);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<pg.Client> {
    const password = readFileSync(join(this.#cluster, 'owner-password'), 'utf8').trim();
    const host = this.#pidFile()[4];
    if (host === undefined) throw new Error('no database runs');
    const client = new pg.Client({
      host,
      user: 'sotto_owner',
      password,
      database: 'sotto',
      connectionTimeoutMillis: 2_000,
    });
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    await client.connect();
    return client;
  }

  /** Lines of postmaster.pid: process id, data folder, start, port, socket folder. */
  #pidFile(): string[] {
    const file = join(this.#cluster, 'data', 'postmaster.pid');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  }
}

/** A statement the server refused; everything else, class 57P among it, means that the server went away. */
const isRefusal = (error: unknown): boolean =>
  /^(?!57P)[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process that nobody has waited for is no server any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** postmaster.opts holds one line: the program, then each argument in double quotes. */
function optionsOf(line: string): string[] {
  const [program] = line.split(' "', 1) as [string];
  return [program.trim(), ...[...line.matchAll(/"([^"]*)"/g)].map((match) => match[1] as string)];
}
