// A workspace's wallet: three accounts in one currency.
//
//   available   paid in; may go below zero down to -credit limit
//   bonus       given by the platform; spent before anything else
//   held        set aside by open holds, no longer spendable
import { assertAmount, smaller } from './amounts.ts';

/** A wallet as it was read. All amounts are micros of its currency. */
export interface Wallet {
  readonly workspaceId: string;
  /** ISO 4217, three capitals. */
  readonly currency: string;
  readonly availableMicros: bigint;
  readonly heldMicros: bigint;
  readonly bonusMicros: bigint;
  readonly creditLimitMicros: bigint;
}

/** What new holds may take in all: bonus, available and credit. Never below zero. */
export const spendableMicros = (wallet: Wallet): bigint =>
  wallet.bonusMicros + wallet.availableMicros + wallet.creditLimitMicros;

/** What an amount does to the two accounts it is spent from. */
export interface Split {
  readonly fromBonusMicros: bigint;
  readonly fromAvailableMicros: bigint;
}

/** The spending order, in the one place that knows it: bonus first, then available with its credit. */
export function splitSpending(amountMicros: bigint, bonusMicros: bigint): Split {
  assertAmount(amountMicros);
  const fromBonusMicros = smaller(amountMicros, bonusMicros);
  return { fromBonusMicros, fromAvailableMicros: amountMicros - fromBonusMicros };
}
