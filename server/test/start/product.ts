// The real product as a newcomer runs it: a process of its own, folders of its own, nothing of this process in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from '@sotto/sdk';

const CLI = resolve(import.meta.dirname, '../../src/main/cli.mjs');
const LIMIT_MS = 60_000;
const POLL_MS = 20;

export interface Credentials {
  readonly base_url: string;
  readonly api_key: string;
  readonly admin_api_key: string;
  readonly email?: string;
  readonly password?: string;
  readonly workspace_id: string;
}

/** What a process said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Folders of one installation, removed at the end. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'sotto-start-'));
  readonly dataDir = join(this.folder, 'data');
  readonly keysDir = join(this.folder, 'keys');
  readonly masterKeyFile = join(this.folder, 'master-key');
  readonly #running = new Set<Product>();

  constructor() {
    // The account PostgreSQL runs under when we are root must be able to enter.
    chmodSync(this.folder, 0o755);
  }

  get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      SOTTO_PORT: '0',
      SOTTO_DATA_DIR: this.dataDir,
      SOTTO_KEYS_DIR: this.keysDir,
      SOTTO_MASTER_KEY_FILE: this.masterKeyFile,
      SOTTO_EMBEDDED_SHARED_BUFFERS_MB: '32',
      SOTTO_DISK_FREE_MIN_PERCENT: '0',
    };
  }

  /** Runs a command; the product when none is named. */
  run(args: readonly string[] = ['start'], env: Record<string, string> = {}): Product {
    const product = new Product(args, { ...this.environment, ...env });
    this.#running.add(product);
    return product;
  }

  credentials(): Credentials {
    return JSON.parse(readFileSync(join(this.dataDir, 'dev-credentials.json'), 'utf8')) as Credentials;
  }

  client(who: 'api_key' | 'admin_api_key' = 'api_key'): Client {
    const credentials = this.credentials();
    return createClient({ baseUrl: credentials.base_url, apiKey: credentials[who] });
  }

  /** Process id of the embedded database's server while one runs here. */
  databasePid(): number | undefined {
    const file = join(this.dataDir, 'postgres', 'data', 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#running].map((product) => product.stop('SIGTERM')));
    const pid = this.databasePid();
    if (pid !== undefined) process.kill(pid, 'SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

export class Product {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #out = '';
  #err = '';

  constructor(args: readonly string[], env: Record<string, string>) {
    this.#child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
    });
    this.#ended = new Promise((done) => {
      this.#child.once('close', (code) => done({ code, out: this.#out, err: this.#err }));
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it printed once it was ready. Throws what it said when it ended instead. */
  async greeting(): Promise<string> {
    await eventually('the product greets', () => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`It ended with ${this.#child.exitCode}:\n${this.#out}\n${this.#err}`);
      return this.#out.includes('Ctrl-C stops it.') || undefined;
    });
    return this.#out;
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  stop(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Asks again until there is an answer. Throws what `look` throws, and after a minute. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`Not within ${LIMIT_MS / 1000} s: ${what}`);
    await pause(POLL_MS);
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
