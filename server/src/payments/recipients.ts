// Whom payments may call, declared for the egress client and for the boot gate: providers that are set up and whose
// feature the policy has. Others are declared nowhere and cannot be called.
import type { Category, Purpose } from '#privacy/data-map';
import type { DeclaredHost, Recipient, Recipients } from '#privacy/egress';
import { BTCPAY_FIELDS, BTCPAY_HEADERS } from './providers/btcpay/btcpay-provider.ts';
import { STRIPE_FIELDS, STRIPE_HEADERS } from './providers/stripe/stripe-provider.ts';
import type { ProviderSettings } from './settings.ts';

/** Key of a recipient, here and in the policy's `recipients`. */
export type PaymentRecipient = 'payment_provider' | 'crypto_gateway';

/** A recipient as the boot gate compares it with the policy. */
export interface PaymentRecipientFact {
  readonly name: PaymentRecipient;
  readonly purpose: Purpose;
  readonly hosts: readonly string[];
  readonly fields: readonly string[];
  readonly categories: readonly Category[];
  readonly feature: 'top_ups' | 'crypto_top_ups';
}

interface Declared {
  readonly name: PaymentRecipient;
  readonly feature: PaymentRecipientFact['feature'];
  readonly origin: string;
  readonly fields: readonly string[];
  readonly headers: readonly string[];
}

function declared({ stripe, btcpay }: ProviderSettings): readonly Declared[] {
  return [
    ...(stripe === null
      ? []
      : [
          {
            name: 'payment_provider' as const,
            feature: 'top_ups' as const,
            origin: stripe.origin,
            fields: STRIPE_FIELDS,
            headers: STRIPE_HEADERS,
          },
        ]),
    ...(btcpay === null
      ? []
      : [
          {
            name: 'crypto_gateway' as const,
            feature: 'crypto_top_ups' as const,
            origin: btcpay.origin,
            fields: BTCPAY_FIELDS,
            headers: BTCPAY_HEADERS,
          },
        ]),
  ];
}

/** What an order says: an amount, and our id of it. */
const CATEGORIES: readonly Category[] = ['user.payment.provider_reference'];

/** The recipients as facts for the boot gate. */
export const paymentRecipients = (
  settings: ProviderSettings,
  isOn: (feature: string) => boolean,
): readonly PaymentRecipientFact[] =>
  declared(settings)
    .filter(({ feature }) => isOn(feature))
    .map(({ name, feature, origin, fields }) => ({
      name,
      feature,
      purpose: 'billing',
      hosts: [new URL(origin).hostname],
      fields,
      categories: CATEGORIES,
    }));

/** The same as the egress client wants them declared. */
export const paymentEgress = (settings: ProviderSettings, isOn: (feature: string) => boolean): Recipients =>
  Object.fromEntries(
    declared(settings)
      .filter(({ feature }) => isOn(feature))
      .map(({ name, origin, fields, headers }): [string, Recipient] => [
        name,
        { purpose: 'billing', hosts: [hostOf(origin)], fields, headers, loopbackInDevelopment: true },
      ]),
  );

function hostOf(origin: string): DeclaredHost {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return port === '' ? { host } : { host, ports: [Number(port)] };
}
