// Everything a run consists of: the product, its database, the carrier, the network between them, a client. Each is a
// process of its own but the client and the network, which live in the test and are never killed.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readBooks } from './books.ts';
import { readTruth } from './carrier-truth.ts';
import { check, type Report } from './check.ts';
import { checkLeaks } from './check-leaks.ts';
import { ClientLog } from './client-log.ts';
import { configureCarrier } from './configure-carrier.ts';
import { DatabaseProcess } from './database-process.ts';
import { Dice } from './dice.ts';
import { LoadClient } from './load-client.ts';
import { ServerProcess } from './server-process.ts';
import { SmscControl } from './smsc-control.ts';
import { StateWatch } from './state-watch.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { eventually } from './waiting.ts';
import { WantedMessages } from './wanted-messages.ts';

export interface WorldOptions {
  readonly seed: number;
  /** Another copy of the server's source, changed on purpose. */
  readonly source?: string;
}

const CHECKOUT_SERVER = resolve(import.meta.dirname, '../..');
/** Short, so that a killed sender's claims are taken over while somebody watches. */
const SENDER_LEASE_MS = 2_000;
/** Everything that was accepted must have come to an end by then: recovery, leases, back-offs and retries included. */
const QUIET_LIMIT_MS = 120_000;
/** Parts that wait for receipts which no carrier will send are given up on, in a run that has gone wrong. */
const HOPELESS_MS = 8_000;
/** Parked receipts are tried again every two seconds. */
const REMATCH_MS = 2_500;
/** Validity of the run's messages (ten minutes), the 72 hours after it, and a little. */
const SETTLE_AHEAD = '73 hours 15 minutes';

export class World {
  readonly seed: number;
  readonly dice: Dice;
  readonly log = new ClientLog();
  readonly wanted: WantedMessages;
  readonly client: LoadClient;
  readonly database: DatabaseProcess;
  readonly smsc: SmscControl;
  readonly network: TcpProxy;
  /** Ids of receipts that belong to nothing. */
  readonly strays = new Set<string>();
  /** Seconds from a fault to the next thing that works again. */
  readonly recoveries: number[] = [];
  readonly #folder: string;
  readonly #source: string;
  #server: ServerProcess | null = null;
  #baseUrl = '';
  #credentials: Credentials | null = null;
  #watch: StateWatch | null = null;
  #settled = false;

