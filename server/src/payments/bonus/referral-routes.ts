// Referrals, for the workspaces themselves.
import { moneyOf } from '@sotto/contract';
import {
  getReferral as getOperation,
  nameReferrer as nameOperation,
  type Referral,
} from '@sotto/contract/bonus';
import type { Throttle } from '#abuse';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { newReferralCode } from './codes.ts';
import { countTry } from './promo-routes.ts';
import { findOfReferred, keepCode } from './referral.sql.ts';
import { nameReferrer, type ReferralRules } from './referrals.ts';

export interface ReferralRoutesOptions {
  readonly db: Database;
  readonly throttle: Pick<Throttle, 'take'>;
  /** Null where the operator gives no bonus. */
  readonly referrals: ReferralRules | null;
}

interface Referring {
  readonly workspaceId: string;
  readonly currency: string;
  readonly test: boolean;
}

export function referralRoutes({ db, throttle, referrals }: ReferralRoutesOptions): readonly Route[] {
  const rulesFor = ({ currency }: Referring) => {
    const bonus = referrals?.bonusMicros.get(currency);
    if (referrals === null || bonus === undefined) throw new AppError('feature_off');
    return { rules: referrals, bonus };
  };
  const show = async (tx: Tx, caller: Referring): Promise<Referral> => {
    const { rules, bonus } = rulesFor(caller);
    const code = await keepCode(tx, caller.workspaceId, newReferralCode());
    const own = await findOfReferred(tx, caller.workspaceId);
    return {
      code,
      bonus: moneyOf(bonus, caller.currency),
      after_days: rules.afterDays,
      state: (own?.state ?? 'none') as Referral['state'],
    };
  };
  return [
    // It makes the code when there is none: asking again finds the same.
    reads(getOperation, ({ caller }: Call<typeof getOperation, Referring>) =>
      db.batch((tx) => show(tx, caller)),
    ),
    inTransaction(
      nameOperation,
      async ({ caller, body }: Call<typeof nameOperation, Referring>, tx) => {
        await nameReferrer(tx, rulesFor(caller).rules, caller.workspaceId, body.code);
        return show(tx, caller);
      },
      { prepare: countTry(throttle) },
    ),
  ];
}
