// Texts of one part that a carrier may have sent twice. They carry no number of their own, so a repeat can only be
// known by its content; and people do write the same word twice, so only a part that the connector marks as a
// possible repeat is compared. Contents are opened and compared: a stored hash of a text would be the text, for a
// one-time code is one of a million.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type RecentRow, selectRecent } from './inbound.sql.ts';
import type { ContentForm } from './inbound-part.ts';
import { contentKey, placeOf, SENDER_INDEX } from './inbound-seal.ts';
import type { Addressed } from './inbound-sink.ts';

/** Positions of the pieces that repeat a text stored lately, or one earlier in the batch. Keys must be ready. */
export async function findRepeats(
  tx: Tx,
  keyring: Keyring,
  pieces: readonly Addressed[],
): Promise<ReadonlySet<number>> {
  const doubtful = pieces.filter((piece) => piece.possibleRepeat && piece.concat === null);
  const repeats = new Set<number>();
  if (doubtful.length === 0) return repeats;
  const recent = await selectRecent(
    tx,
    [...new Set(doubtful.map(({ workspaceId }) => workspaceId))],
    doubtful.map(({ workspaceId, from }) => keyring.index(SENDER_INDEX, workspaceId, from)),
  );
  await keyring.load([...new Set(recent.map((row) => keyring.keyId(contentKey(row.workspace_id, row.id))))]);
  const known = new Set(recent.map((row) => fingerprintOf(keyring, row)));
  for (const piece of doubtful) {
    const sender = keyring.index(SENDER_INDEX, piece.workspaceId, piece.from).toString('latin1');
    const fingerprint = JSON.stringify([piece.numberId, sender, piece.form, asStored(piece)]);
    if (known.has(fingerprint)) repeats.add(piece.at);
    known.add(fingerprint);
  }
  return repeats;
}

/** In memory only. */
function fingerprintOf(keyring: Keyring, row: RecentRow): string | null {
  if (row.content === null) return null;
  const content = keyring.open(
    placeOf(keyring, 'numbers.inbound.content', row.workspace_id, row.id),
    row.content,
  );
  if (content.state !== 'open') return null;
  const text = content.plaintext.toString(row.form === 'text' ? 'utf8' : 'latin1');
  return JSON.stringify([row.number_id, row.sender_index.toString('latin1'), row.form, text]);
}

const asStored = ({ form, content }: { form: ContentForm; content: string }) =>
  form === 'text' ? content.toWellFormed() : content;
