// Payments and whom they may call, wired for one process.
import type { Policy } from '@sotto/policy';
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
        cutoffHours: cutoffHoursUnder(policy, config.subscriptionCutoffHours),
        withoutPlan: { membersMax: config.membersMax ?? null, keysMax: config.keysMax ?? null },
        mailBaseUrl: mailPurposes(policy).has('contact') ? returnUrl : null,
      },
    }),
    component: { name: 'payments', stop: () => egress.close() },
  };
}

/**
 * How long before the end of a period a subscription has to be cancelled: what the policy promises where it does, whatever
 * the operator has set, and else what they have set. Pure.
 */
export const cutoffHoursUnder = ({ policy }: Pick<Policy, 'policy'>, set: number): number =>
  policy.id === 'device-app' ? 24 : set;
