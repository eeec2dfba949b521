// Waiting for a state that another process reaches, within a bound.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer is not undefined and returns it; undefined when `limitMs` passed before. Asks again
 * `everyMs` after each answer.
 */
export async function waitFor<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  limitMs: number,
  everyMs: number,
): Promise<T | undefined> {
  const until = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= until) return undefined;
    await pause(everyMs);
  }
}

/** Milliseconds since 1970 with fractions: comparable between the processes of one machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
