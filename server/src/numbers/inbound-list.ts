// The texts a workspace received.
import { pageLimitMax } from '@sotto/contract/paging';
import type { Database } from '#platform/database';
import type { Keyring } from '#privacy';
import { BY_DAY, READ_GRACE_MS, type StoredContentMode } from './content-mode.ts';
import { markRead } from './erase-read.sql.ts';
import { type InboundPage, type InboundRow, selectInbound } from './inbound-list.sql.ts';
import { contentKey, placeOf } from './inbound-seal.ts';

export interface InboundMessage {
  readonly id: string;
  /** As the carrier gave it, unauthenticated; null once erased. */
  readonly from: string | null;
  /** The workspace's number it came to, E.164 with `+`. */
  readonly to: string;
  /** Null once erased, and for binary messages. */
  readonly text: string | null;
  /** The body of a binary message; null once erased, and for texts. */
  readonly octets: Buffer | null;
  readonly segments: number;
  /** False when parts of a long text did not arrive in time; an ellipsis stands for them. */
  readonly complete: boolean;
  readonly receivedAt: Date;
  /** Where it is: stored, sealed; or in the memory of its home alone. */
  readonly retention: 'stored' | 'memory';
}

/** Items of one page at most, and one that tells whether another follows. */
const PAGE_MAX = pageLimitMax + 1;

/**
 * A page of a workspace's texts, newest first, read as the tenant: nothing of another workspace can be among them,
 * nor anything that came while the number was not its own. Texts that are erased, or whose day key is destroyed, are
 * there without content. Where texts are kept until they were read, it resolves after the commit that gives those of
 * the page their end: until then, `READ_GRACE_MS` from the first reading, they can be read again.
 */
export async function listInbound(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  page: InboundPage,
  mode: StoredContentMode = BY_DAY,
): Promise<InboundMessage[]> {
  const limit = Math.min(page.limit, PAGE_MAX);
  const rows = await db.tenant(workspaceId, (tx) => selectInbound(tx, workspaceId, { ...page, limit }));
  const readable = rows.slice(0, page.given ?? limit).filter((row) => row.readable);
  if (mode.kind === 'until_read' && readable.length > 0) {
    const ids = readable.map(({ id }) => id);
    await db.batch((tx) => markRead(tx, workspaceId, ids, READ_GRACE_MS));
  }
  await keyring.load([...new Set(rows.map((row) => keyring.keyId(contentKey(row.workspace_id, row.id))))]);
  return rows.map((row) => asMessage(keyring, row));
}

function asMessage(keyring: Keyring, row: InboundRow): InboundMessage {
  const open = (column: 'numbers.inbound.sender' | 'numbers.inbound.content', value: Buffer | null) => {
    if (!row.readable || value === null) return null;
    const opened = keyring.open(placeOf(keyring, column, row.workspace_id, row.id), value);
    return opened.state === 'open' ? opened.plaintext : null;
  };
  const content = open('numbers.inbound.content', row.content);
  return {
    id: row.id,
    from: open('numbers.inbound.sender', row.sender)?.toString() ?? null,
    to: row.e164,
    text: row.form === 'text' ? (content?.toString() ?? null) : null,
    octets: row.form === 'octets' ? content : null,
    segments: row.segments,
    complete: row.complete,
    receivedAt: row.received_at,
    retention: 'stored',
  };
}
