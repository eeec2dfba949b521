// Which senders a workspace may use. A numeric sender is one of its own numbers, or anybody could write in anybody's
// name; alphanumeric names are free until a policy lists them.
import { sendableNumbers } from '#numbers';
import { monotonicMs } from '#platform/clock';
import type { Database } from '#platform/database';

export interface Senders {
  /** May this workspace put this sender? Answers from memory for a few seconds. */
  mayUse(workspaceId: string, sender: string): Promise<boolean>;
}

const KEPT_MS = 5_000;
const WORKSPACES_MAX = 10_000;
const NUMERIC = /^\+?\d+$/;

export function createSenders(db: Database): Senders {
  const kept = new Map<
    string,
    { readonly untilMs: number; readonly numbers: Promise<ReadonlySet<string>> }
  >();

  function numbersOf(workspaceId: string): Promise<ReadonlySet<string>> {
    const now = monotonicMs();
    const known = kept.get(workspaceId);
    if (known && known.untilMs > now) return known.numbers;
    if (kept.size >= WORKSPACES_MAX) kept.clear();
    const numbers = db
      .batch((tx) => sendableNumbers(tx, [workspaceId]))
      .then((found) => found.get(workspaceId) ?? new Set<string>());
    kept.set(workspaceId, { untilMs: now + KEPT_MS, numbers });
    numbers.catch(() => kept.delete(workspaceId));
    return numbers;
  }

  return {
    async mayUse(workspaceId, sender) {
      if (!NUMERIC.test(sender)) return true;
      const numbers = await numbersOf(workspaceId);
      return numbers.has(sender) || numbers.has(`+${sender}`);
    },
  };
}
