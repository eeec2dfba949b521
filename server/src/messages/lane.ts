// Items that arrive while a flush is under way share the next one. An idle lane flushes at once, a busy one gathers,
// so the batch grows with the load. A lane whose items nobody waits for may also rest between flushes: fewer, larger
// transactions hold fewer locks.
import { monotonicMs } from '#platform/clock';

export interface Lane<Item> {
  push(item: Item): void;
  /** Items waiting or in flight. */
  readonly depth: number;
  /** Resolves when everything pushed so far has been flushed. */
  flushed(): Promise<void>;
}

export interface LaneOptions<Item> {
  /** Weight of one flush at most; a heavier item goes alone. */
  readonly weightMax: number;
  readonly weigh?: (item: Item) => number;
  /** Least time from the start of one flush to the next, in milliseconds, while the lane is not full. */
  readonly restMs?: number;
}

/** Makes a lane. `flush` settles its items itself and must not reject. */
export function createLane<Item>(
  flush: (items: Item[]) => Promise<void>,
  options: LaneOptions<Item>,
): Lane<Item> {
  const { weightMax, weigh = () => 1, restMs = 0 } = options;
  let waiting: Item[] = [];
  let running = false;
  let pushed = 0;
  let done = 0;
  let startedMs = Number.NEGATIVE_INFINITY;
  let waiters: { readonly until: number; readonly resolve: () => void }[] = [];

  function take(): Item[] {
    let weight = 0;
    let count = 0;
    while (count < waiting.length) {
      weight += weigh(waiting[count]!);
      if (count > 0 && weight > weightMax) break;
      count += 1;
    }
    const taken = count === waiting.length ? waiting : waiting.slice(0, count);
    waiting = count === waiting.length ? [] : waiting.slice(count);
    return taken;
  }

  /** Rests until the next flush is due. A lane with a full flush waiting does not rest. */
  function next(): void {
    const wait = waiting.length >= weightMax ? 0 : startedMs + restMs - monotonicMs();
    if (wait > 0) setTimeout(run, wait);
    else setImmediate(run);
  }

  async function run(): Promise<void> {
    startedMs = monotonicMs();
    const items = take();
    await flush(items);
    done += items.length;
    if (waiters.length > 0) {
      const ready = waiters.filter((waiter) => waiter.until <= done);
      waiters = waiters.filter((waiter) => waiter.until > done);
      for (const waiter of ready) waiter.resolve();
    }
    if (waiting.length > 0) next();
    else running = false;
  }

  return {
    push(item) {
      waiting.push(item);
      pushed += 1;
      if (running) return;
      running = true;
      next();
    },
    get depth() {
      return pushed - done;
    },
    flushed() {
      const until = pushed;
      return until === done ? Promise.resolve() : new Promise((resolve) => waiters.push({ until, resolve }));
    },
  };
}
