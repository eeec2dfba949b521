// Who gets a hold when a batch asks for more than its wallets have: each ask is decided alone, in order, against
// what the granted ones before it left. A refused ask takes nothing, so a smaller one after it may still fit; a
// running sum over all asks would count refused ones as spent.
import { assertAmount } from './amounts.ts';
import { spendableMicros, splitSpending, type Wallet } from './wallet.ts';

export interface HoldAsk {
  readonly workspaceId: string;
  /** Micros of the wallet's currency; zero is always granted. */
  readonly amountMicros: bigint;
}

export type HoldDecision =
  | { readonly outcome: 'granted'; readonly fromBonusMicros: bigint }
  | { readonly outcome: 'insufficient_funds' };

const REFUSED: HoldDecision = { outcome: 'insufficient_funds' };
const GRANTED_NO_BONUS: HoldDecision = { outcome: 'granted', fromBonusMicros: 0n };

/** Takes amounts from locked wallets one by one; what it granted is gone for the asks that follow. */
export interface Purse {
  /** Decides one ask and, when it is granted, remembers it. */
  take(workspaceId: string, amountMicros: bigint): HoldDecision;
}

/**
 * Opens the wallets for spending in memory. Pure: nothing is written, and the answers hold only while the caller's
 * transaction keeps the locks of `lockWallets`. A workspace without a wallet has nothing to spend.
 */
export function openPurse(wallets: readonly Wallet[]): Purse {
  const left = new Map(
    wallets.map((wallet) => [
      wallet.workspaceId,
      { spendable: spendableMicros(wallet), bonus: wallet.bonusMicros },
    ]),
  );
  return {
    take(workspaceId, amountMicros) {
      assertAmount(amountMicros);
      if (amountMicros === 0n) return GRANTED_NO_BONUS;
      const wallet = left.get(workspaceId);
      if (wallet === undefined || wallet.spendable < amountMicros) return REFUSED;
      const { fromBonusMicros } = splitSpending(amountMicros, wallet.bonus);
      wallet.spendable -= amountMicros;
      wallet.bonus -= fromBonusMicros;
      return fromBonusMicros === 0n ? GRANTED_NO_BONUS : { outcome: 'granted', fromBonusMicros };
    },
  };
}

/** Decides a batch in its order; the answers stand in the order of the asks. See {@link openPurse}. */
export function decideHolds(wallets: readonly Wallet[], asks: readonly HoldAsk[]): HoldDecision[] {
  const purse = openPurse(wallets);
  return asks.map((ask) => purse.take(ask.workspaceId, ask.amountMicros));
}
