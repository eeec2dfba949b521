// Data keys in the memory of one process: bounded, wiped on the way out, and forgotten after a time that is
// part of how long an erasure takes to reach every process.
import type { KeyId } from './key-ref.ts';
import type { KeyState } from './key-store.ts';

export interface CachedKey {
  readonly state: KeyState['state'];
  /** What was derived from the key, by purpose and column; wiped together with it. */
  readonly derived: Map<string, readonly Buffer[]>;
  readonly key: Buffer;
  seals: number;
  expiresAtMs: number;
}

export interface KeyCacheOptions {
  readonly keysMax: number;
  readonly ttlMs: number;
  readonly nowMs: () => number;
}

/** Derivations kept for one key; a day with more leases than this derives some of them again. */
const DERIVED_MAX = 256;
const NO_KEY = Buffer.alloc(0);

export class KeyCache {
  readonly #options: KeyCacheOptions;
  /** In the order of last renewal, oldest first. */
  readonly #keys = new Map<KeyId, CachedKey>();
  evictions = 0;

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** The key, or undefined when it was never loaded, is too old, or had to make room. */
  get(id: KeyId): CachedKey | undefined {
    const found = this.#keys.get(id);
    return found && found.expiresAtMs > this.#options.nowMs() ? found : undefined;
  }

  /** Whether the key stays readable for at least a quarter of its time: enough for the batch that asks. */
  isFresh(id: KeyId): boolean {
    const found = this.#keys.get(id);
    return found !== undefined && found.expiresAtMs - this.#options.nowMs() > this.#options.ttlMs / 4;
  }

  /** Takes what the store answered, under a new term. The count of seals goes on from the previous term. */
  put(id: KeyId, state: KeyState): void {
    const previous = this.#keys.get(id);
    const seals = previous?.seals ?? 0;
    if (previous) this.#drop(id, previous);
    this.#keys.set(id, {
      state: state.state,
      key: state.state === 'living' ? state.key : NO_KEY,
      derived: new Map(),
      seals,
      // The dead stay dead; everything else is asked again.
      expiresAtMs:
        state.state === 'destroyed' ? Number.POSITIVE_INFINITY : this.#options.nowMs() + this.#options.ttlMs,
    });
    for (const [oldest, entry] of this.#keys) {
      if (this.#keys.size <= this.#options.keysMax) break;
      this.#drop(oldest, entry);
      this.evictions += 1;
    }
  }

  evict(ids: Iterable<KeyId>): void {
    for (const id of ids) {
      const found = this.#keys.get(id);
      if (found) this.#drop(id, found);
    }
  }

  clear(): void {
    this.evict([...this.#keys.keys()]);
  }

  #drop(id: KeyId, entry: CachedKey): void {
    this.#keys.delete(id);
    entry.key.fill(0);
    for (const buffers of entry.derived.values()) for (const buffer of buffers) buffer.fill(0);
    entry.derived.clear();
  }
}

/** What `derive` gives for this key, remembered as long as the key is. */
export function derivedOnce<T extends readonly Buffer[]>(
  key: CachedKey,
  name: string,
  derive: (key: Buffer) => T,
): T {
  const known = key.derived.get(name);
  if (known) return known as T;
  if (key.derived.size >= DERIVED_MAX) {
    const [oldest, buffers] = key.derived.entries().next().value!;
    for (const buffer of buffers) buffer.fill(0);
    key.derived.delete(oldest);
  }
  const made = derive(key.key);
  key.derived.set(name, made);
  return made;
}
