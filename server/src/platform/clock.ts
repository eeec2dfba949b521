// Time outside the database. Decisions use platform.clock() in SQL; what stands here serves timers, durations
// and the time part of ids, which follows the database's clock by an offset measured at start and kept fresh.

/** Milliseconds on a clock that never steps. Only differences mean something. */
export const monotonicMs = (): number => performance.now();

let offsetMs = 0;

/** Tells this process how far the database's clock is ahead of its own, in milliseconds. */
export function alignTo(databaseNow: Date): void {
  offsetMs = databaseNow.getTime() - Date.now();
}

/** Wall time as the database sees it, to within a round trip. For ids, logs and headers, never for decisions. */
export const alignedNowMs = (): number => Date.now() + offsetMs;

/** Resolves after `ms` on a process timer, or rejects when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    function done() {
      signal?.removeEventListener('abort', abort);
      resolve();
    }
    function abort() {
      clearTimeout(timer);
      reject(signal!.reason);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}
