// Which part a carrier's id belongs to, for parts whose answer this process stored a short while ago: most receipts
// come soon, and need no look-up in the database then. Filled after the commit that stored the answer; a miss means
// nothing. Holds ids alone, bounded in number and age.
import { monotonicMs } from '#platform/clock';

export interface PartRef {
  readonly messageId: string;
  readonly sequence: number;
}

export interface RecentParts {
  /** A carrier that uses an id again means the newest message: the later one replaces the earlier. */
  remember(connectorId: string, carrierMessageId: string, part: PartRef): void;
  find(connectorId: string, carrierMessageId: string): PartRef | undefined;
  /** Nothing more is expected for this id. */
  forget(connectorId: string, carrierMessageId: string): void;
}

/** About 20 MB at most. */
const ENTRIES_MAX = 100_000;
const AGE_MS_MAX = 10 * 60_000;

export function createRecentParts(entriesMax = ENTRIES_MAX, ageMsMax = AGE_MS_MAX): RecentParts {
  /** Insertion order is age order. */
  const parts = new Map<string, PartRef & { readonly untilMs: number }>();
  const name = (connectorId: string, carrierMessageId: string) => `${connectorId} ${carrierMessageId}`;
  return {
    remember(connectorId, carrierMessageId, { messageId, sequence }) {
      const key = name(connectorId, carrierMessageId);
      parts.delete(key);
      if (parts.size >= entriesMax) parts.delete(parts.keys().next().value!);
      parts.set(key, { messageId, sequence, untilMs: monotonicMs() + ageMsMax });
    },
    find(connectorId, carrierMessageId) {
      const key = name(connectorId, carrierMessageId);
      const part = parts.get(key);
      if (part === undefined || part.untilMs > monotonicMs()) return part;
      parts.delete(key);
      return undefined;
    },
    forget(connectorId, carrierMessageId) {
      parts.delete(name(connectorId, carrierMessageId));
    },
  };
}
