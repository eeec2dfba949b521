// Turns at something that only a few may use at once: in the order asked, with a bounded queue, and abandoned at will.

export interface TurnsOptions {
  /** How many hold a turn at once. */
  readonly runningMax: number;
  /** How many may wait beyond them. */
  readonly waitingMax: number;
}

/** Gives the turn back. Calling it again does nothing. */
export type GiveBack = () => void;

export interface Turns {
  /**
   * Resolves with the turn when it has come, first come first served; null at once when the queue is full. An abort
   * while waiting leaves the queue and rejects with the signal's reason; after that it changes nothing.
   */
  take(signal?: AbortSignal): Promise<GiveBack> | null;
  readonly running: number;
  readonly waiting: number;
}

export function createTurns({ runningMax, waitingMax }: TurnsOptions): Turns {
  let running = 0;
  /** In the order of arrival, as a Set keeps it; leaving from the middle is cheap. */
  const queue = new Set<() => void>();

  const turn = (): GiveBack => {
    running++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      running--;
      const [next] = queue;
      next?.();
    };
  };

  return {
    take(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (running < runningMax) return Promise.resolve(turn());
      if (queue.size >= waitingMax) return null;
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.delete(start);
          reject(signal?.reason);
        };
        const start = () => {
          queue.delete(start);
          signal?.removeEventListener('abort', leave);
          resolve(turn());
        };
        queue.add(start);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
  };
}
