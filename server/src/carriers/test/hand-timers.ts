import type { SessionTimers } from '@sotto/smpp';

/** Timers that run only when the test says so; time goes on as the test says. */
export class HandTimers implements SessionTimers {
  #nowMs = 1_000;
  readonly #runs = new Set<() => void>();

  now(): number {
    return this.#nowMs;
  }

  every(_periodMs: number, run: () => void): () => void {
    this.#runs.add(run);
    return () => this.#runs.delete(run);
  }

  /** Moves time and lets every timer look at it. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const run of [...this.#runs]) run();
  }

  /** Time passes while the process is stopped: no timer runs. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }
}
