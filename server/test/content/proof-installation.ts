// An installation whose every file lies below one folder, to be searched: data, keys, logs, and the folder its processes
// run in, where a crash would leave its core. The message centre lives in the test and writes nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Smsc, startSmsc } from '@sotto/simulator';
import type { ContentModes } from '../../src/main/content-modes.ts';
import { compiledCode } from '../compiled-code.ts';
import { configureCarrier } from '../faults/configure-carrier.ts';
import { DatabaseProcess } from '../faults/database-process.ts';
import { Dice } from '../faults/dice.ts';
import { eventually, within } from '../faults/waiting.ts';

const PROGRAM = join(import.meta.dirname, 'content-process.ts');
const CHECKOUT_SERVER = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 40_000;
const ANSWER_LIMIT_MS = 30_000;
/** Short, so that a dead home is taken over while the test watches. */
const LEASE_MS = 2_000;

export interface ListedText {
  readonly text: string | null;
  readonly from: string | null;
  readonly retention: string;
  readonly complete: boolean;
}

interface Credentials {
  readonly base_url: string;
  readonly api_key: string;
  readonly admin_api_key: string;
  readonly workspace_id: string;
}

export class ProofInstallation {
  readonly folder: string;
  readonly smsc: Smsc;
  readonly #modes: ContentModes;
  readonly #source: string;
  readonly #running = new Map<string, ChildProcess>();

  private constructor(modes: ContentModes, source: string, smsc: Smsc) {
    this.#modes = modes;
    this.#source = source;
    this.smsc = smsc;
    this.folder = mkdtempSync(join(tmpdir(), 'sotto-proof-'));
    // The account PostgreSQL runs under when we are root must be able to enter.
    chmodSync(this.folder, 0o755);
    for (const name of ['data', 'logs', 'cwd']) mkdirSync(join(this.folder, name), { mode: 0o755 });
  }

  static async create(modes: ContentModes, source = CHECKOUT_SERVER): Promise<ProofInstallation> {
    return new ProofInstallation(modes, source, await startSmsc({ behaviour: { magicNumbers: true } }));
  }

  /** Starts a process with these roles; resolves when it says that it is ready. */
  async start(roles: string): Promise<void> {
    const log = openSync(join(this.folder, 'logs', `${roles}.log`), 'a', 0o600);
    const child = spawn(process.execPath, [PROGRAM, this.#source, JSON.stringify(this.#modes)], {
      cwd: join(this.folder, 'cwd'),
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        ...compiledCode(this.#source),
        SOTTO_PORT: '0',
        SOTTO_ROLE: roles,
        SOTTO_DATA_DIR: join(this.folder, 'data'),
        SOTTO_KEYS_DIR: join(this.folder, 'keys'),
        SOTTO_MASTER_KEY_FILE: join(this.folder, 'master-key'),
        SOTTO_SIMULATOR: 'false',
        SOTTO_LOG_LEVEL: 'debug',
        SOTTO_SENDER_LEASE_MS: `${LEASE_MS}`,
        SOTTO_DRAIN_TIMEOUT_MS: '5000',
        SOTTO_EMBEDDED_SHARED_BUFFERS_MB: '32',
        SOTTO_DISK_FREE_MIN_PERCENT: '0',
      },
    });
    closeSync(log);
    this.#running.set(roles, child);
    const before = this.#said(roles).length;
    await eventually(`${roles} is ready`, START_LIMIT_MS, () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${this.#said(roles).slice(-600)}`);
      return (
        this.#said(roles)
          .slice(Math.max(0, before - 1))
          .includes('Sotto is ready') || undefined
      );
    });
  }

  /** kill -9. */
  async kill(roles: string): Promise<void> {
    await this.#end(roles, 'SIGKILL');
  }

  /** Stops all processes in order; the last one takes the database along. */
  async stop(): Promise<void> {
    for (const roles of [...this.#running.keys()].reverse()) await this.#end(roles, 'SIGTERM');
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.smsc.stop('drop');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** A connector to the message centre with so many binds, a price, a route, and a number of the demo workspace. */
  async configure(number: string, binds = 1): Promise<void> {
    const { base_url, admin_api_key, workspace_id } = this.#credentials();
    await configureCarrier(base_url, admin_api_key, this.smsc.port, new Dice(1));
    const [connector] = (await this.#admin('GET', '/v1/admin/carriers')).data as { id: string }[];
    // A start is refused while a carrier's own retention is not declared.
    await this.#admin('PATCH', `/v1/admin/carriers/${connector!.id}`, { binds, upstream_retention_days: 0 });
    const added = await this.#admin('POST', '/v1/admin/numbers', { number, connector_id: connector!.id });
    await this.#admin('POST', `/v1/admin/numbers/${added.id}/assign`, { workspace_id });
  }

  /** A handset writes, again and again until every part was taken: what a message centre does. */
  async writes(message: Parameters<Smsc['inbound']>[0]): Promise<void> {
    await eventually('the text is taken', ANSWER_LIMIT_MS, async () => {
      const statuses = await this.smsc.inbound(message).catch(() => [-1]);
      return statuses.every((status) => status === 0) || undefined;
    });
  }

  async read(): Promise<ListedText[]> {
    return (await this.#call('GET', '/v1/inbound', this.#credentials().api_key)).data as ListedText[];
  }

  /** Sends a message and answers how the API refused it or what became of it. */
  async send(body: object): Promise<string> {
    const key = this.#credentials().api_key;
    const accepted = await this.#call('POST', '/v1/messages', key, body, [202, 400, 422]);
    if (accepted.id === undefined) return `refused: ${accepted.code}`;
    return eventually('the message ends', ANSWER_LIMIT_MS, async () => {
      const { status } = await this.#call('GET', `/v1/messages/${accepted.id}`, key);
      return ['delivered', 'undeliverable', 'rejected', 'expired'].includes(status as string)
        ? (status as string)
        : undefined;
    });
  }

  /** Runs SQL as the owner. */
  async sql<Row extends object>(text: string): Promise<Row[]> {
    const database = new DatabaseProcess(join(this.folder, 'data'));
    try {
      return (await database.sql(text)) as Row[];
    } finally {
      await database.close();
    }
  }

  async #end(roles: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#running.get(roles);
    this.#running.delete(roles);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await within(`${roles} ends`, STOP_LIMIT_MS, gone);
  }

  #said(roles: string): string {
    return readFileSync(join(this.folder, 'logs', `${roles}.log`), 'utf8');
  }

  #credentials(): Credentials {
    return JSON.parse(readFileSync(join(this.folder, 'data', 'dev-credentials.json'), 'utf8')) as Credentials;
  }

  #admin(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    return this.#call(method, path, this.#credentials().admin_api_key, body);
  }

  async #call(
    method: string,
    path: string,
    key: string,
    body?: object,
    statuses: readonly number[] = [200, 201],
  ): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#credentials().base_url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!statuses.includes(response.status))
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}
