// The way to the database: two roles, short transactions, pipelined round trips.
//
//   sotto_batch   reads and writes shared batches under its own row-level policies
//   sotto_tenant  reads on behalf of one workspace; forced row-level security shows it nothing else
//
// A transaction is a pipelined connection: statements sent without awaiting each other share a round trip, and
// `begin` travels with the first of them. After an error the rest of the pipeline fails and COMMIT answers
// ROLLBACK without an error of its own, so commit checks the answered tag.

import type { Duplex } from 'node:stream';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { PreparedNames } from './prepared-names.ts';
import { demandPurpose, type PurposesInForce } from './purposes-in-force.ts';
import type { Statement } from './statement.ts';
import type { DB } from './tables.generated.ts';
import { typeParsers } from './type-parsers.ts';

export type Role = 'sotto_batch' | 'sotto_tenant';

/** A running transaction. Statements go out in the order they are called, answers come in the same order. */
export interface Tx {
  /** Throws `feature_off` unless the purpose is in force. Every read asks: statements here, readers where they begin. */
  demandPurpose(purpose: string): void;
  /** Runs a Kysely query. */
  run<Row>(query: Compilable<Row>): Promise<Row[]>;
  /** Runs a registered statement with its values in order. */
  exec<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
}

/** A transaction whose end the caller sends itself, so that COMMIT shares a round trip with the last writes. */
export interface OpenTx extends Tx {
  /**
   * Resolves when the commit is durable. Rejects when the server rolled back or the outcome is unknown. COMMIT shares
   * the round trip of `writes`, statements already sent and not yet answered; the first of them that failed is thrown.
   */
  commit(writes?: readonly Promise<unknown>[]): Promise<void>;
  /** Ends the transaction without effect; never rejects. */
  rollback(): Promise<void>;
}

/** How the work of a transaction ends when COMMIT travels with its last writes. */
export interface Ending<T> {
  readonly value: T;
  /** Statements that have been sent, whose answers nobody reads. Nothing may be sent after them. */
  readonly writes: readonly Promise<unknown>[];
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections for sotto_batch; sotto_tenant gets half as many, at least two. */
  readonly connections?: number;
  readonly applicationName?: string;
  /** How long a caller waits for a connection, in milliseconds; five seconds when left out. */
  readonly connectTimeoutMs?: number;
  /** Purposes that may be read for; all of them when left out. */
  readonly purposes?: PurposesInForce;
}

/** Builds queries over the generated table types; it has no connection of its own. */
export const q = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** A statement that runs longer is cancelled: nothing the product does in a transaction needs this long. */
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Prepared plans are made while a day's partitions are still empty and kept while they fill: a scan that was cheap
 * then would read the whole day later. Every statement has its index, so scans are off where one exists.
 */
export const PLANNER_SETTINGS = '-c enable_seqscan=off';

export class Database {
  readonly #pools: Record<Role, pg.Pool>;
  readonly #purposes: PurposesInForce | undefined;

