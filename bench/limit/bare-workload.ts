// The limit: what PostgreSQL does on this machine when only the rows are written. Batches of 500, three transactions
// a batch (accept; answers and capture; receipts), every statement of a transaction in one round trip, several
// batches at once. No HTTP, no sealing, no SMPP, no decisions.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import * as sql from './bare.sql.ts';
import { byteas, repeated, texts, uuids } from './binary-arrays.ts';
import { RowIds, uuidText } from './row-ids.ts';

export interface BareOptions {
  /** Connects as the owner. */
  readonly url: string;
  readonly seconds: number;
  /** Not counted: plans are made and pages are read. */
  readonly warmUpMs: number;
  readonly batchRows: number;
  /** Batches under way at once. */
  readonly lanes: number;
}

export interface BareResult {
  /** Messages a second through all three transactions. */
  readonly perSecond: number;
  /** All that were written, the warm-up included. */
  readonly messages: number;
  /** What the database has as delivered at the end; must equal `messages`. */
  readonly delivered: number;
}

const PRICE = 7_500n;
/** Sealed lengths of a number and of a text of 54 characters: format 1 + 16 + 12 + plaintext + 16. */
const SEALED_RECIPIENT = sealed(14);
const SEALED_BODY = sealed(54);
const BLIND_INDEX = Buffer.concat([Buffer.from([1]), randomBytes(16)]);

function sealed(plaintextOctets: number): Buffer {
  return Buffer.concat([Buffer.from([1]), randomBytes(16 + 12 + plaintextOctets + 16)]);
}

type Send = (statement: sql.BareStatement, values: unknown[]) => Promise<pg.QueryResult>;

export async function runBareWorkload(options: BareOptions): Promise<BareResult> {
  const { url, batchRows, lanes } = options;
  const ids = new RowIds();
  const parties = { workspace: ids.next(), connector: ids.next(), token: ids.next() };
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const clients = Array.from({ length: lanes }, () => clientOf(url));
  try {
    await owner.query(sql.MAKE_WALLET, [uuidText(parties.workspace)]);
    await Promise.all(clients.map((client) => client.connect()));
    let done = 0;
    let stop = false;
    const lane = async (client: pg.Client): Promise<void> => {
      while (!stop) {
        await oneBatch(client, ids, parties, batchRows);
        done += batchRows;
      }
    };
    const running = Promise.all(clients.map(lane));
    await Promise.race([running, elapsed(options.warmUpMs)]);
    const before = { done, at: performance.now() };
    await Promise.race([running, elapsed(options.seconds * 1_000)]);
    const after = { done, at: performance.now() };
    stop = true;
    await running;
    const { rows } = await owner.query<{ delivered: string }>(sql.COUNT_DELIVERED);
    return {
      perSecond: Math.round(((after.done - before.done) / (after.at - before.at)) * 1_000),
      messages: done,
      delivered: Number(rows[0]!.delivered),
    };
  } finally {
    await Promise.all([owner, ...clients].map((client) => client.end().catch(() => undefined)));
  }
}

const clientOf = (url: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    options: '-c role=sotto_batch -c TimeZone=UTC',
    application_name: 'sotto-bench',
    pipeline: true,
  } as pg.ClientConfig);

const elapsed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Parties {
  readonly workspace: Buffer;
  readonly connector: Buffer;
  readonly token: Buffer;
}

let carrierIds = 0;

async function oneBatch(client: pg.Client, rowIds: RowIds, parties: Parties, rows: number): Promise<void> {
  const { workspace, connector, token } = parties;
  const ids = Array.from({ length: rows }, () => rowIds.next());
  const idArray = uuids(ids);
  const [lowest, highest] = [uuidText(ids[0]!), uuidText(ids.at(-1)!)];
  const workspaceText = uuidText(workspace);
  const carrier = texts(ids.map(() => `1795233416436${String(++carrierIds).padStart(9, '0')}`));
  const events = [rowIds.next(), rowIds.next(), rowIds.next()] as const;
  const payload = JSON.stringify({ message_ids: ids.map(uuidText) });
  const workspaces = repeated.uuid(workspace, rows);
  const sequences = repeated.smallint(1, rows);

  await inTransaction(client, (send) => [
    send(sql.LOCK_WALLET, [workspaceText]),
    send(sql.INSERT_MESSAGES, [
      idArray,
      workspaces,
      repeated.text('marketing', rows),
      repeated.bytea(SEALED_RECIPIENT, rows),
      byteas(ids.map((id) => Buffer.concat([BLIND_INDEX.subarray(0, 1), id]))),
      repeated.bytea(SEALED_BODY, rows),
      repeated.bytea(null, rows),
      repeated.text(null, rows),
      repeated.text('gsm7', rows),
      sequences,
      repeated.bigint(PRICE, rows),
      repeated.text('EUR', rows),
      repeated.boolean(false, rows),
    ]),
    send(sql.EMIT, [uuidText(events[0]), 'message.accepted', payload]),
    send(sql.PLACE_HOLDS, [
      idArray,
      workspaces,
      repeated.bigint(PRICE, rows),
      uuidText(rowIds.next()),
      workspaceText,
      String(PRICE * BigInt(rows)),
    ]),
    send(sql.INSERT_QUEUE, [
      idArray,
      sequences,
      workspaces,
      repeated.smallint(2, rows),
      repeated.uuid(connector, rows),
      repeated.uuid(token, rows),
    ]),
  ]);
  await inTransaction(client, (send) => [
    send(sql.STORE_ANSWERS, [
      idArray,
      sequences,
      repeated.integer(1, rows),
      repeated.text('submitted', rows),
      carrier,
      uuidText(token),
    ]),
    send(sql.EMIT, [uuidText(events[1]), 'message.progressed', payload]),
    send(sql.LOCK_WALLET, [workspaceText]),
    send(sql.CAPTURE_HOLDS, [idArray, uuidText(rowIds.next()), lowest, highest, workspaceText]),
  ]);
  await inTransaction(client, (send) => [
    send(sql.FIND_PARTS, [repeated.uuid(connector, rows), carrier, lowest]),
    send(sql.APPLY_RECEIPTS, [idArray, sequences, lowest, highest]),
    send(sql.EMIT, [uuidText(events[2]), 'message.progressed', payload]),
    send(sql.TAKE_EVENTS, [uuids([...events])]),
  ]);
}

/** All statements and the commit in one round trip; throws the first failure, and when nothing was committed. */
async function inTransaction(
  client: pg.Client,
  work: (send: Send) => Promise<pg.QueryResult>[],
): Promise<void> {
  const began = client.query('begin');
  const sent = work(({ name, text }, values) => client.query({ name, text, values }));
  const results = await Promise.allSettled([began, ...sent, client.query('commit')]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const last = results.at(-1) as PromiseFulfilledResult<pg.QueryResult>;
  if (last.value.command !== 'COMMIT') throw new Error('the bare workload was rolled back');
}
