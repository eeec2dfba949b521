// Items that arrive while a flush is under way share the next one. An idle lane flushes at once, a busy one gathers,
// so the batch grows with the load. A lane whose items nobody waits for may also rest between flushes, and one whose
// callers come back with the next item at once may gather them first: fewer, larger transactions hold fewer locks.
import { monotonicMs } from './clock.ts';

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
  /**
   * Longest wait after a flush for the callers it answered to come back, so that they and those who waited share the
   * next one instead of taking turns. Nothing waits after a flush of few items.
   */
  readonly gatherMs?: number;
}

/** Flushes of fewer items are not worth gathering for: the load is low. */
const GATHER_ITEMS_MIN = 8;
/** How much of those who may come is enough: some always pause. */
const GATHERED_SHARE = 0.9;

/** Makes a lane. `flush` settles its items itself and must not reject. */
export function createLane<Item>(
  flush: (items: Item[]) => Promise<void>,
  options: LaneOptions<Item>,
): Lane<Item> {
  const { weightMax, weigh = () => 1, restMs = 0, gatherMs = 0 } = options;
  let waiting: Item[] = [];
  let running = false;
  let pushed = 0;
  let done = 0;
  let startedMs = Number.NEGATIVE_INFINITY;
  /** Set while gathering: how many waiting items end it early. */
  let wanted = 0;
  let gathering: NodeJS.Timeout | undefined;
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
    if (gatherMs > 0 && items.length >= GATHER_ITEMS_MIN) gather(items.length + waiting.length);
    else if (waiting.length > 0) next();
    else running = false;
  }

  function gather(expected: number): void {
    wanted = Math.min(weightMax, Math.floor(expected * GATHERED_SHARE));
    if (waiting.length >= wanted) next();
    else gathering = setTimeout(gathered, gatherMs);
  }

  function gathered(): void {
    clearTimeout(gathering);
    gathering = undefined;
    if (waiting.length > 0) next();
    else running = false;
  }

  return {
    push(item) {
      waiting.push(item);
      pushed += 1;
      if (gathering !== undefined && waiting.length >= wanted) gathered();
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
