// Whose hand it is: where two people have to act, a second session of the first, or a key they made, is still the first.
import type { Tx } from '#platform/database';
import { ROOT_OF_KEY } from './api-key.sql.ts';

/** Never both null. */
export interface Hand {
  /** Who is signed in, or made the key. */
  readonly personId: string | null;
  /** The key that is used, or the one it descends from; null for a session. */
  readonly keyId: string | null;
}

/** The hand behind a caller. Changes nothing. */
export async function handOf(
  tx: Tx,
  caller: { readonly personId: string | null; readonly keyId: string },
): Promise<Hand> {
  if (caller.personId !== null) return { personId: caller.personId, keyId: null };
  const [root] = await tx.exec(ROOT_OF_KEY, [caller.keyId]);
  return { personId: root?.person_id ?? null, keyId: root?.id ?? caller.keyId };
}

/** Whether two acts are of one hand. Pure. */
export const isSameHand = (one: Hand, other: Hand): boolean =>
  (one.personId !== null && one.personId === other.personId) ||
  (one.keyId !== null && one.keyId === other.keyId);
