// Promo codes: the operator makes and ends them, a workspace redeems.
import { decodeId, encodeId, microsOf, moneyOf } from '@sotto/contract';
import {
  createPromoCode as createOperation,
  endPromoCode as endOperation,
  listPromoCodes as listOperation,
  type PromoCode,
} from '@sotto/contract/admin/promo-codes';
import { redeemPromoCode as redeemOperation } from '@sotto/contract/bonus';
import { demandAllowed, type Throttle } from '#abuse';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf, record } from '#privacy/audit';
import { type PromoCodeRow, pageOfPromoCodes, updateEnded } from './promo-code.sql.ts';
import { createPromoCode, redeem } from './promo-codes.ts';

export interface PromoRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly throttle: Pick<Throttle, 'take'>;
  readonly creditAloneMaxMicros: bigint;
}

interface Redeemer {
  readonly workspaceId: string;
  readonly test: boolean;
}

/** A try is charged before it is judged and stays charged, so that a hundred at once are no more than one after another. */
export const countTry =
  (throttle: Pick<Throttle, 'take'>) =>
  async ({ caller, address }: { readonly caller: Redeemer; readonly address: string }): Promise<void> => {
    if (caller.test) throw new AppError('test_key_refused');
    demandAllowed(
      await throttle.take([
        { limit: 'code.workspace', subject: caller.workspaceId },
        { limit: 'code.address', subject: address },
      ]),
    );
  };

export function promoRoutes(options: PromoRoutesOptions): readonly Route[] {
  const { db, keyring, throttle, creditAloneMaxMicros } = options;
  return [
    inTransaction(
      redeemOperation,
      async ({ caller, body }: Call<typeof redeemOperation, Redeemer>, tx) => {
        const { micros, currency } = await redeem(tx, keyring, caller.workspaceId, body.code);
        return { granted: moneyOf(micros, currency) };
      },
      { prepare: countTry(throttle) },
    ),
    reads(listOperation, async ({ query }: Call<typeof listOperation, AuditedCaller>) => {
      const before = positionOf(query.cursor);
      const rows = await db.batch((tx) => pageOfPromoCodes(tx, before, query.limit + 1));
      return pageAnswer(rows, query.limit, ({ id }) => id, present);
    }),
    inTransaction(
      createOperation,
      async (call: Call<typeof createOperation, AuditedCaller>, tx) => {
        const { amount, expires_at, ...wanted } = call.body;
        const micros = microsOf(amount);
        // Else many could be given what one may not give to one.
        if (micros > creditAloneMaxMicros) {
          throw new AppError('invalid_request', {
            field: 'amount.amount',
            detail: 'A code is worth no more than one person may credit alone.',
          });
        }
        const { row, code } = await createPromoCode(tx, keyring, {
          code: wanted.code ?? null,
          amount: { micros, currency: amount.currency },
          usesMax: wanted.uses_max,
          usesPerWorkspace: wanted.uses_per_workspace,
          firstTopUpOnly: wanted.first_top_up_only,
          expiresAt: expires_at === undefined ? null : new Date(expires_at),
        });
        await record(tx, keyring, {
          action: 'promo_code.created',
          actor: actorOf(call),
          object: { kind: 'promo_code', id: row.id },
        });
        return { ...present(row), code };
      },
      { kept: (answer) => ({ ...answer, code: null }) },
    ),
    inTransaction(endOperation, async (call: Call<typeof endOperation, AuditedCaller>, tx) => {
      const id = decodeId('prm', call.params.id);
      const row = id === null ? undefined : await updateEnded(tx, id);
      if (row === undefined) throw new AppError('not_found');
      await record(tx, keyring, {
        action: 'promo_code.ended',
        actor: actorOf(call),
        object: { kind: 'promo_code', id: row.id },
      });
      return present(row);
    }),
  ];
}

const present = (row: PromoCodeRow): PromoCode => ({
  id: encodeId('prm', row.id),
  hint: row.hint,
  amount: moneyOf(row.amount, row.currency),
  uses_max: row.uses_max,
  uses_per_workspace: row.uses_per_workspace,
  first_top_up_only: row.first_top_up_only,
  uses: row.uses,
  expires_at: row.expires_at?.toISOString() ?? null,
  ended_at: row.ended_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});
