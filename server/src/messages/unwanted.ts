// Messages to somebody who opted out of their class are refused, in the flush that would accept them. A flush asks in
// its first round trip, and only about what a suppression can cover: about marketing, and about everything while some
// suppression of the installation covers all classes. Otherwise codes and transactional messages pay nothing for it.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { isAnySuppressed, suppressedAmong } from '#privacy/suppressions';
import type { Entry, SealedMessage } from './flush.ts';
import type { ItemRefusal } from './preparation.ts';

const REFUSED: ItemRefusal = { code: 'recipient_opted_out', field: 'to' };
const NOBODY: ReadonlySet<SealedMessage> = new Set();

/** The messages among these whose recipients opted out of them. */
export type FindOptedOut = (
  tx: Tx,
  entries: readonly Entry[],
  suppressesAll: boolean,
) => Promise<ReadonlySet<SealedMessage>>;

/**
 * Makes the check of one process. While there is no suppression at all, a flush asks for that alone and computes no
 * index; once there was one, numbers are asked about at once. Both see what is committed when the flush begins.
 */
export function createOptOutCheck(keyring: Keyring): FindOptedOut {
  let seen = false;
  return async (tx, entries, suppressesAll) => {
    const concerned: SealedMessage[] = [];
    for (const { items } of entries) {
      for (const item of items) {
        if ('row' in item && (suppressesAll || item.row.class === 'marketing')) concerned.push(item);
      }
    }
    if (concerned.length === 0) return NOBODY;
    if (!seen) {
      seen = suppressesAll || (await isAnySuppressed(tx));
      if (!seen) return NOBODY;
    }
    const asked = concerned.map(({ row, prepared }) => ({
      workspaceId: row.workspaceId,
      number: prepared.to,
      class: row.class,
    }));
    const found = await suppressedAmong(tx, keyring, asked);
    return new Set(concerned.filter((_, at) => found.has(at)));
  };
}

/** The entries with a refusal in place of each message found; what an earlier try has `stored` stays accepted. */
export function withRefusals(
  entries: readonly Entry[],
  optedOut: ReadonlySet<SealedMessage>,
  stored: ReadonlySet<string>,
): readonly Entry[] {
  if (optedOut.size === 0) return entries;
  return entries.map((entry) => ({
    ...entry,
    items: entry.items.map((item) =>
      'row' in item && optedOut.has(item) && !stored.has(item.id) ? REFUSED : item,
    ),
  }));
}
