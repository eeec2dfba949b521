// Parts that wait to be written, a queue a lane; the better lane always goes first.
import { LANES, type Lane, type PartOutcome, type PartToSubmit } from './port.ts';

export type OnOutcome = (part: PartToSubmit, outcome: PartOutcome) => void;

/** A part and where its outcome goes. */
export class WaitingPart {
  readonly part: PartToSubmit;
  readonly onOutcome: OnOutcome;

  constructor(part: PartToSubmit, onOutcome: OnOutcome) {
    this.part = part;
    this.onOutcome = onOutcome;
  }
}

/** First in, first out, without moving what stays: taken places are dropped when they outnumber the rest. */
class Fifo {
  #items: (WaitingPart | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: WaitingPart): void {
    this.#items.push(item);
  }

  get first(): WaitingPart | undefined {
    return this.#items[this.#head];
  }

  drop(): void {
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head >= 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}

export class LaneQueues {
  readonly #lanes: Readonly<Record<Lane, Fifo>> = {
    otp: new Fifo(),
    transactional: new Fifo(),
    marketing: new Fifo(),
  };
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(lane: Lane): number {
    return this.#lanes[lane].size;
  }

  add(waiting: WaitingPart): void {
    this.#lanes[waiting.part.lane].add(waiting);
    this.#size += 1;
  }

  /** The best lane that has a part; undefined when none has. */
  get lane(): Lane | undefined {
    for (const lane of LANES) if (this.#lanes[lane].size > 0) return lane;
    return undefined;
  }

  first(lane: Lane): WaitingPart {
    return this.#lanes[lane].first!;
  }

  /** Takes the first part of the lane out. */
  drop(lane: Lane): void {
    this.#lanes[lane].drop();
    this.#size -= 1;
  }

  /** Takes everything out, the best lane first. */
  takeAll(): WaitingPart[] {
    const all: WaitingPart[] = [];
    for (const lane of LANES) {
      const fifo = this.#lanes[lane];
      while (fifo.size > 0) {
        all.push(fifo.first!);
        fifo.drop();
      }
    }
    this.#size = 0;
    return all;
  }
}
