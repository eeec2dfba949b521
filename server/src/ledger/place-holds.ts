// Placing holds: the hot half of sending. One statement writes any number of them, so that a batch of messages
// pays one round trip, which it shares with the caller's own writes.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { assertAmount } from './amounts.ts';
import { PLACE_HOLDS } from './hold.sql.ts';
import type { NewHold } from './hold.ts';

/** Holds a call may place; the largest batch of the API is 10,000 messages. */
export const HOLDS_MAX = 10_000;

interface Posting {
  readonly id: string;
  fromAvailable: bigint;
  fromBonus: bigint;
}

/**
 * Sets the amounts aside and writes the holds, as one transaction of the books for each workspace.
 *
 * Needs the caller's transaction, which has locked the wallets (`lockWallets`) and decided under those locks that
 * the funds suffice. Sends one statement at once and awaits nothing before, so it travels with other statements of
 * the caller. Not repeatable: a hold id that exists is a unique violation. When the funds did not suffice after
 * all, the constraint of the wallet refuses the statement and the whole transaction.
 */
export async function placeHolds(tx: Tx, holds: readonly NewHold[]): Promise<void> {
  assertInvariant(holds.length <= HOLDS_MAX, `at most ${HOLDS_MAX} holds are placed at once`);
  if (holds.length === 0) return;
  const postings = new Map<string, Posting>();
  const openedBy = holds.map((hold) => {
    assertAmount(hold.amountMicros);
    assertInvariant(
      hold.fromBonusMicros >= 0n && hold.fromBonusMicros <= hold.amountMicros,
      'the bonus pays at most the amount of the hold',
    );
    if (hold.amountMicros === 0n) return null;
    let posting = postings.get(hold.workspaceId);
    if (posting === undefined) {
      posting = { id: newId(), fromAvailable: 0n, fromBonus: 0n };
      postings.set(hold.workspaceId, posting);
    }
    posting.fromAvailable += hold.amountMicros - hold.fromBonusMicros;
    posting.fromBonus += hold.fromBonusMicros;
    return posting.id;
  });
  const sums = [...postings.values()];
  await tx.exec(PLACE_HOLDS, [
    arrays.uuid(holds.map((hold) => hold.id)),
    arrays.uuid(holds.map((hold) => hold.workspaceId)),
    arrays.bigint(holds.map((hold) => hold.amountMicros)),
    arrays.bigint(holds.map((hold) => hold.fromBonusMicros)),
    arrays.timestamptz(holds.map((hold) => hold.expiresAt)),
    arrays.uuid(openedBy),
    arrays.uuid(sums.map((posting) => posting.id)),
    arrays.uuid([...postings.keys()]),
    arrays.bigint(sums.map((posting) => posting.fromAvailable)),
    arrays.bigint(sums.map((posting) => posting.fromBonus)),
  ]);
}
