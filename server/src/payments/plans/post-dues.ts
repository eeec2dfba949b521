// The money of a subscription, in the books: a price out of what was paid in, a credit into bonus. Each has a key of the
// subscription, the period and the change, so that no crash and no repetition moves anything twice.
import { BALANCE_MICROS_MAX, grantBonus, post, type Wallet } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { smallerOf } from './prorate.ts';

export interface Dues {
  readonly subscriptionId: string;
  /** Names it among the dues of the subscription: a period, or a change within one. */
  readonly name: string;
  readonly priceMicros: bigint;
  readonly creditMicros: bigint;
}

export type DuesPosted =
  | { readonly outcome: 'posted'; readonly creditedMicros: bigint }
  | { readonly outcome: 'insufficient_funds' };

/**
 * Posts both, under the lock of the wallet. Bonus pays for no plan: else the credit of one month would pay the
 * next. A credit that the wallet has no room for is cut to what fits. May be repeated: what stands is not posted again.
 */
export async function postDues(
  tx: Tx,
  wallet: Wallet,
  { subscriptionId, name, priceMicros, creditMicros }: Dues,
): Promise<DuesPosted> {
  const { workspaceId, currency } = wallet;
  const key = `subscription:${subscriptionId}:${name}`;
  const common = { currency, reason: 'subscription', reference: subscriptionId };
  if (priceMicros > 0n) {
    const { outcome } = await post(tx, {
      ...common,
      key,
      kind: 'adjustment',
      workspaceId,
      entries: [
        { account: 'available', workspaceId, amountMicros: -priceMicros },
        { account: 'revenue', amountMicros: priceMicros },
      ],
    });
    if (outcome === 'insufficient_funds') return { outcome };
    assertInvariant(outcome !== 'conflict', 'a charge has one amount');
  }
  const room = roomOf(wallet) + priceMicros;
  const creditedMicros = smallerOf(creditMicros, room);
  if (creditedMicros > 0n) {
    const { outcome } = await grantBonus(tx, {
      ...common,
      workspaceId,
      amountMicros: creditedMicros,
      key: `${key}:credit`,
    });
    assertInvariant(outcome !== 'conflict', 'a credit has one amount');
  }
  return { outcome: 'posted', creditedMicros };
}

const roomOf = ({ availableMicros, heldMicros, bonusMicros }: Wallet): bigint =>
  BALANCE_MICROS_MAX - availableMicros - heldMicros - bonusMicros;
