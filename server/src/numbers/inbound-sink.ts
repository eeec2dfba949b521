// The one inbound sink: every text of every carrier and supplier comes in here. It resolves whose the number is at
// this moment, puts long texts together, seals, stores and tells by an event. When `receive` resolves, what it took is
// on disk; only then may a carrier be told OK.
//
// Lock, look, decide, write: one transaction a batch, whose parts are decided one by one.
import { arrays } from '#platform/arrays';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { counter } from '#platform/metrics';
import { emitAll } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { closeSets } from './close-sets.ts';
import { BY_DAY, ceilingOf, type StoredContentMode } from './content-mode.ts';
import { INBOUND_RECEIVED } from './events.ts';
import { insertInbound, type NewInbound } from './inbound.sql.ts';
import { type ContentForm, type InboundPart, type Piece, readPart } from './inbound-part.ts';
import { contentKey, placeOf, SENDER_INDEX, SET_INDEX } from './inbound-seal.ts';
import { selectHolders } from './number.sql.ts';
import { lockTies, selectSetsOfTies, selectSurplus } from './part-set.sql.ts';
import { PartSets, type Tied } from './part-sets.ts';
import { partContent, wholeBytes } from './reassembly.ts';
import { findRepeats } from './repeats.ts';

/**
 * What became of a part:
 * - `stored`: a text of its own, or the last part of one, which its workspace can read now;
 * - `waiting`: stored, until the other parts are there;
 * - `duplicate`: the same part is stored already;
 * - `unassigned`: nobody has the number, or it belongs to another connector: counted, nothing kept;
 * - `unreadable`: no carrier can have carried this: counted, nothing kept;
 * - `refused`: nobody could take it now: the carrier must send it again.
 * All but the last are final: the carrier is told OK and does not send again.
 */
export type InboundOutcome = 'stored' | 'waiting' | 'duplicate' | 'unassigned' | 'unreadable' | 'refused';

export interface InboundSink {
  /**
   * Takes parts, in the order they came, and answers for each. Resolves after the commit, or where nothing is stored
   * when the parts are in memory; rejects when nothing was taken, and then the same parts may come again. At most `PARTS_AT_ONCE_MAX`.
   */
  receive(parts: readonly InboundPart[]): Promise<InboundOutcome[]>;
}

/** Each part may need two keys, of which the keyring gets 1,024 ready at once. */
export const PARTS_AT_ONCE_MAX = 256;

const received = counter({
  name: 'sotto_numbers_inbound_parts_total',
  help: 'Parts of inbound texts by what became of them',
  labels: { outcome: ['stored', 'waiting', 'duplicate', 'unassigned', 'unreadable', 'refused'] },
});

/** A piece whose workspace is known, with the id its row would have. */
export interface Addressed extends Piece {
  readonly at: number;
  readonly id: string;
  readonly workspaceId: string;
  readonly numberId: string;
}

/** The sink where texts are stored, sealed. */
export function createInboundSink(
  db: Database,
  keyring: Keyring,
  mode: StoredContentMode = BY_DAY,
): InboundSink {
  return {
    async receive(parts) {
      if (parts.length > PARTS_AT_ONCE_MAX)
        throw new RangeError(`at most ${PARTS_AT_ONCE_MAX} parts at once`);
      const pieces = parts.map(readPart);
      const outcomes: InboundOutcome[] = pieces.map((piece) => (piece ? 'unassigned' : 'unreadable'));
      if (pieces.some((piece) => piece !== null)) {
        await db.batch((tx) => store(tx, keyring, mode, pieces, outcomes));
      }
      for (const outcome of outcomes) received.add(1, { outcome });
      return outcomes;
    },
  };
}

