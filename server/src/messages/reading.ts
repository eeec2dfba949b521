// Reading on behalf of a workspace: pages, one message, a search by number. Content is opened after the transaction,
// so that no row lock or snapshot waits for keys.
import { decodeId } from '@sotto/contract';
import type { Message, MessageDetail, MessageStatus } from '@sotto/contract/message';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { idFloor, idTimeMs } from '#platform/ids';
import { type Keyring, utcDay } from '#privacy';
import { contentEndedAt, KEPT_FOR_EVER, type LifeFacts, type MessageKeeping } from './keeping.ts';
import { type OpenedContent, type Progress, presentDetail, presentMessage, statusOf } from './present.ts';
import { type MessageRow, readOne, readPage, readProgress, searchRecipient } from './read.sql.ts';

export interface Page {
  readonly messages: readonly Message[];
  /** The id to go on below; null at the end. */
  readonly next: string | null;
}

const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const LOWEST = '00000000-0000-0000-0000-000000000000';
/** Pages a filter by status may look through for one answer; then the cursor says where to go on. */
const FILTER_PAGES_MAX = 10;
const FILTER_PAGE = 200;

const NO_PROGRESS: Progress = { parts: [], queued: [] };

export interface PageQuery {
  readonly status?: MessageStatus | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly below: string | null;
  readonly limit: number;
}

/** One page of a workspace's messages, newest first. A status is folded, not stored, so its filter reads along. */
export async function listMessages(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  query: PageQuery,
  keeping: MessageKeeping = KEPT_FOR_EVER,
): Promise<Page> {
  const floor = query.createdAfter ? idFloor(query.createdAfter.getTime()) : LOWEST;
  let below = query.below ?? HIGHEST;
  if (query.createdBefore) {
    const bound = idFloor(query.createdBefore.getTime());
    if (bound < below) below = bound;
  }
  const found: { row: MessageRow; progress: Progress }[] = [];
  const size = query.status === undefined ? query.limit + 1 : FILTER_PAGE;
  let ended = false;
  for (let pages = 0; pages < FILTER_PAGES_MAX && found.length <= query.limit && !ended; pages++) {
    const { rows, progress } = await db.tenant(workspaceId, async (tx) => {
      const page = await readPage(tx, workspaceId, below, floor, size, recordLimit(keeping));
      return withProgress(tx, workspaceId, page);
    });
    const byMessage = groupProgress(progress);
    for (const row of rows) {
      const own = byMessage(row.id);
      if (query.status === undefined || statusOf(row, own) === query.status)
        found.push({ row, progress: own });
    }
    ended = rows.length < size;
    below = rows.at(-1)?.id ?? below;
    if (query.status === undefined) break;
  }
  const shown = found.slice(0, query.limit);
  const more = found.length > query.limit || !ended;
  const messages = await openEach(keyring, keeping, shown, presentMessage);
  return {
    messages,
    next: !more ? null : found.length > query.limit ? shown.at(-1)!.row.id : below,
  };
}

/** A page with what became of its messages, in the snapshot that read it. */
async function withProgress(tx: Tx, workspaceId: string, rows: readonly MessageRow[]) {
  const ids = rows.map((row) => row.id);
  return { rows, progress: ids.length === 0 ? NO_PROGRESS : await readProgress(tx, workspaceId, ids) };
}

/** Messages to one number, newest first, found by the workspace's own index of it. */
export async function searchMessages(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  to: string,
  below: string | null,
  limit: number,
  keeping: MessageKeeping = KEPT_FOR_EVER,
): Promise<Page> {
  await keyring.load(keyring.indexKeyIds(workspaceId));
  const indexes = keyring.indexCandidates('messages.message.recipient_index', workspaceId, to);
  if (indexes.length === 0) return { messages: [], next: null };
  const { rows, progress } = await db.tenant(workspaceId, async (tx) => {
    const page = await searchRecipient(
      tx,
      workspaceId,
      indexes,
      below ?? HIGHEST,
      limit + 1,
      recordLimit(keeping),
    );
    return withProgress(tx, workspaceId, page);
  });
  const byMessage = groupProgress(progress);
  const page = rows.slice(0, limit).map((row) => ({ row, progress: byMessage(row.id) }));
  // A number that is past is not found by it, though its index still stands for the moments until it is erased.
  const found = page.filter((one) => withoutPast(keeping, one) === one.row);
  return {
    messages: await openEach(keyring, keeping, found, presentMessage),
    next: rows.length > limit ? page.at(-1)!.row.id : null,
  };
}

