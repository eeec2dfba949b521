// Buckets of this process, for subjects that the policy lets nobody store. Keys are HMACs under a key that ends with
// the process, so that not even its memory holds an address for longer than a request. Bounded: when it is full, the
// buckets that have least to forget go first, so that filling it up frees nobody who is refused.
import { createHmac, randomBytes } from 'node:crypto';
import { judge, type Size } from './bucket.ts';

export interface MemoryAsk extends Size {
  readonly key: string;
}

const BUCKETS_MAX = 50_000;
/** Made room for at once, so that a flood does not sort at every step. */
const EVICTED_SHARE = 0.1;

export class MemoryBuckets {
  readonly #fullAtMs = new Map<string, number>();
  readonly #secret = randomBytes(32);
  readonly #bucketsMax: number;

  constructor(bucketsMax = BUCKETS_MAX) {
    this.#bucketsMax = bucketsMax;
  }

  get size(): number {
    return this.#fullAtMs.size;
  }

  keyOf(subject: string): string {
    return createHmac('sha256', this.#secret).update(subject).digest('base64url');
  }

  /** Takes all or nothing; gives the wait of each, in order: all 0 when taken. */
  take(nowMs: number, asks: readonly MemoryAsk[]): number[] {
    const judged = asks.map((ask) => judge(this.#fullAtMs.get(ask.key) ?? 0, nowMs, ask));
    if (judged.every(({ waitMs }) => waitMs === 0)) {
      for (const [at, { key }] of asks.entries()) this.#fullAtMs.set(key, judged[at]!.fullAtMs);
      if (this.#fullAtMs.size > this.#bucketsMax) this.#makeRoom(nowMs);
    }
    return judged.map(({ waitMs }) => waitMs);
  }

  giveBack(asks: readonly MemoryAsk[]): void {
    for (const { key, costMs } of asks) {
      const fullAtMs = this.#fullAtMs.get(key);
      if (fullAtMs !== undefined) this.#fullAtMs.set(key, fullAtMs - costMs);
    }
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#fullAtMs.delete(key);
  }

  #makeRoom(nowMs: number): void {
    for (const [key, fullAtMs] of this.#fullAtMs) if (fullAtMs <= nowMs) this.#fullAtMs.delete(key);
    const kept = Math.floor(this.#bucketsMax * (1 - EVICTED_SHARE));
    const surplus = this.#fullAtMs.size - kept;
    if (this.#fullAtMs.size <= this.#bucketsMax || surplus <= 0) return;
    const soonest = [...this.#fullAtMs].sort(([, a], [, b]) => a - b).slice(0, surplus);
    for (const [key] of soonest) this.#fullAtMs.delete(key);
  }
}
