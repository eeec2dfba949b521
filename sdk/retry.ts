// When a call is repeated, and how long to wait before.

export const retriesMaxDefault = 2;
const firstDelayMs = 500;
const delayMsMax = 8_000;
/** A wait longer than this is the caller's to plan, not ours to sleep through. */
export const retryAfterSecondsMax = 60;

export interface Timers {
  /** Resolves after the time, or rejects with the signal's reason as soon as it is aborted. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** From 0 up to but not 1. */
  random(): number;
}

export const systemTimers: Timers = {
  random: Math.random,
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    }),
};

/**
 * Milliseconds before repeat number `repeat` (from 1), or null to give up because the platform asks for a longer
 * wait than `retryAfterSecondsMax`. Full jitter spreads clients that failed together; what the platform asks for is
 * waited in full and the jitter added.
 */
export function retryDelayMs(
  repeat: number,
  retryAfterSeconds: number | null,
  random: () => number,
): number | null {
  const jitter = Math.floor(random() * Math.min(delayMsMax, firstDelayMs * 2 ** (repeat - 1)));
  if (retryAfterSeconds === null) return jitter;
  return retryAfterSeconds > retryAfterSecondsMax ? null : retryAfterSeconds * 1000 + jitter;
}

/** The seconds of a Retry-After header; null when there is none or it is a date, which this API does not send. */
export function retryAfterSecondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : null;
}
