// Setting right what crashes, races and silence leave behind. Each duty is bounded, idempotent and safe in several
// processes at once; `jobs.ts` says how often each runs.
import { randomUUID } from 'node:crypto';
import { lockWallets, settleHolds } from '#ledger';
import type { Database, Tx } from '#platform/database';
import { idFloor, idTimeMs } from '#platform/ids';
import { emit } from '#platform/outbox';
import { type Keyring, utcDay } from '#privacy';
import { databaseNow } from './accept.sql.ts';
import { UNKNOWN_HOLD_MS } from './classes.ts';
import { messagesProgressed } from './events.ts';
import { eraseFinal } from './final.sql.ts';
import {
  adoptOrphans,
  distrustDue,
  dropOrphanedReceipts,
  expireWaiting,
  findNamelessClaims,
  giveUpUnknown,
  identifyUnknown,
  lockDeadSenders,
  lockParked,
  readUnknownParts,
  removeSender,
  type UnknownRow,
  unpark,
} from './maintenance.sql.ts';
import { markPossibleDuplicate, readSettlement } from './outcome.sql.ts';
import { destinationPlace, findParts, foldReceipts, type Said } from './parked.ts';
import { applyReceipts, type ParkedRow } from './receipt.sql.ts';

const BATCH = 500;
/** After its lease a sender gets this long: its database connection may have been away, not itself. */
const SENDER_GRACE_MS = 5_000;
/** Carriers that were down report late; after this a receipt nobody claimed is counted as an orphan and dropped. */
const PARKED_MS_MAX = 7 * 86_400_000;
/** Receipts older than this are not tried against the parts again: nothing new can match them but lost answers. */
const REMATCH_MS = 3_600_000;
/** Bounds one look; what is behind it is looked at when those before it have aged or found their part. */
const REMATCH_PAGES_MAX = 40;
const LOOK_BACK_MS = 7 * 86_400_000;

/** Takes over the claims of senders that died. Returns how many parts were decided. */
export async function adoptDeadSenders(db: Database, graceMs = SENDER_GRACE_MS): Promise<number> {
  let decided = 0;
  for (;;) {
    const round = await db.batch(async (tx) => {
      const [dead = (await findNamelessClaims(tx))[0]] = await lockDeadSenders(tx, graceMs);
      if (dead === undefined) return null;
      const rows = await adoptOrphans(tx, dead.token, BATCH);
      const again = rows.filter((row) => row.outcome === 'again').map((row) => row.message_id);
      await Promise.all([
        again.length === 0 ? undefined : markPossibleDuplicate(tx, again),
        rows.length < BATCH ? removeSender(tx, dead.token) : undefined,
        progressed(
          tx,
          rows.map((row) => row.message_id),
        ),
      ]);
      return rows.length;
    });
    if (round === null) return decided;
    decided += round;
  }
}

/**
 * After a restore: parts that were due may have been submitted after the backup was taken, so every one of them is
 * decided as the claim of a dead sender is. Those not due yet wait on. To be called before any sender starts; may be
 * repeated. Returns how many parts were decided.
 */
export async function distrustQueue(db: Database): Promise<number> {
  const nobody = randomUUID();
  let taken: number;
  do taken = await db.batch((tx) => distrustDue(tx, nobody, BATCH));
  while (taken === BATCH);
  return adoptDeadSenders(db);
}

/**
 * Tries parked receipts again: against parts stored since, and against parts whose answer was lost, by destination.
 * Returns how many found their part.
 */
export async function rematchParked(db: Database, keyring: Keyring): Promise<number> {
  let matched = 0;
  let after: string | null = null;
  // Page by page: receipts that belong to nobody must not stand before those whose part has come.
  for (let page = 0; page < REMATCH_PAGES_MAX; page++) {
    const done: RematchedPage = await rematchPage(db, keyring, after);
    matched += done.matched;
    if (done.next === null) break;
    after = done.next;
  }
  return matched;
}

interface RematchedPage {
  readonly matched: number;
  /** The last receipt looked at; null when there are no more. */
  readonly next: string | null;
}

