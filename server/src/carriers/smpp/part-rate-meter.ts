// How many parts a second were written lately. Six buckets of a second each, of which the running one is left out.

const BUCKETS = 6;
const SECOND_MS = 1_000;

export class PartRateMeter {
  readonly #counts = new Float64Array(BUCKETS);
  #second: number;
  readonly #since: number;

  constructor(nowMs: number) {
    this.#second = Math.floor(nowMs / SECOND_MS);
    this.#since = this.#second;
  }

  add(nowMs: number): void {
    this.#advance(nowMs);
    this.#counts[this.#second % BUCKETS]! += 1;
  }

  /** Parts a second over the last five full seconds, or as many as there have been; the running one before that. */
  rate(nowMs: number): number {
    this.#advance(nowMs);
    const full = Math.min(BUCKETS - 1, this.#second - this.#since);
    const running = this.#counts[this.#second % BUCKETS]!;
    if (full === 0) return running;
    let sum = -running;
    for (const count of this.#counts) sum += count;
    return sum / full;
  }

  /** Parts written in the last second or so: what a throttling answer is about. */
  latest(nowMs: number): number {
    this.#advance(nowMs);
    const running = this.#counts[this.#second % BUCKETS]!;
    const before = this.#counts[(this.#second + BUCKETS - 1) % BUCKETS]!;
    return Math.max(running, before);
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / SECOND_MS);
    const steps = Math.min(BUCKETS, second - this.#second);
    for (let step = 1; step <= steps; step++) this.#counts[(this.#second + step) % BUCKETS] = 0;
    if (second > this.#second) this.#second = second;
  }
}