async function store(
  tx: Tx,
  keyring: Keyring,
  mode: StoredContentMode,
  pieces: readonly (Piece | null)[],
  outcomes: InboundOutcome[],
): Promise<void> {
  const addressed = await addressedAmong(tx, pieces);
  if (addressed.length === 0) return;
  await keyring.ensure(
    addressed.flatMap(({ workspaceId, id }) => [keyring.indexRef(workspaceId), contentKey(workspaceId, id)]),
  );

  const repeats = await findRepeats(tx, keyring, addressed);
  const singles: NewInbound[] = [];
  for (const piece of addressed) {
    if (piece.concat !== null) continue;
    outcomes[piece.at] = repeats.has(piece.at) ? 'duplicate' : 'stored';
    if (!repeats.has(piece.at)) singles.push(asInbound(keyring, piece));
  }
  const [stored] = await Promise.all([
    storeTied(tx, keyring, mode, addressed, outcomes),
    singles.length > 0 ? insertInbound(tx, singles, ceilingOf(mode)) : undefined,
  ]);

  const texts = [...singles.map(({ id, workspaceId }) => ({ id, workspaceId })), ...stored];
  if (texts.length === 0) return;
  await emitAll(
    tx,
    texts.map(({ id, workspaceId }) => ({
      name: INBOUND_RECEIVED.name,
      payload: { inbound_id: id, workspace_id: workspaceId },
    })),
  );
}

/** Whose each piece is at this moment. A number takes texts from its own connector only. */
export async function addressedAmong(tx: Tx, pieces: readonly (Piece | null)[]): Promise<Addressed[]> {
  const numbers = new Set(pieces.flatMap((piece) => piece?.to ?? []));
  const holders = new Map(
    (await selectHolders(tx, arrays.text([...numbers]))).map((holder) => [holder.e164, holder]),
  );
  return pieces.flatMap((piece, at) => {
    const holder = piece && holders.get(piece.to);
    if (!holder || holder.connector_id !== piece.connectorId) return [];
    return { ...piece, at, id: newId(), workspaceId: holder.workspace_id, numberId: holder.number_id };
  });
}

/** Stores parts that belong to others; answers the texts that are closed by it. */
async function storeTied(
  tx: Tx,
  keyring: Keyring,
  mode: StoredContentMode,
  addressed: readonly Addressed[],
  outcomes: InboundOutcome[],
) {
  const tied = addressed.flatMap((piece): Tied[] =>
    piece.concat === null ? [] : [{ ...piece, concat: piece.concat, tie: tieOf(keyring, piece) }],
  );
  if (tied.length === 0) return [];
  const ties = tied.map(({ tie }) => tie);
  await lockTies(tx, ties);
  const rows = await selectSetsOfTies(tx, [...new Set(tied.map(({ workspaceId }) => workspaceId))], ties);
  await keyring.load([...new Set(rows.map((row) => keyring.keyId(contentKey(row.workspace_id, row.id))))]);

  const sets = new PartSets(rows, (row) => (content) => {
    const place = placeOf(keyring, 'numbers.inbound_part.content', row.workspace_id, row.id, row.sequence!);
    const opened = keyring.open(place, row.content!);
    return opened.state === 'open' && partContent(row.form as ContentForm, opened.plaintext) === content;
  });
  for (const piece of tied) outcomes[piece.at] = sets.take(piece);
  const newSets = sets.begun;
  await sets.write(tx, keyring);

  const closed = await closeSets(tx, keyring, sets.whole, mode);
  if (newSets.length === 0) return closed;
  const surplus = await selectSurplus(tx, [...new Set(newSets.map(({ numberId }) => numberId))]);
  return [...closed, ...(await closeSets(tx, keyring, surplus, mode))];
}

/** Everything that must agree for parts to be of one text. Indexed, for it names the sender. */
function tieOf(keyring: Keyring, piece: Addressed): Buffer {
  const { reference, bits, total } = piece.concat!;
  const tie = JSON.stringify([piece.connectorId, piece.from, piece.to, reference, bits, total, piece.form]);
  return keyring.index(SET_INDEX, piece.workspaceId, tie);
}

function asInbound(keyring: Keyring, piece: Addressed): NewInbound {
  const { id, workspaceId, numberId, form } = piece;
  return {
    id,
    workspaceId,
    numberId,
    sender: keyring.seal(placeOf(keyring, 'numbers.inbound.sender', workspaceId, id), piece.from),
    senderIndex: keyring.index(SENDER_INDEX, workspaceId, piece.from),
    form,
    content: keyring.seal(
      placeOf(keyring, 'numbers.inbound.content', workspaceId, id),
      wholeBytes(form, piece.content),
    ),
    segments: 1,
    complete: true,
    set: null,
  };
}