async function rematchPage(db: Database, keyring: Keyring, after: string | null): Promise<RematchedPage> {
  return db.batch(async (tx) => {
    const now = await databaseNow(tx);
    const parked = await lockParked(tx, after ?? idFloor(now.getTime() - REMATCH_MS), BATCH);
    const next = parked.length < BATCH ? null : parked.at(-1)!.id;
    if (parked.length === 0) return { matched: 0, next };
    const byId = await matchById(tx, parked, now);
    const left = parked.filter((row) => !byId.has(row.id));
    const { matches: byDestination, workspaceOf } = await matchByDestination(tx, keyring, left, now);
    const matches = [...byId, ...byDestination];
    if (matches.length === 0) return { matched: 0, next };
    const identified = [...byDestination].map(([rowId, said]) => ({
      messageId: said.messageId,
      sequence: said.sequence,
      carrierMessageId: left.find((row) => row.id === rowId)!.carrier_message_ids[0]!,
    }));
    await Promise.all([
      identified.length === 0 ? undefined : identifyUnknown(tx, identified),
      applyReceipts(tx, foldReceipts(matches.map(([, said]) => said))),
      unpark(
        tx,
        matches.map(([rowId]) => rowId),
      ),
    ]);
    await settleMessages(tx, workspaceOf);
    await progressed(
      tx,
      matches.map(([, said]) => said.messageId),
    );
    return { matched: matches.length, next };
  });
}

async function matchById(tx: Tx, parked: readonly ParkedRow[], now: Date): Promise<Map<string, Said>> {
  const candidates = parked.map((row) =>
    row.carrier_message_ids.map((carrierMessageId) => ({ connectorId: row.connector_id, carrierMessageId })),
  );
  const parts = await findParts(tx, candidates, now.getTime());
  const matches = new Map<string, Said>();
  for (const row of parked) {
    const id = row.carrier_message_ids.find((one) => parts.has(`${row.connector_id} ${one}`));
    if (id === undefined) continue;
    const part = parts.get(`${row.connector_id} ${id}`)!;
    matches.set(row.id, {
      messageId: part.message_id,
      sequence: part.sequence,
      status: row.status,
      errorCode: row.error_code,
      final: row.final,
    });
  }
  return matches;
}

/** Answers lost with a link have no carrier's id; their receipts still name the destination. One receipt, one part. */
async function matchByDestination(
  tx: Tx,
  keyring: Keyring,
  parked: readonly ParkedRow[],
  now: Date,
): Promise<{ matches: Map<string, Said>; workspaceOf: Map<string, string> }> {
  const waiting = parked.filter((row) => row.destination !== null);
  const matches = new Map<string, Said>();
  const workspaceOf = new Map<string, string>();
  if (waiting.length === 0) return { matches, workspaceOf };
  const connectors = [...new Set(waiting.map((row) => row.connector_id))];
  const unknown = await readUnknownParts(tx, connectors, new Date(now.getTime() - LOOK_BACK_MS), BATCH);
  const numbers = await openRecipients(keyring, unknown);
  const destinations = await openDestinations(keyring, waiting);
  const taken = new Set<string>();
  for (const row of waiting) {
    const part = unknown.find((one) => {
      const to = numbers.get(one.message_id);
      return (
        one.connector_id === row.connector_id &&
        !taken.has(`${one.message_id}${one.sequence}`) &&
        to !== undefined &&
        to === destinations.get(row.id)
      );
    });
    if (part === undefined) continue;
    taken.add(`${part.message_id}${part.sequence}`);
    workspaceOf.set(part.message_id, part.workspace_id);
    matches.set(row.id, {
      messageId: part.message_id,
      sequence: part.sequence,
      status: row.status,
      errorCode: row.error_code,
      final: row.final,
    });
  }
  return { matches, workspaceOf };
}

async function openDestinations(keyring: Keyring, rows: readonly ParkedRow[]): Promise<Map<string, string>> {
  await keyring.load([keyring.keyId({ class: 'operator' })]);
  const numbers = new Map<string, string>();
  for (const row of rows) {
    const opened = keyring.open(destinationPlace(keyring, row.id, row.connector_id), row.destination!);
    if (opened.state === 'open') numbers.set(row.id, opened.plaintext.toString());
  }
  return numbers;
}