  private constructor(options: WorldOptions, folder: string, smsc: SmscControl, network: TcpProxy) {
    this.seed = options.seed;
    this.dice = new Dice(options.seed);
    this.#source = options.source ?? CHECKOUT_SERVER;
    this.#folder = folder;
    this.smsc = smsc;
    this.network = network;
    this.database = new DatabaseProcess(this.#dataDir);
    this.wanted = new WantedMessages(this.dice.branch('messages'));
    this.client = new LoadClient({
      log: this.log,
      baseUrl: () => this.#baseUrl,
      apiKey: () => this.#credentials?.api_key ?? '',
      keyPrefix: `run-${options.seed}`,
    });
  }

  /** A fresh installation with a connector, a price and a route. */
  static async create(options: WorldOptions): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'sotto-faults-'));
    // The account PostgreSQL runs under when we are root must be able to enter.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
    const smsc = await SmscControl.start(folder, options.seed);
    const network = await TcpProxy.start({ host: '127.0.0.1', port: smsc.port });
    const world = new World(options, folder, smsc, network);
    try {
      await world.startServer();
      world.#credentials = await readCredentials(join(world.#dataDir, 'dev-credentials.json'));
      await configureCarrier(world.#baseUrl, world.#credentials.admin_api_key, network.port, world.dice);
      await world.bound();
      world.#watch = new StateWatch({
        database: new DatabaseProcess(world.#dataDir),
        baseUrl: () => world.#baseUrl,
        apiKey: () => world.#credentials?.api_key ?? '',
      });
      return world;
    } catch (error) {
      await world.end(true);
      throw error;
    }
  }

  get server(): ServerProcess {
    if (this.#server === null) throw new Error('no server was started');
    return this.#server;
  }

  get #dataDir(): string {
    return join(this.#folder, 'data');
  }

  get #serverLog(): string {
    return join(this.#folder, 'server.log');
  }

  /** Starts the product on the same data directory, with a failpoint armed or none. */
  async startServer(failpoints?: string): Promise<void> {
    this.#server = await this.launch(failpoints);
    this.#baseUrl = this.#server.baseUrl;
  }

  /** A server process of its own beside whatever runs; the client does not talk to it. */
  launch(failpoints?: string): Promise<ServerProcess> {
    return ServerProcess.start({
      source: this.#source,
      logFile: this.#serverLog,
      ...(failpoints === undefined ? {} : { failpoints }),
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        SOTTO_PORT: '0',
        SOTTO_DATA_DIR: this.#dataDir,
        SOTTO_KEYS_DIR: join(this.#folder, 'keys'),
        SOTTO_MASTER_KEY_FILE: join(this.#folder, 'master-key'),
        SOTTO_SIMULATOR: 'false',
        SOTTO_SENDER_LEASE_MS: `${SENDER_LEASE_MS}`,
        SOTTO_DRAIN_TIMEOUT_MS: '5000',
        SOTTO_EMBEDDED_SHARED_BUFFERS_MB: '64',
        SOTTO_DISK_FREE_MIN_PERCENT: '0',
      },
    });
  }

  /** The client talks to this server from now on. */
  adoptServer(server: ServerProcess): void {
    this.#server = server;
    this.#baseUrl = server.baseUrl;
  }

  /**
   * Lets the leases of dead processes run out now. Their owners are known to be gone, because we saw them end; the
   * database would learn it only when up to thirty seconds have passed. What follows is the same.
   */
  async forgetTheDead(): Promise<void> {
    await this.database.sql(
      `update carriers.bind_lease set expires_at = platform.clock() where token is not null;
       update messages.sender set expires_at = platform.clock() - interval '1 hour';
       update platform.job set due_at = platform.clock() where lease_token is not null`,
    );
  }

  /** kill -9 of the product, and a new start on the same data directory. */
  async killAndRestart(failpoints?: string): Promise<void> {
    if (this.server.alive) await this.server.kill();
    await this.restart(failpoints);
  }

  /** A start after the product has died by itself. */
  async restart(failpoints?: string): Promise<void> {
    const fellMs = performance.now();
    await this.database.start();
    await this.forgetTheDead();
    await this.startServer(failpoints);
    if (this.server.alive) this.recoveries.push((performance.now() - fellMs) / 1000);
  }

  /** Resolves when the product answers that it is ready, which includes its binds. */
  async bound(limitMs = 60_000): Promise<void> {
    await eventually('the server is ready again', limitMs, async () => {
      const response = await fetch(`${this.#baseUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => null,
      );
      return response?.status === 200 || undefined;
    });
  }

  /** Measures how long it takes from now until a request is accepted again. */
  async measureRecovery(limitMs = 60_000): Promise<void> {
    const fromMs = performance.now();
    await eventually(
      'requests are accepted again',
      limitMs,
      () => this.client.lastAcceptedMs > fromMs || undefined,
    );
    this.recoveries.push((performance.now() - fromMs) / 1000);
  }

  /** Waits until nothing is under way any more: bounded, and saying what still was when the bound is reached. */
  async quiesce(): Promise<void> {
    let left = 'nothing asked yet';
    let sinceMs = performance.now();
    const rested = await eventually('the run comes to rest', QUIET_LIMIT_MS, async () => {
      const [row] = await this.database
        .sql<{ queued: number; open: number }>(
          `select (select count(*)::integer from messages.queue) as queued,
                  (select count(*)::integer from messages.part where status = 'submitted') as open`,
        )
        .catch(() => []);
      const { receiptsPending } = await this.smsc.counts();
      const now = `${row?.queued} queued, ${row?.open} without a receipt, ${receiptsPending} receipts at the carrier`;
      if (now !== left) sinceMs = performance.now();
      left = now;
      if (row?.queued !== 0 || receiptsPending !== 0) return undefined;
      if (row.open === 0) return true;
      // Nothing is left that could still tell what became of them.
      return performance.now() - sinceMs > HOPELESS_MS ? false : undefined;
    }).catch(() => false);
    // What is left is what the checker reports.
    if (!rested) process.stderr.write(`seed ${this.seed}: not at rest: ${left}\n`);
    await this.#parkedSettled();
  }

  /** While outcomes are unknown, parked receipts are tried on them until a whole round has matched none. */
  async #parkedSettled(): Promise<void> {
    let before = -1;
    for (let rounds = 0; rounds < 10; rounds++) {
      const [row] = await this.database.sql<{ parked: number; unknown: number }>(
        `select (select count(*)::integer from messages.parked_receipt) as parked,
                (select count(*)::integer from messages.part where status = 'unknown' and finished_at is null) as unknown`,
      );
      const { parked, unknown } = row!;
      if (parked === 0 || unknown === 0 || parked === before) return;
      before = parked;
      await pause(REMATCH_MS);
    }
  }

  /** Moves the clock past the end of all waiting, so that unknown outcomes are given up and every hold is resolved. */
  async settle(): Promise<void> {
    await this.database.sql(
      `create or replace function platform.clock() returns timestamptz language sql stable parallel safe
         return statement_timestamp() + interval '${SETTLE_AHEAD}'`,
    );
    // Partitions are made beside a product that writes to their parents: a deadlock ends the one who asked last.
    await eventually('the partitions of the days ahead are made', QUIET_LIMIT_MS, () =>
      this.database.sql('select platform.create_partitions()').then(
        () => true,
        () => undefined,
      ),
    );
    this.#settled = true;
    await eventually('the last hold is resolved', QUIET_LIMIT_MS, async () => {
      const [row] = await this.database.sql<{ open: number }>(
        `select count(*)::integer as open from ledger.hold where state = 'open'`,
      );
      return row!.open === 0 || undefined;
    }).catch(() => undefined);
  }

  /** Compares the truths as they stand now. */
  async check(): Promise<Report> {
    const books = await readBooks(this.database);
    const truth = readTruth(await this.smsc.events());
    const report = check({ log: this.log, books, truth, strays: this.strays, settled: this.#settled });
    const more = [
      ...(this.#watch?.violations ?? []),
      ...checkLeaks(this.log, [this.#serverLog, this.database.logFile]),
    ];
    return { ...report, violations: [...report.violations, ...more] };
  }

  /** How often the states were looked at. */
  get looks(): number {
    return this.#watch?.looks ?? 0;
  }

  /** Ends every process. `keep` leaves the folder with all logs and says where. */
  async end(keep = false): Promise<void> {
    this.client.stop();
    await this.#watch?.stop();
    if (this.#server?.alive) await this.#server.kill();
    await this.database.stop();
    await this.network.stop();
    await this.smsc.stop();
    if (keep) process.stderr.write(`seed ${this.seed}: everything that was logged is in ${this.#folder}\n`);
    else rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface Credentials {
  readonly api_key: string;
  readonly admin_api_key: string;
}

/** They are written after the server has said that it listens. */
const readCredentials = (file: string): Promise<Credentials> =>
  eventually('the credentials are written', 10_000, () =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Credentials) : undefined,
  );
