// Things to do at given times, kept in one heap behind one timer: a hundred thousand late receipts cost one timer.

interface Due {
  readonly atMs: number;
  /** Breaks ties, so that what was planned first runs first. */
  readonly order: number;
  readonly run: () => void;
}

export class DueQueue {
  readonly #heap: Due[] = [];
  #closed = false;
  #order = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#heap.length;
  }

  /** Runs `run` in `delayMs`, or within this call when there is no delay. */
  after(delayMs: number, run: () => void): void {
    if (this.#closed) return;
    if (delayMs <= 0) {
      run();
      return;
    }
    this.#push({ atMs: performance.now() + delayMs, order: this.#order++, run });
    this.#arm();
  }

  /** Forgets everything planned, and everything planned from now on. */
  close(): void {
    this.#closed = true;
    this.#heap.length = 0;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.atMs >= this.#timerAtMs) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timerAtMs = next.atMs;
    this.#timer = setTimeout(this.#wake, Math.max(0, Math.ceil(next.atMs - performance.now())));
  }

  readonly #wake = (): void => {
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = performance.now();
    while (this.#heap.length > 0 && this.#heap[0]!.atMs <= now) this.#pop().run();
    this.#arm();
  };

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): Due {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Due, b: Due): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