async function openRecipients(keyring: Keyring, rows: readonly UnknownRow[]): Promise<Map<string, string>> {
  const keyIdOf = (row: UnknownRow) =>
    keyring.keyId({
      class: 'content_outbound',
      workspaceId: row.workspace_id,
      day: utcDay(idTimeMs(row.message_id)),
    });
  await keyring.load([...new Set(rows.map(keyIdOf))]);
  const numbers = new Map<string, string>();
  for (const row of rows) {
    if (row.recipient === null) continue;
    const place = {
      column: 'messages.message.recipient',
      rowId: row.message_id,
      ownerId: row.workspace_id,
      keyId: keyIdOf(row),
    } as const;
    const opened = keyring.open(place, row.recipient);
    if (opened.state === 'open') numbers.set(row.message_id, opened.plaintext.toString());
  }
  return numbers;
}

/** Ends the wait for outcomes that never came: their holds are released. Returns how many parts. */
export const giveUpOnUnknown = (db: Database): Promise<number> => inBatches(() => giveUpBatch(db));

async function giveUpBatch(db: Database): Promise<number> {
  return db.batch(async (tx) => {
    const rows = await giveUpUnknown(tx, UNKNOWN_HOLD_MS, BATCH);
    await settleMessages(tx, new Map(rows.map((row) => [row.message_id, row.workspace_id])));
    await progressed(
      tx,
      rows.map((row) => row.message_id),
    );
    return rows.length;
  });
}

/** Closes what expired while it waited for a carrier, batch by batch over the queue. Returns how many parts. */
export async function expireWaitingMessages(db: Database): Promise<number> {
  let after = '00000000-0000-0000-0000-000000000000';
  let count = 0;
  for (;;) {
    const rows = await db.batch(async (tx) => {
      const gone = await expireWaiting(tx, after, BATCH);
      await settleMessages(tx, new Map(gone.map((row) => [row.message_id, row.workspace_id])));
      await progressed(
        tx,
        gone.map((row) => row.message_id),
      );
      return gone;
    });
    count += rows.length;
    if (rows.length < BATCH) return count;
    after = rows
      .map((row) => row.message_id)
      .sort()
      .at(-1)!;
  }
}

/** Drops receipts that never found a part. Returns how many, which is a number an operator should look at. */
export const dropOrphans = (db: Database): Promise<number> =>
  inBatches(() => db.batch((tx) => dropOrphanedReceipts(tx, PARKED_MS_MAX, BATCH)));

/** Repeats a bounded piece of work until it finds less than it may take. */
async function inBatches(work: () => Promise<number>): Promise<number> {
  for (let count = 0; ; ) {
    const done = await work();
    count += done;
    if (done < BATCH) return count;
  }
}

/** Captures or releases the holds of messages that have no open part left. */
export async function settleMessages(tx: Tx, workspaceOf: ReadonlyMap<string, string>): Promise<void> {
  if (workspaceOf.size === 0) return;
  // The lock comes before the look: whoever decides another part of the message at this moment is waited for.
  const [, settlements] = await Promise.all([
    lockWallets(tx, [...new Set(workspaceOf.values())]),
    readSettlement(tx, [...workspaceOf.keys()]),
  ]);
  const settled = settlements.filter((row) => row.open === 0);
  const refs = settled.map((row) => ({
    id: row.message_id,
    workspaceId: workspaceOf.get(row.message_id)!,
    amountMicros: row.price_per_part * BigInt(row.accepted),
  }));
  await settleHolds(
    tx,
    refs.filter((ref) => ref.amountMicros > 0n),
    refs.filter((ref) => ref.amountMicros === 0n),
  );
}

/** Tells what moved, and erases what ended by it where content is kept until then. The last of a transaction. */
async function progressed(tx: Tx, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  const distinct = [...new Set(messageIds)];
  await emit(tx, messagesProgressed, { message_ids: distinct });
  await eraseFinal(tx, distinct);
}
