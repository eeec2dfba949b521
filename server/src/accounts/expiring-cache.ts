// A bounded map whose entries live for a fixed time at most. When it is full the oldest entry leaves; reading does
// not prolong a life, so nothing is trusted longer than its time.

export interface ExpiringCacheOptions {
  readonly entriesMax: number;
  /** A clock that never steps, in milliseconds. */
  readonly nowMs: () => number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

export class ExpiringCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #options: ExpiringCacheOptions;

  constructor(options: ExpiringCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#options.nowMs() < entry.untilMs) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Keeps a value for `ttlMs`; one that would live no time is not kept. */
  set(key: string, value: Value, ttlMs: number): void {
    this.#entries.delete(key);
    if (!(ttlMs > 0)) return;
    if (this.#entries.size >= this.#options.entriesMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, untilMs: this.#options.nowMs() + ttlMs });
  }

  /** Drops every entry whose value answers. Walks the whole map: for rare events only. */
  dropWhere(answers: (value: Value) => boolean): void {
    for (const [key, entry] of this.#entries) if (answers(entry.value)) this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
