// Scrubbed errors in memory, counted by day and fingerprint, on their way into the table.
import { type ScrubbedError, scrubError } from './scrub-error.ts';
import { usageDay } from './usage-tally.ts';

/** A fault of a day, and how often it happened. */
export interface ErrorCount extends ScrubbedError {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly times: number;
}

/** Different faults held at once. More of them between two flushes are counted as missed, not kept. */
const FAULTS_MAX = 200;

export class ErrorTally {
  readonly #counts = new Map<string, ErrorCount>();
  #missed = 0;

  /** How many errors found no room. */
  get missed(): number {
    return this.#missed;
  }

  /** Scrubs and counts what was thrown; of the thing itself nothing is kept. Never throws. */
  add(nowMs: number, thrown: unknown): void {
    this.#put({ day: usageDay(nowMs), ...scrubError(thrown), times: 1 });
  }

  /** Takes all counts since the last time. */
  take(): ErrorCount[] {
    const taken = [...this.#counts.values()];
    this.#counts.clear();
    return taken;
  }

  /** Puts back what could not be stored. */
  putBack(counts: readonly ErrorCount[]): void {
    for (const count of counts) this.#put(count);
  }

  #put(count: ErrorCount): void {
    const key = `${count.day} ${count.fingerprint}`;
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= FAULTS_MAX) this.#missed += count.times;
    else this.#counts.set(key, { ...count, times: count.times + (known?.times ?? 0) });
  }
}
