// Durations of one run, all of them: percentiles of a sample are exact.
export interface Percentiles {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class Samples {
  #values = new Float64Array(1 << 14);
  #count = 0;

  add(valueMs: number): void {
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count++] = valueMs;
  }

  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, this.#count).sort();
    return {
      count: this.#count,
      p50Ms: atShare(sorted, 0.5),
      p90Ms: atShare(sorted, 0.9),
      p99Ms: atShare(sorted, 0.99),
      maxMs: sorted.at(-1) ?? 0,
    };
  }
}

/** The nearest-rank percentile of sorted values: the smallest that at least this share does not exceed. */
export function atShare(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
