// Long texts on their way to becoming whole, in memory alone. Parts are placed by the rules of reassembly.ts. What is
// remembered of a part after its text was put together is a digest under a key drawn by this process, which ends with it.
import { createHmac, randomBytes } from 'node:crypto';
import type { ContentForm } from '../inbound-part.ts';
import { joinParts, type PartSet, partBytes, partContent, placePart, wholeBytes } from '../reassembly.ts';
import type { MemoryBudget } from './budget.ts';
import type { DepositPiece } from './home-port.ts';

/** How long parts wait for the others. */
export const PARTS_MS_MAX = 600_000;
/** How long a closed set is remembered, so that a part sent again is known for a repeat. */
const REPEAT_MS = 900_000;
/** Open sets of one sender at one number; the oldest is given out incomplete to make room. */
const OPEN_OF_SENDER_MAX = 16;

interface MemorySet extends PartSet {
  readonly piece: Pick<DepositPiece, 'workspaceId' | 'from' | 'to' | 'form'>;
  readonly contents: Map<number, Buffer>;
  readonly sinceMs: number;
  closed: boolean;
  closedMs: number;
}

/** What a set became. Its room is given back; the taker sets aside room for the text. */
export interface JoinedText {
  readonly workspaceId: string;
  readonly from: string;
  readonly to: string;
  readonly form: ContentForm;
  readonly content: Buffer;
  readonly segments: number;
  readonly complete: boolean;
}

export type PartOutcome = 'duplicate' | 'waiting' | 'joined' | 'refused';

export class PartMemory {
  readonly #budget: MemoryBudget;
  readonly #nowMs: () => number;
  readonly #digestKey = randomBytes(32);
  /** By tie, newest set first. */
  readonly #sets = new Map<string, MemorySet[]>();
  /** Sets that wait, by who wrote to whom, oldest first. */
  readonly #open = new Map<string, Set<MemorySet>>();
  #waiting = 0;
  #made = 0;

  constructor(budget: MemoryBudget, nowMs: () => number) {
    this.#budget = budget;
    this.#nowMs = nowMs;
  }

  /** Takes a part that belongs to others. `joined` fills `texts`; older texts given up on may be among them. */
  take(piece: DepositPiece, texts: JoinedText[]): PartOutcome {
    const { reference, bits, total, sequence } = piece.concat!;
    const tie = JSON.stringify([
      piece.workspaceId,
      piece.connectorId,
      piece.from,
      piece.to,
      reference,
      bits,
      total,
      piece.form,
    ]);
    const sets = this.#sets.get(tie) ?? [];
    const placement = placePart(sets, sequence, piece.content);
    if (placement.kind === 'duplicate') return 'duplicate';
    const content = partBytes(piece.form, piece.content);
    if (!this.#budget.reserve(piece.workspaceId, content.length)) return 'refused';
    const set = placement.kind === 'join' ? (placement.set as MemorySet) : this.#begin(piece, total);
    if (placement.kind === 'begin') {
      sets.unshift(set);
      this.#sets.set(tie, sets);
    }
    const digest = this.#digest(piece.content);
    set.parts.set(sequence, (other) => this.#digest(other).equals(digest));
    set.contents.set(sequence, content);
    if (set.contents.size === total) {
      texts.push(this.#close(set));
      return 'joined';
    }
    if (placement.kind === 'begin') this.#giveUpSurplus(set, texts);
    return 'waiting';
  }

  /** Gives out what has waited too long, and forgets closed sets no carrier sends again. */
  sweep(): JoinedText[] {
    const now = this.#nowMs();
    const texts: JoinedText[] = [];
    for (const [tie, sets] of this.#sets) {
      for (const set of sets) {
        if (!set.closed && now - set.sinceMs >= PARTS_MS_MAX) texts.push(this.#close(set));
      }
      const left = sets.filter((set) => !set.closed || now - set.closedMs < REPEAT_MS);
      if (left.length === 0) this.#sets.delete(tie);
      else this.#sets.set(tie, left);
    }
    return texts;
  }

  /** Wipes everything. */
  wipe(): void {
    for (const sets of this.#sets.values()) for (const set of sets) this.#empty(set);
    this.#sets.clear();
    this.#open.clear();
    this.#waiting = 0;
  }

  /** Sets that wait for parts. */
  get waiting(): number {
    return this.#waiting;
  }

  #begin({ workspaceId, from, to, form }: DepositPiece, total: number): MemorySet {
    const set: MemorySet = {
      id: String(++this.#made),
      total,
      closed: false,
      closedMs: 0,
      sinceMs: this.#nowMs(),
      parts: new Map(),
      contents: new Map(),
      piece: { workspaceId, from, to, form },
    };
    const open = this.#open.get(senderOf(set)) ?? new Set();
    this.#open.set(senderOf(set), open.add(set));
    this.#waiting += 1;
    return set;
  }

  #giveUpSurplus(begun: MemorySet, texts: JoinedText[]): void {
    for (const oldest of this.#open.get(senderOf(begun)) ?? []) {
      if (this.#open.get(senderOf(begun))!.size <= OPEN_OF_SENDER_MAX) return;
      texts.push(this.#close(oldest));
    }
  }

  #close(set: MemorySet): JoinedText {
    const { workspaceId, from, to, form } = set.piece;
    const parts = new Map([...set.contents].map(([at, bytes]) => [at, partContent(form, bytes)]));
    const text = {
      workspaceId,
      from,
      to,
      form,
      content: wholeBytes(form, joinParts(form, set.total, parts)),
      segments: parts.size,
      complete: parts.size === set.total,
    };
    set.closed = true;
    set.closedMs = this.#nowMs();
    const open = this.#open.get(senderOf(set));
    open?.delete(set);
    if (open?.size === 0) this.#open.delete(senderOf(set));
    this.#waiting -= 1;
    this.#empty(set);
    return text;
  }

  #empty(set: MemorySet): void {
    for (const content of set.contents.values()) {
      this.#budget.release(set.piece.workspaceId, content.length);
      content.fill(0);
    }
    set.contents.clear();
  }

  #digest(content: string): Buffer {
    return createHmac('sha256', this.#digestKey).update(content, 'utf16le').digest();
  }
}

const senderOf = ({ piece: { workspaceId, from, to } }: MemorySet): string =>
  JSON.stringify([workspaceId, from, to]);