/** One message with parts and history. Throws `not_found`, also for another workspace's. */
export async function getMessage(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  publicId: string,
  keeping: MessageKeeping = KEPT_FOR_EVER,
): Promise<MessageDetail> {
  const found = await readWithProgress(db, workspaceId, messageIdOf(publicId), keeping);
  return (await openEach(keyring, keeping, [found], presentDetail))[0]!;
}

/** The same as it stands, without parts and history. */
export async function getMessageShort(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  publicId: string,
  keeping: MessageKeeping = KEPT_FOR_EVER,
): Promise<Message> {
  const found = await readWithProgress(db, workspaceId, messageIdOf(publicId), keeping);
  return (await openEach(keyring, keeping, [found], presentMessage))[0]!;
}

/** The row id of a public message id. Throws `not_found` on anything else: an id is never half right. */
export function messageIdOf(publicId: string): string {
  const id = decodeId('msg', publicId);
  if (id === null || id === undefined) throw new AppError('not_found');
  return id;
}

const recordLimit = ({ record }: MessageKeeping): string | null => record?.duration ?? null;

async function readWithProgress(db: Database, workspaceId: string, id: string, keeping: MessageKeeping) {
  return db.tenant(workspaceId, async (tx) => {
    const [row, progress] = await Promise.all([
      readOne(tx, workspaceId, id, recordLimit(keeping)),
      readProgress(tx, workspaceId, [id]),
    ]);
    if (row === undefined) throw new AppError('not_found');
    return { row, progress };
  });
}

function groupProgress(progress: Progress): (id: string) => Progress {
  const parts = Map.groupBy(progress.parts, (part) => part.message_id);
  const queued = Map.groupBy(progress.queued, (row) => row.message_id);
  return (id) => ({ parts: parts.get(id) ?? [], queued: queued.get(id) ?? [] });
}

interface Found {
  readonly row: MessageRow;
  readonly progress: Progress;
}

/** What each message shows. Content past its time is as if it were erased, whatever expiry has done by now. */
async function openEach<Shown>(
  keyring: Keyring,
  keeping: MessageKeeping,
  found: readonly Found[],
  present: (row: MessageRow, progress: Progress, content: OpenedContent) => Shown,
): Promise<Shown[]> {
  const readable = found.map((one) => ({ ...one, row: withoutPast(keeping, one) }));
  const contents = await openAll(
    keyring,
    readable.map(({ row }) => row),
  );
  return readable.map(({ row, progress }) => present(row, progress, contents.get(row.id)!));
}

function withoutPast(keeping: MessageKeeping, { row, progress }: Found): MessageRow {
  if (row.erased_at !== null) return row;
  const ended = contentEndedAt(keeping, lifeFacts(row, progress), row.now);
  return ended === null ? row : { ...row, recipient: null, body: null, annotations: null, erased_at: ended };
}

function lifeFacts(row: MessageRow, { parts, queued }: Progress): LifeFacts {
  const finished = parts.flatMap(({ finished_at }) => (finished_at === null ? [] : [finished_at.getTime()]));
  return {
    createdAt: row.created_at,
    validUntil: row.valid_until,
    closedAt: row.closed_at,
    segments: row.segments,
    queued: queued.length,
    parts: parts.length,
    finished: finished.length,
    lastFinishedAt: finished.length === 0 ? null : new Date(Math.max(...finished)),
  };
}

async function openAll(keyring: Keyring, rows: readonly MessageRow[]): Promise<Map<string, OpenedContent>> {
  const keyIdOf = (row: MessageRow) =>
    keyring.keyId({
      class: 'content_outbound',
      workspaceId: row.workspace_id,
      day: utcDay(idTimeMs(row.id)),
    });
  const sealed = rows.filter(
    (row) => row.recipient !== null || row.body !== null || row.annotations !== null,
  );
  await keyring.load([...new Set(sealed.map(keyIdOf))]);
  return new Map(
    rows.map((row) => {
      const open = (column: 'recipient' | 'body' | 'annotations', value: Buffer | null) => {
        if (value === null) return null;
        const place = { rowId: row.id, ownerId: row.workspace_id, keyId: keyIdOf(row) };
        const opened = keyring.open({ ...place, column: `messages.message.${column}` }, value);
        return opened.state === 'open' ? opened.plaintext.toString() : null;
      };
      const annotations = open('annotations', row.annotations);
      return [
        row.id,
        {
          to: open('recipient', row.recipient),
          text: open('body', row.body),
          annotations: annotations === null ? null : JSON.parse(annotations),
        },
      ];
    }),
  );
}
