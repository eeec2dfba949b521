// Waiting for other processes: bounded, and with a sentence of what did not happen when the bound is reached.
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 25;

/** Asks again and again until the answer is not undefined. Throws when `limitMs` have passed, naming `what`. */
export async function eventually<Value>(
  what: string,
  limitMs: number,
  ask: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const until = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= until) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await pause(POLL_MS);
  }
}

/** Rejects when the promise has not settled within the limit. */
export async function within<Value>(what: string, limitMs: number, promise: Promise<Value>): Promise<Value> {
  const late = new AbortController();
  try {
    return await Promise.race([
      promise,
      pause(limitMs, undefined, { signal: late.signal }).then(() => {
        throw new Error(`${what}: not within ${limitMs / 1000} s`);
      }),
    ]);
  } finally {
    late.abort();
  }
}
