// Everything a home holds: texts, and parts on their way to becoming texts. No database, no clock of its own.
import { newId } from '#platform/ids';
import { wholeBytes } from '../reassembly.ts';
import { type MemoryBounds, MemoryBudget } from './budget.ts';
import type { DepositOutcome, DepositPiece } from './home-port.ts';
import { type JoinedText, PartMemory } from './part-memory.ts';
import { RecentSingles } from './recent-singles.ts';
import { TextMemory, type TextPage, type WholeText, type Wiped } from './text-memory.ts';

export interface InboundMemoryOptions {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** The database's time, as far as this process knows it. */
  readonly dateMs: () => number;
  readonly readGraceMs: number;
  readonly bounds?: MemoryBounds;
}

/** A text that can be read now. */
export interface Arrival {
  readonly id: string;
  readonly workspaceId: string;
}

export class InboundMemory {
  readonly #options: InboundMemoryOptions;
  readonly #budget: MemoryBudget;
  readonly #texts: TextMemory;
  readonly #parts: PartMemory;
  readonly #singles: RecentSingles;

  constructor(options: InboundMemoryOptions) {
    this.#options = options;
    this.#budget = new MemoryBudget(options.bounds);
    const { nowMs, readGraceMs } = options;
    this.#texts = new TextMemory({ budget: this.#budget, nowMs, readGraceMs });
    this.#parts = new PartMemory(this.#budget, nowMs);
    this.#singles = new RecentSingles(nowMs);
  }

  /** Texts that would be lost if the process ended now: unread ones, and those that still wait for parts. */
  get atRisk(): number {
    return this.#texts.unread + this.#parts.waiting;
  }

  get bytes(): number {
    return this.#budget.bytes;
  }

  /** How full it is, as a share of one. */
  get share(): number {
    return this.#budget.share;
  }

  /** Takes one piece; what can be read by it is added to `arrivals`. */
  take(piece: DepositPiece, arrivals: Arrival[]): DepositOutcome {
    return piece.concat === null ? this.#takeSingle(piece, arrivals) : this.#takePart(piece, arrivals);
  }

  read(workspaceId: string, page: TextPage): WholeText[] {
    return this.#texts.read(workspaceId, page);
  }

  /** Gives out incomplete texts, and wipes what has ended. */
  sweep(arrivals: Arrival[]): Wiped {
    this.#admit(this.#parts.sweep(), arrivals);
    return this.#texts.sweep();
  }

  /** Wipes everything. */
  wipe(): void {
    this.#texts.wipe();
    this.#parts.wipe();
    this.#singles.forget();
  }

  #takeSingle(piece: DepositPiece, arrivals: Arrival[]): DepositOutcome {
    if (piece.possibleRepeat && this.#singles.knows(piece)) return 'duplicate';
    const content = wholeBytes(piece.form, piece.content);
    if (!this.#budget.reserve(piece.workspaceId, content.length)) return 'refused';
    this.#singles.remember(piece);
    const { workspaceId, from, to, form } = piece;
    this.#put({ workspaceId, from, to, form, content, segments: 1, complete: true }, arrivals);
    return 'stored';
  }

  #takePart(piece: DepositPiece, arrivals: Arrival[]): DepositOutcome {
    const joined: JoinedText[] = [];
    const outcome = this.#parts.take(piece, joined);
    this.#admit(joined, arrivals);
    return outcome === 'joined' ? 'stored' : outcome;
  }

  /** Room was set aside for the parts of these texts, so the texts themselves are never refused. */
  #admit(joined: readonly JoinedText[], arrivals: Arrival[]): void {
    for (const text of joined) {
      this.#budget.claim(text.workspaceId, text.content.length);
      this.#put(text, arrivals);
    }
  }

  #put(text: JoinedText, arrivals: Arrival[]): void {
    const id = newId();
    this.#texts.put({ ...text, id, receivedAt: new Date(this.#options.dateMs()) });
    arrivals.push({ id, workspaceId: text.workspaceId });
  }
}
