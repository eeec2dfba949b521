// How many requests a caller may make: a token bucket for each key, and for each address that has none or a wrong
// one. In memory and for each process: it protects the process, it is not an accounting.
import { monotonicMs } from '#platform/clock';

export interface RateLimits {
  /** Requests a second that a key may make in the long run; its bucket holds two seconds of them. */
  readonly perKey: number;
  /** Failed authentications a minute from one address (IPv4 /32, IPv6 /64). */
  readonly failuresPerMinute: number;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the bucket is full again, or until the next try when refused. */
  readonly resetSeconds: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

const BUCKETS_MAX = 50_000;

export class RateLimiter {
  readonly #rate: number;
  readonly #size: number;
  readonly #buckets = new Map<string, Bucket>();

  /** `rate` tokens a second, at most `size` at once. */
  constructor(rate: number, size: number) {
    this.#rate = rate;
    this.#size = size;
  }

  /** Takes `cost` tokens if they are there. `rate` is the key's own where that is lower than everybody's. */
  take(key: string, cost = 1, rate = this.#rate): Verdict {
    const slower = Math.min(rate, this.#rate) / this.#rate;
    const [ownRate, size] = [this.#rate * slower, this.#size * slower];
    const bucket = this.#fill(key, ownRate, size);
    const allowed = bucket.tokens >= cost;
    if (allowed) bucket.tokens -= cost;
    const missing = allowed ? size - bucket.tokens : cost - bucket.tokens;
    return {
      allowed,
      limit: size,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: Math.ceil(missing / ownRate),
    };
  }

  /** True when a token is left, without taking it. */
  has(key: string): boolean {
    return !this.#buckets.has(key) || this.#fill(key).tokens >= 1;
  }

  #fill(key: string, rate = this.#rate, size = this.#size): Bucket {
    const now = monotonicMs();
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= BUCKETS_MAX) this.#forgetFull(now);
      bucket = { tokens: size, atMs: now };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.atMs) / 1000) * rate);
    bucket.atMs = now;
    return bucket;
  }

  /** Full buckets say nothing; when none is full the oldest half goes, which only ever forgives. */
  #forgetFull(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.tokens + ((now - bucket.atMs) / 1000) * this.#rate >= this.#size) this.#buckets.delete(key);
    }
    let surplus = this.#buckets.size - BUCKETS_MAX / 2;
    for (const key of this.#buckets.keys()) {
      if (surplus-- <= 0) break;
      this.#buckets.delete(key);
    }
  }
}

/** The network an address is limited by: itself, or its /64, which is one household or machine. */
export function limitedNetwork(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const full = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return full.slice(0, 4).join(':');
}
