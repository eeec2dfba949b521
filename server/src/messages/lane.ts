// Requests that arrive while a flush is under way share the next one. No timer: an idle lane flushes at once, a
// busy one gathers, so the batch grows with the load and the wait stays one flush.

export interface Lane<Item> {
  push(item: Item): void;
  /** Items waiting or in flight. */
  readonly depth: number;
  /** Resolves when nothing is waiting or in flight. */
  idle(): Promise<void>;
}

/**
 * A lane that flushes at most `weightMax` at once (an item may weigh more than one; a heavier one goes alone).
 * `flush` settles its items itself and must not reject.
 */
export function createLane<Item>(
  flush: (items: Item[]) => Promise<void>,
  weightMax: number,
  weigh: (item: Item) => number = () => 1,
): Lane<Item> {
  let waiting: Item[] = [];
  let inFlight = 0;
  let scheduled = false;
  const idlers: (() => void)[] = [];

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

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const items = take();
      inFlight = items.length;
      await flush(items);
      inFlight = 0;
    }
    scheduled = false;
    for (const done of idlers.splice(0)) done();
  }

  return {
    push(item) {
      waiting.push(item);
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => void run());
    },
    get depth() {
      return waiting.length + inFlight;
    },
    idle: () => (scheduled ? new Promise((done) => idlers.push(done)) : Promise.resolve()),
  };
}
