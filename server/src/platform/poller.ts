// A loop that works while there is work, and else waits for a ring or for the next poll. Polling is the truth:
// a ring that is lost costs at most the longest pause.
//
//   idle --ring or poll--> working --more--> working
//                          working --nothing--> idle (pauses grow from minMs to maxMs)
//                          working --error--> idle (maxMs)
import { pause } from './clock.ts';

export interface PollerOptions {
  /** Does one bounded piece of work. True means there may be more. */
  readonly work: (signal: AbortSignal) => Promise<boolean>;
  /** First and longest pause without work, in milliseconds. */
  readonly minMs?: number;
  readonly maxMs?: number;
  /** Told of every failure; the loop goes on. */
  readonly onError: (error: unknown) => void;
  /** Between 0 and 1; spreads the polls of several processes. */
  readonly random?: () => number;
}

export const POLL_MIN_MS = 250;
export const POLL_MAX_MS = 1_000;

export class Poller {
  readonly #options: PollerOptions;
  readonly #stopping = new AbortController();
  #rung = false;
  #idle: AbortController | undefined;
  #loop: Promise<void> | undefined;
  #progressAt = performance.now();

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something may have come: the loop works at once, or once more when it is working. */
  wake(): void {
    this.#rung = true;
    this.#idle?.abort();
  }

  /** Milliseconds since the loop last came round; a watchdog that grows shows a loop that hangs. */
  sinceProgressMs(): number {
    return performance.now() - this.#progressAt;
  }

  /** Stops after the piece of work under way. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#idle?.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { work, onError, random = Math.random } = this.#options;
    const minMs = this.#options.minMs ?? POLL_MIN_MS;
    const maxMs = this.#options.maxMs ?? POLL_MAX_MS;
    let waitMs = minMs;
    while (!this.#stopping.signal.aborted) {
      this.#rung = false;
      this.#progressAt = performance.now();
      try {
        if (await work(this.#stopping.signal)) {
          waitMs = minMs;
          continue;
        }
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        waitMs = maxMs;
        onError(error);
        // A ring must not turn a failing loop into a busy one.
        this.#rung = false;
      }
      if (this.#rung || this.#stopping.signal.aborted) continue;
      this.#idle = new AbortController();
      await pause(waitMs * (0.75 + random() / 4), this.#idle.signal).catch(() => undefined);
      waitMs = this.#idle.signal.aborted ? minMs : Math.min(maxMs, waitMs * 2);
      this.#idle = undefined;
    }
  }
}
