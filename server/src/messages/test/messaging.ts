// What tests of messages stand on: a database, workspaces with money, and lines to a carrier in memory that a script
// answers for. Each line has a connector of its own, so that tests of one file do not see each other's queues.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { encodeId } from '@sotto/contract';
import type { Message, MessageStatus } from '@sotto/contract/message';
import { createWorkspace } from '#accounts';
import { balance, credit } from '#ledger';
import { newId } from '#platform/ids';
import { createLog, type Log } from '#platform/log';
import { type Keyring, openKeyring } from '#privacy';
import type { ErasureRecorder } from '#privacy/erasures';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { type TestDatabase, useDatabase } from '../../../test/harness.ts';
import { type Acceptance, type AcceptanceOptions, startAcceptance } from '../acceptance.ts';
import { NO_HANDOFF } from '../handoff.ts';
import type { Submitter } from '../preparation.ts';
import { getMessage, getMessageShort } from '../reading.ts';
import type { Tariff } from '../tariff.ts';
import { CURRENCY, PLENTY, tariffOver, UNRESTRICTED } from './arrange.ts';
import { type Line, type LineOptions, startLine } from './line.ts';

/** Polls until the condition holds; fails after ten seconds. */
export async function until(condition: () => Promise<boolean> | boolean, what = 'it'): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what} did not come about within ten seconds`);
    await new Promise((next) => setTimeout(next, 5));
  }
}

export interface Messaging extends Pick<TestDatabase, 'url' | 'db' | 'sql'> {
  readonly keyring: Keyring;
  readonly log: Log;
  readonly erasures: ErasureRecorder;
  /** What was recorded as erased: kind and ids, in order. */
  readonly erased: (readonly [kind: string, ids: readonly string[]])[];
  /** Every line the log wrote. */
  readonly logged: string[];
  workspace(micros?: bigint): Promise<Submitter>;
  line(options?: LineOptions): Promise<Line>;
  /** Accepts without submitting: everything waits in the queue. */
  acceptance(tariff: Tariff, change?: Partial<AcceptanceOptions>): Acceptance;
  read(submitter: Submitter, id: string): Promise<Message>;
  detail(submitter: Submitter, id: string): ReturnType<typeof getMessage>;
  /** Waits until the message shows a status. */
  becomes(submitter: Submitter, id: string, status: MessageStatus): Promise<Message>;
  /** Available and held micros. */
  purse(submitter: Submitter): Promise<[bigint, bigint]>;
  /** Moves the database's clock and lets this process follow it. */
  advance(ms: number): Promise<void>;
  /** Lets the database's clock stand at a moment until it is advanced. */
  standAt(moment: Date): Promise<void>;
  /** Rows of a table of the schema, counted. */
  count(table: string, where?: string, values?: readonly unknown[]): Promise<number>;
}

/** Call it at module or describe level; use what it returns inside tests. */
export function useMessaging(): Messaging {
  const lines = new Set<Line>();
  after(async () => {
    for (const line of lines) await line.stop();
  });
  const database = useDatabase({ connections: 12 });
  const logged: string[] = [];
  const erased: (readonly [string, readonly string[]])[] = [];
  const log = createLog({ level: 'debug', destination: { write: (text) => void logged.push(text) } });
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
  });

  const messaging: Messaging = {
    // The harness's database exists once its hooks have run, so its parts are looked up when asked for.
    get url() {
      return database.url;
    },
    get db() {
      return database.db;
    },
    sql: (text, values) => database.sql(text, values),
    log,
    logged,
    erased,
    erasures: { record: async (kind, ids) => void erased.push([kind, ids]) },
    get keyring() {
      return keyring;
    },
    async workspace(micros = PLENTY) {
      const { id: workspaceId } = await database.db.batch((tx) =>
        createWorkspace(tx, keyring, { kind: 'organisation', name: 'Example', currency: CURRENCY }),
      );
      if (micros > 0n) {
        await database.db.batch((tx) =>
          credit(tx, 'top_up', { workspaceId, amountMicros: micros, currency: CURRENCY, key: 'first' }),
        );
      }
      return { workspaceId, currency: CURRENCY, test: false };
    },
    acceptance: (tariff, change = {}) =>
      startAcceptance({
        db: database.db,
        keyring,
        tariff: () => tariff,
        restrictions: UNRESTRICTED,
        handoff: NO_HANDOFF,
        ...change,
      }),
    async line(options = {}) {
      const id = options.id ?? newId();
      const line = await startLine(
        { db: database.db, keyring, log, tariff: tariffOver([id]), ...options },
        { id, ...options },
      );
      lines.add(line);
      return line;
    },
    read: ({ workspaceId }, id) => getMessageShort(database.db, keyring, workspaceId, publicId(id)),
    detail: ({ workspaceId }, id) => getMessage(database.db, keyring, workspaceId, publicId(id)),
    async becomes(submitter, id, status) {
      let last: Message | undefined;
      await until(async () => {
        last = await messaging.read(submitter, id);
        return last.status === status;
      }, `status ${status}`).catch((error) => {
        assert.equal(last?.status, status, (error as Error).message);
      });
      return last!;
    },
    async purse({ workspaceId }) {
      const wallet = await database.db.tenant(workspaceId, (tx) => balance(tx, workspaceId));
      return [wallet!.availableMicros, wallet!.heldMicros];
    },
    advance: (ms) => database.advance(ms),
    standAt: (moment) => database.standAt(moment),
    async count(table, where = 'true', values = []) {
      const rows = await database.sql<{ n: string }>(
        `select count(*) as n from ${table} where ${where}`,
        values,
      );
      return Number(rows[0]!.n);
    },
  };
  return messaging;
}

const publicId = (id: string): string => (id.startsWith('msg_') ? id : encodeId('msg', id));
