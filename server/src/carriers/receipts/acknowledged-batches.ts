// What arrives is stored in batches and acknowledged one by one, never before its batch is durable.

/** Items of one call to the sink. */
export const BATCH_MAX = 256;
/** Calls to the sink at one time; more would only wait for each other's locks. */
export const BATCHES_IN_FLIGHT_MAX = 4;

export interface Acknowledged<T> {
  readonly item: T;
  /** Called once: true when the item is durable, false when it must come again. Must not throw. */
  readonly settle: (stored: boolean) => void;
}

/** Stores a batch; may answer for each item, in order, whether it was taken. */
type Store<T> = (batch: readonly T[]) => Promise<unknown>;

/**
 * Gathers what arrives in one turn of the event loop, and what arrives while all calls are busy. The memory it takes
 * is bounded by its callers' windows: an item holds its place there until it is settled.
 */
export class AcknowledgedBatches<T> {
  readonly #store: Store<T>;
  readonly #onFailure: (error: unknown, items: number) => void;
  #waiting: Acknowledged<T>[] = [];
  #inFlight = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(store: Store<T>, onFailure: (error: unknown, items: number) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  add(item: T, settle: (stored: boolean) => void): void {
    this.#waiting.push({ item, settle });
    if (this.#waiting.length >= BATCH_MAX) this.#send();
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  /** Resolves when everything that was added is settled. */
  idle(): Promise<void> {
    if (this.#inFlight === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #send(): void {
    while (this.#inFlight < BATCHES_IN_FLIGHT_MAX && this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      this.#inFlight += 1;
      this.#storeAll(batch).finally(() => {
        this.#inFlight -= 1;
        this.#send();
        if (this.#inFlight === 0 && this.#waiting.length === 0)
          for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
  }

  /**
   * Stores a batch and settles its items. When it fails for a reason that trying again will not change, halves are
   * stored apart, so that one item nobody can store does not keep 255 others from being acknowledged for ever. A store
   * that answers for each item settles each by its answer.
   */
  async #storeAll(batch: readonly Acknowledged<T>[]): Promise<void> {
    let taken: readonly boolean[] = [];
    try {
      const answers = await this.#store(batch.map(({ item }) => item));
      if (Array.isArray(answers)) taken = answers;
    } catch (error) {
      if (batch.length > 1 && !isRetryable(error)) {
        const half = batch.length >> 1;
        await this.#storeAll(batch.slice(0, half));
        await this.#storeAll(batch.slice(half));
        return;
      }
      this.#onFailure(error, batch.length);
      for (const { settle } of batch) settle(false);
      return;
    }
    for (const [at, { settle }] of batch.entries()) settle(taken[at] ?? true);
  }
}

const isRetryable = (error: unknown): boolean =>
  (error as { retryable?: unknown } | null)?.retryable === true;
