// How often something may happen for each of many, in the memory of one process. Nothing of it is stored, and what is
// full again is forgotten first.
import { monotonicMs } from '#platform/clock';

export interface Rate {
  /** So many at once. */
  readonly burst: number;
  /** One more after each of these. */
  readonly everyMs: number;
}

/** Takes one for a key; false when there is none left. Holds `keysMax` keys at most: the one unused for longest goes. */
export function memoryRate({ burst, everyMs }: Rate, keysMax = 10_000, now = monotonicMs) {
  /** When each key is full again; the order is that of their last use. */
  const fullAt = new Map<string, number>();
  return (key: string): boolean => {
    const at = now();
    const full = Math.max(at, fullAt.get(key) ?? at);
    fullAt.delete(key);
    const isLeft = full + everyMs - at <= burst * everyMs;
    fullAt.set(key, isLeft ? full + everyMs : full);
    if (fullAt.size > keysMax) fullAt.delete(fullAt.keys().next().value!);
    return isLeft;
  };
}