  constructor(options: DatabaseOptions) {
    this.#purposes = options.purposes;
    const connections = options.connections ?? 8;
    const pool = (role: Role, max: number) => {
      const made = new pg.Pool({
        connectionString: options.url,
        options: `-c role=${role} -c TimeZone=UTC ${PLANNER_SETTINGS} -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
        application_name: options.applicationName ?? 'sotto',
        max,
        connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        idleTimeoutMillis: 30_000,
        types: typeParsers,
        pipeline: true,
      } as pg.PoolConfig);
      // A connection that breaks is replaced at its next use, and what waits on it fails by itself; the events must
      // have listeners all the same, or they would end the process: the pool's for idle connections, each
      // connection's own for those in use.
      made.on('error', () => undefined);
      made.on('connect', (client) => client.on('error', () => undefined));
      return made;
    };
    this.#pools = {
      sotto_batch: pool('sotto_batch', connections),
      sotto_tenant: pool('sotto_tenant', Math.max(2, connections >> 1)),
    };
  }

  /** Opens a read-write transaction as sotto_batch. The caller must end it. */
  async begin(): Promise<OpenTx> {
    return this.#open('sotto_batch', 'begin');
  }

  /** Runs `work` in one transaction as sotto_batch and commits. Any error rolls back and is thrown. */
  async batch<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#within(await this.begin(), work);
  }

  /** As {@link batch}, with COMMIT in the round trip of the last writes: their locks end one round trip sooner. */
  async batchEnding<T>(work: (tx: Tx) => Promise<Ending<T>>): Promise<T> {
    const tx = await this.begin();
    let ending: Ending<T>;
    try {
      ending = await work(tx);
    } catch (error) {
      await tx.rollback();
      throw asFailure(error);
    }
    await tx.commit(ending.writes);
    return ending.value;
  }

  /**
   * Reads on behalf of one workspace: forced row-level security hides every other one's rows. All statements of `work`
   * see the same moment, so that what moves from table to table is never missed in both.
   */
  async tenant<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const tx = await this.#open('sotto_tenant', 'begin isolation level repeatable read read only');
    const scoped = tx.exec(SET_TENANT, [workspaceId]);
    scoped.catch(() => undefined);
    return this.#within(tx, async (inner) => {
      const result = work(inner);
      result.catch(() => undefined);
      await scoped;
      return result;
    });
  }

  /** Reads as sotto_batch, all statements of `work` at one moment: for checks of what other transactions change meanwhile. */
  async moment<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#within(
      await this.#open('sotto_batch', 'begin isolation level repeatable read read only'),
      work,
    );
  }

  /** A connection outside any transaction, for LISTEN and health checks. The caller releases it. */
  async connection(role: Role = 'sotto_batch'): Promise<pg.PoolClient> {
    return this.#connect(role);
  }

  async end(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.end()));
  }

  async #within<T>(tx: OpenTx, work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work(tx);
    } catch (error) {
      await tx.rollback();
      throw asFailure(error);
    }
    await tx.commit();
    return result;
  }

  async #connect(role: Role): Promise<pg.PoolClient> {
    try {
      return await this.#pools[role].connect();
    } catch (error) {
      throw asFailure(error);
    }
  }

  async #open(role: Role, begin: string): Promise<OpenTx> {
    return new PooledTx(await this.#connect(role), begin, this.#purposes);
  }
}

const SET_TENANT: Statement<unknown> = {
  name: 'platform.set_tenant',
  purpose: 'operations',
  text: `select set_config('platform.tenant', $1, true)`,
};

/** One for the process: a name must mean the same text on every connection. */
const PREPARED = new PreparedNames();

class PooledTx implements OpenTx {
  readonly #client: pg.PoolClient;
  readonly #began: Promise<unknown>;
  readonly #purposes: PurposesInForce | undefined;
  #ended = false;
  #broken = false;
  #corked = false;

  constructor(client: pg.PoolClient, begin: string, purposes: PurposesInForce | undefined) {
    this.#client = client;
    this.#purposes = purposes;
    this.#cork();
    this.#began = client.query(begin);
    this.#began.catch(() => {
      this.#broken = true;
    });
  }

  demandPurpose(purpose: string): void {
    demandPurpose(this.#purposes, purpose);
  }

  async run<Row>(query: Compilable<Row>): Promise<Row[]> {
    this.#assertOpen();
    const compiled = query.compile();
    this.#cork();
    const name = PREPARED.of(compiled.sql);
    return this.#answered(
      this.#client.query({
        ...(name === undefined ? {} : { name }),
        text: compiled.sql,
        values: compiled.parameters as unknown[],
      }),
    );
  }

  async exec<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
    this.#assertOpen();
    this.demandPurpose(statement.purpose);
    this.#cork();
    return this.#answered(
      this.#client.query({ name: statement.name, text: statement.text, values: values as unknown[] }),
    );
  }

  async #answered<Row>(answer: Promise<pg.QueryResult>): Promise<Row[]> {
    try {
      return (await answer).rows as Row[];
    } catch (error) {
      throw asFailure(error);
    }
  }

  async commit(writes: readonly Promise<unknown>[] = []): Promise<void> {
    // Every promise is awaited even when one fails, so that none is left without a listener.
    const results = await Promise.allSettled([...writes, this.#commit()]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #commit(): Promise<void> {
    this.#end();
    let tag: string;
    try {
      this.#cork();
      const result = await this.#client.query('commit');
      await this.#began;
      tag = result.command;
    } catch (error) {
      this.#client.release(true);
      throw asFailure(error);
    }
    this.#client.release(this.#broken);
    if (tag !== 'COMMIT') throw new Error('The transaction was rolled back by the server');
  }

  async rollback(): Promise<void> {
    if (this.#ended) return;
    this.#end();
    try {
      await this.#client.query('rollback');
      this.#client.release(this.#broken);
    } catch {
      // The connection is gone, and the transaction with it: nothing is left to undo.
      this.#client.release(true);
    }
  }

  /** Statements of one turn leave in one write: node-pg would make a system call of each. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    const { stream } = (this.#client as unknown as { connection: { stream: Duplex } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      stream.uncork();
    });
  }

  /** The connection may be somebody else's by now: a late statement must not run in their transaction. */
  #assertOpen(): void {
    if (this.#ended) throw new Error('The transaction has already ended');
  }

  #end(): void {
    this.#assertOpen();
    this.#ended = true;
  }
}

/** True when the database could not be reached or went away: the same call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (typeof code === 'string') {
    // 08 connection, 53 resources, 57P shutdown or crash recovery; 40001/40P01 asked to retry.
    if (/^(08|53|57P)/.test(code) || code === '40001' || code === '40P01') return true;
    if (/^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH)/.test(code)) return true;
  }
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Connection ended/.test(
      message,
    )
  );
}

/** A database error as the product's: unavailability is retryable and says so, the rest passes as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof AppError || !isUnavailable(error)) return error;
  return new AppError('unavailable', {
    internal: 'the database cannot be reached',
    retryable: true,
    retryAfterSeconds: 1,
    cause: error,
  });
}
