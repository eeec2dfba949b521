// Codes of the operator, each worth a bonus. A code is kept as a keyed hash; who tries one learns no more than that it
// works or does not.
import { BALANCE_MICROS_MAX, grantBonus, isAmount, lockWallets } from '#ledger';
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { countPaid } from '../payment.sql.ts';
import type { Amount } from '../port.ts';
import { newPromoCode, spelled } from './codes.ts';
import {
  countRedemptions,
  insertPromoCode,
  insertRedemption,
  isKnown,
  lockUsable,
  type PromoCodeRow,
} from './promo-code.sql.ts';

const CODE_COLUMN = 'payments.promo_code.code_hash';

export interface NewPromoCode {
  /** Null: one is made. */
  readonly code: string | null;
  readonly amount: Amount;
  readonly usesMax: number;
  readonly usesPerWorkspace: number;
  readonly firstTopUpOnly: boolean;
  readonly expiresAt: Date | null;
}

/** Makes a code and gives it, this once. Needs a transaction. Throws `conflict` for one that is there. */
export async function createPromoCode(
  tx: Tx,
  keyring: Keyring,
  wanted: NewPromoCode,
): Promise<{ readonly row: PromoCodeRow; readonly code: string }> {
  const code = spelled(wanted.code ?? newPromoCode());
  const taken = await isKnown(tx, keyring.macCandidates(CODE_COLUMN, code));
  const row = taken
    ? undefined
    : await insertPromoCode(tx, {
        id: newId(),
        code_hash: keyring.mac(CODE_COLUMN, code),
        hint: code.slice(-2),
        amount: wanted.amount.micros,
        currency: wanted.amount.currency,
        uses_max: wanted.usesMax,
        uses_per_workspace: wanted.usesPerWorkspace,
        first_top_up_only: wanted.firstTopUpOnly,
        expires_at: wanted.expiresAt,
      });
  if (row === undefined) throw new AppError('conflict', { detail: 'There is such a code already.' });
  return { row, code };
}

/**
 * Gives a workspace the bonus of a code. Needs a transaction; not to be repeated. Throws `code_refused`, the same for a
 * code that is unknown, over or used up, and `conflict` for what is about the workspace.
 */
export async function redeem(tx: Tx, keyring: Keyring, workspaceId: string, code: string): Promise<Amount> {
  const [wallet] = await lockWallets(tx, [workspaceId]);
  assertInvariant(wallet !== undefined, 'every workspace has a wallet');
  const found = await lockUsable(tx, keyring.macCandidates(CODE_COLUMN, spelled(code)));
  if (found === undefined) throw new AppError('code_refused');
  const { id: promoCodeId, amount, currency } = found;
  if (currency !== wallet.currency) throw refusal('The code is in another currency than the workspace.');
  if ((await countRedemptions(tx, promoCodeId, workspaceId)) >= found.uses_per_workspace) {
    throw refusal('The workspace has used this code.');
  }
  if (found.first_top_up_only && (await countPaid(tx, workspaceId, 2)) !== 1) {
    throw refusal('The code is for who has topped up once.');
  }
  const { availableMicros, heldMicros, bonusMicros } = wallet;
  assertInvariant(isAmount(amount), 'a code is worth what the books take');
  if (availableMicros + heldMicros + bonusMicros + amount > BALANCE_MICROS_MAX) {
    throw refusal('The balance takes no more.');
  }
  const id = newId();
  await insertRedemption(tx, { id, promo_code_id: promoCodeId, workspace_id: workspaceId, amount });
  const posted = await grantBonus(tx, {
    workspaceId,
    amountMicros: amount,
    currency,
    key: `promo_code:${id}`,
    reason: 'promo_code',
    reference: promoCodeId,
  });
  assertInvariant(posted.outcome === 'posted', 'a redemption is booked once');
  return { micros: amount, currency };
}

const refusal = (detail: string) => new AppError('conflict', { detail });
