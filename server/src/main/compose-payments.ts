// Payments and whom they may call, wired for one process.
import type { Policy } from '@sotto/policy';
import { boundsMs } from '@sotto/policy/duration';
import { mailPurposes } from '#mail';
import {
  createPayments,
  type PaymentSettings,
  type Payments,
  paymentEgress,
  paymentSettings,
} from '#payments';
import type { Config } from '#platform/config';
import type { Component } from '#platform/lifecycle';
import { createEgress } from '#privacy/egress';

export interface ComposedPayments {
  readonly payments: Payments;
  readonly component: Component;
}

/** `settings`: the operator's, or those of what plays the providers in development. */
export function composePayments(
  config: Config,
  policy: Policy,
  features: ReadonlySet<string>,
  settings: PaymentSettings = paymentSettings(config),
): ComposedPayments {
  const isOn = (feature: string) => features.has(feature);
  const returnUrl = () => config.publicUrl ?? `http://${config.host}:${config.port}`;
  const egress = createEgress(paymentEgress(settings, isOn), { development: !config.production });
  return {
    payments: createPayments({
      settings,
      egress,
      isOn,
      returnUrl,
      returnsBalances: policy.account.deletion.balance !== 'forfeit',
      referrals:
        config.referralBonus.size === 0
          ? null
          : { bonusMicros: config.referralBonus, afterDays: config.referralAfterDays },
      plans: {
        graceDays: config.subscriptionGraceDays,
        cutoffMs: cutoffMsUnder(policy, config.subscriptionCutoffHours),
        withoutPlan: { membersMax: config.membersMax ?? null, keysMax: config.keysMax ?? null },
        mailBaseUrl: mailPurposes(policy).has('contact') ? returnUrl : null,
      },
    }),
    component: { name: 'payments', stop: () => egress.close() },
  };
}

const HOUR_MS = 3_600_000;

/**
 * How long before the end of a period a subscription has to be cancelled: as the policy promises, whatever the operator
 * has set, and as they have set where it promises nothing. Of a month, which has no one length, the shortest. Pure.
 */
export const cutoffMsUnder = ({ account }: Pick<Policy, 'account'>, setHours: number): number =>
  account.subscriptions === undefined
    ? setHours * HOUR_MS
    : boundsMs(account.subscriptions.cancel_before).min;
