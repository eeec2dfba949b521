// Payments and whom they may call, wired for one process.
import type { Policy } from '@sotto/policy';
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
  { account }: Pick<Policy, 'account'>,
  features: ReadonlySet<string>,
  settings: PaymentSettings = paymentSettings(config),
): ComposedPayments {
  const isOn = (feature: string) => features.has(feature);
  const egress = createEgress(paymentEgress(settings, isOn), { development: !config.production });
  return {
    payments: createPayments({
      settings,
      egress,
      isOn,
      returnUrl: () => config.publicUrl ?? `http://${config.host}:${config.port}`,
      returnsBalances: account.deletion.balance !== 'forfeit',
      referrals:
        config.referralBonus.size === 0
          ? null
          : { bonusMicros: config.referralBonus, afterDays: config.referralAfterDays },
    }),
    component: { name: 'payments', stop: () => egress.close() },
  };
}
