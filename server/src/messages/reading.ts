// Reading on behalf of a workspace: pages, one message, a search by number. Content is opened after the transaction,
// so that no row lock or snapshot waits for keys.
import { decodeId } from '@sotto/contract';
import type { Message, MessageDetail, MessageStatus } from '@sotto/contract/message';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { idFloor, idTimeMs } from '#platform/ids';
import { type Keyring, utcDay } from '#privacy';
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
      const page = await readPage(tx, workspaceId, below, floor, size);
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
  const contents = await openAll(
    keyring,
    shown.map(({ row }) => row),
  );
  return {
    messages: shown.map(({ row, progress }) => presentMessage(row, progress, contents.get(row.id)!)),
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
): Promise<Page> {
  await keyring.load(keyring.indexKeyIds(workspaceId));
  const indexes = keyring.indexCandidates('messages.message.recipient_index', workspaceId, to);
  if (indexes.length === 0) return { messages: [], next: null };
  const { rows, progress } = await db.tenant(workspaceId, async (tx) => {
    const page = await searchRecipient(tx, workspaceId, indexes, below ?? HIGHEST, limit + 1);
    return withProgress(tx, workspaceId, page);
  });
  const byMessage = groupProgress(progress);
  const shown = rows.slice(0, limit);
  const contents = await openAll(keyring, shown);
  return {
    messages: shown.map((row) => presentMessage(row, byMessage(row.id), contents.get(row.id)!)),
    next: rows.length > limit ? shown.at(-1)!.id : null,
  };
}

/** One message with parts and history. Throws `not_found`, also for another workspace's. */
export async function getMessage(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  publicId: string,
): Promise<MessageDetail> {
  const { row, progress } = await readWithProgress(db, workspaceId, messageIdOf(publicId));
  const contents = await openAll(keyring, [row]);
  return presentDetail(row, progress, contents.get(row.id)!);
}

/** The same as it stands, without parts and history. */
export async function getMessageShort(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  publicId: string,
): Promise<Message> {
  const { row, progress } = await readWithProgress(db, workspaceId, messageIdOf(publicId));
  const contents = await openAll(keyring, [row]);
  return presentMessage(row, progress, contents.get(row.id)!);
}

/** The row id of a public message id. Throws `not_found` on anything else: an id is never half right. */
export function messageIdOf(publicId: string): string {
  const id = decodeId('msg', publicId);
  if (id === null || id === undefined) throw new AppError('not_found');
  return id;
}

async function readWithProgress(db: Database, workspaceId: string, id: string) {
  return db.tenant(workspaceId, async (tx) => {
    const [row, progress] = await Promise.all([
      readOne(tx, workspaceId, id),
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
