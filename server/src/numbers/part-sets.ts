// The sets of parts that a batch touches: those the database knows, and those the batch begins. Parts are taken one
// by one, so that two parts of one text in a batch find each other; then everything new is written at once.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import type { Concatenation } from './inbound-part.ts';
import { placeOf, SET_SENDER_INDEX } from './inbound-seal.ts';
import type { Addressed } from './inbound-sink.ts';
import { insertParts, insertSets, type SetPartRow } from './part-set.sql.ts';
import { type PartSet, partBytes, placePart } from './reassembly.ts';

/** A part that belongs to others: `tie` is the index of what it shares with them. */
export interface Tied extends Addressed {
  readonly concat: Concatenation;
  readonly tie: Buffer;
}

export class PartSets {
  /** By tie, newest set first. */
  readonly #sets = new Map<string, PartSet[]>();
  readonly #begun = new Map<string, Tied>();
  readonly #parts: { readonly setId: string; readonly piece: Tied }[] = [];
  readonly #whole = new Set<string>();

  /** `same` gives for a stored part the question whether it has a certain content. */
  constructor(rows: readonly SetPartRow[], same: (row: SetPartRow) => (content: string) => boolean) {
    for (const [id, ofSet] of Map.groupBy(rows, (row) => row.id)) {
      const { set_index, total, closed } = ofSet[0]!;
      const parts = new Map(
        ofSet.flatMap((row) => (row.sequence === null ? [] : [[row.sequence, same(row)] as const])),
      );
      this.#of(set_index).push({ id, total, closed, parts });
    }
  }

  /** Sets that this batch began. */
  get begun(): readonly Tied[] {
    return [...this.#begun.values()];
  }

  /** Ids of sets whose last part this batch brought. */
  get whole(): readonly string[] {
    return [...this.#whole];
  }

  /** Decides on one part. `stored` when it made its set whole. */
  take(piece: Tied): 'duplicate' | 'waiting' | 'stored' {
    const sets = this.#of(piece.tie);
    const { sequence, total } = piece.concat;
    const placement = placePart(sets, sequence, piece.content);
    if (placement.kind === 'duplicate') return 'duplicate';
    let set = placement.kind === 'join' ? placement.set : undefined;
    if (set === undefined) {
      set = { id: piece.id, total, closed: false, parts: new Map() };
      sets.unshift(set);
      this.#begun.set(set.id, piece);
    }
    set.parts.set(sequence, (content) => content === piece.content);
    this.#parts.push({ setId: set.id, piece });
    if (set.parts.size < total) return 'waiting';
    this.#whole.add(set.id);
    return 'stored';
  }

  /** Writes what is new, sealed. Keys of all sets must be ready. */
  async write(tx: Tx, keyring: Keyring): Promise<void> {
    const sets = this.begun.map((piece) => ({
      id: piece.id,
      workspaceId: piece.workspaceId,
      numberId: piece.numberId,
      setIndex: piece.tie,
      sender: keyring.seal(
        placeOf(keyring, 'numbers.inbound_set.sender', piece.workspaceId, piece.id),
        piece.from,
      ),
      senderIndex: keyring.index(SET_SENDER_INDEX, piece.workspaceId, piece.from),
      form: piece.form,
      total: piece.concat.total,
    }));
    const parts = this.#parts.map(({ setId, piece }) => ({
      setId,
      sequence: piece.concat.sequence,
      content: keyring.seal(
        placeOf(keyring, 'numbers.inbound_part.content', piece.workspaceId, setId, piece.concat.sequence),
        partBytes(piece.form, piece.content),
      ),
    }));
    await Promise.all([
      sets.length > 0 ? insertSets(tx, sets) : undefined,
      parts.length > 0 ? insertParts(tx, parts) : undefined,
    ]);
  }

  #of(tie: Buffer): PartSet[] {
    const key = tie.toString('latin1');
    const sets = this.#sets.get(key) ?? [];
    this.#sets.set(key, sets);
    return sets;
  }
}
