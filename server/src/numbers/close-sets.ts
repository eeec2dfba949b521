// Turning a set of parts into a text: whole, or as much as came.
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { BY_DAY, ceilingOf, type StoredContentMode } from './content-mode.ts';
import { insertInbound, type NewInbound } from './inbound.sql.ts';
import type { ContentForm } from './inbound-part.ts';
import { contentKey, placeOf, SENDER_INDEX } from './inbound-seal.ts';
import { lockOpenSets, markClosed, type SetPartRow } from './part-set.sql.ts';
import { joinParts, partContent, wholeBytes } from './reassembly.ts';

/** A text that is now stored. */
export interface StoredInbound {
  readonly id: string;
  readonly workspaceId: string;
  readonly complete: boolean;
}

/**
 * Closes open sets and stores their texts, in the caller's transaction. A set that is closed already, or that another
 * transaction works on, is left out, so it may be repeated. Of a set whose key is destroyed nothing is stored.
 */
export async function closeSets(
  tx: Tx,
  keyring: Keyring,
  setIds: readonly string[],
  mode: StoredContentMode = BY_DAY,
): Promise<StoredInbound[]> {
  if (setIds.length === 0) return [];
  const sets = Map.groupBy(await lockOpenSets(tx, setIds), (row) => row.id);
  if (sets.size === 0) return [];
  const all = [...sets.values()].map((rows) => ({ id: newId(), rows, set: rows[0]! }));
  await Promise.all([
    keyring.load(all.map(({ set }) => keyring.keyId(contentKey(set.workspace_id, set.id)))),
    keyring.ensure(
      all.flatMap(({ id, set }) => [contentKey(set.workspace_id, id), keyring.indexRef(set.workspace_id)]),
    ),
  ]);
  const texts = all
    .map(({ id, set, rows }) => textOf(keyring, id, set, rows))
    .filter((text) => text !== null);
  await Promise.all([insertInbound(tx, texts, ceilingOf(mode)), markClosed(tx, [...sets.keys()])]);
  return texts.map(({ id, workspaceId, complete }) => ({ id, workspaceId, complete }));
}

function textOf(
  keyring: Keyring,
  id: string,
  set: SetPartRow,
  rows: readonly SetPartRow[],
): NewInbound | null {
  const workspaceId = set.workspace_id;
  const form = set.form as ContentForm;
  const sender = keyring.open(
    placeOf(keyring, 'numbers.inbound_set.sender', workspaceId, set.id),
    set.sender,
  );
  if (sender.state !== 'open') return null;
  const parts = new Map<number, string>();
  for (const { sequence, content } of rows) {
    if (sequence === null || content === null) continue;
    const place = placeOf(keyring, 'numbers.inbound_part.content', workspaceId, set.id, sequence);
    const part = keyring.open(place, content);
    if (part.state !== 'open') return null;
    parts.set(sequence, partContent(form, part.plaintext));
  }
  const from = sender.plaintext.toString();
  return {
    id,
    workspaceId,
    numberId: set.number_id,
    sender: keyring.seal(placeOf(keyring, 'numbers.inbound.sender', workspaceId, id), from),
    senderIndex: keyring.index(SENDER_INDEX, workspaceId, from),
    form,
    content: keyring.seal(
      placeOf(keyring, 'numbers.inbound.content', workspaceId, id),
      wholeBytes(form, joinParts(form, set.total, parts)),
    ),
    segments: parts.size,
    complete: parts.size === set.total,
    set: { id: set.id, openedAt: set.opened_at },
  };
}
