// Whom payments may call, declared for the egress client and for the boot gate: providers that are set up and whose
// feature the policy has. Others are declared nowhere and cannot be called.
import type { Category, Purpose } from '#privacy/data-map';
import type { DeclaredHost, Recipient, Recipients } from '#privacy/egress';
import { BTCPAY_FIELDS, BTCPAY_HEADERS } from './providers/btcpay/btcpay-provider.ts';
import { PLAY_STORE_FIELDS, PLAY_STORE_HEADERS } from './providers/play-store/play-store.ts';
import { STRIPE_FIELDS, STRIPE_HEADERS } from './providers/stripe/stripe-provider.ts';
import type { ProviderSettings } from './settings.ts';

/** Key of a recipient, here and in the policy's `recipients`. */
export type PaymentRecipient = 'payment_provider' | 'crypto_gateway' | 'app_stores';

/** A recipient as the boot gate compares it with the policy. */
export interface PaymentRecipientFact {
  readonly name: PaymentRecipient;
  readonly purpose: Purpose;
  readonly hosts: readonly string[];
  readonly fields: readonly string[];
  readonly categories: readonly Category[];
  readonly feature: 'top_ups' | 'crypto_top_ups' | 'subscriptions';
}

interface Declared {
  readonly name: PaymentRecipient;
  readonly feature: PaymentRecipientFact['feature'];
  readonly origins: readonly string[];
  readonly fields: readonly string[];
  readonly headers: readonly string[];
  readonly categories: readonly Category[];
}

function declared({ stripe, btcpay, playStore }: ProviderSettings): readonly Declared[] {
  return [
    ...(stripe === null
      ? []
      : [
          {
            name: 'payment_provider' as const,
            feature: 'top_ups' as const,
            origins: [stripe.origin],
            fields: STRIPE_FIELDS,
            headers: STRIPE_HEADERS,
            categories: ORDER,
          },
        ]),
    ...(btcpay === null
      ? []
      : [
          {
            name: 'crypto_gateway' as const,
            feature: 'crypto_top_ups' as const,
            origins: [btcpay.origin],
            fields: BTCPAY_FIELDS,
            headers: BTCPAY_HEADERS,
            categories: ORDER,
          },
        ]),
    ...(playStore === null
      ? []
      : [
          {
            name: 'app_stores' as const,
            feature: 'subscriptions' as const,
            origins: [...new Set([playStore.keysUrl, playStore.tokenUrl, playStore.apiOrigin])],
            fields: PLAY_STORE_FIELDS,
            headers: PLAY_STORE_HEADERS,
            categories: PURCHASE,
          },
        ]),
  ];
}

/** What an order says: an amount, and our id of it. */
const ORDER: readonly Category[] = ['user.payment.provider_reference'];
/** What a purchase is called by when it is read and confirmed: its token and its product. */
const PURCHASE: readonly Category[] = ['user.payment.provider_reference', 'user.behavior.purchase_history'];

/** The recipients as facts for the boot gate. */
export const paymentRecipients = (
  settings: ProviderSettings,
  isOn: (feature: string) => boolean,
): readonly PaymentRecipientFact[] =>
  declared(settings)
    .filter(({ feature }) => isOn(feature))
    .map(({ name, feature, origins, fields, categories }) => ({
      name,
      feature,
      purpose: 'billing',
      hosts: [...new Set(origins.map((origin) => new URL(origin).hostname))],
      fields,
      categories,
    }));

/** The same as the egress client wants them declared. */
export const paymentEgress = (settings: ProviderSettings, isOn: (feature: string) => boolean): Recipients =>
  Object.fromEntries(
    declared(settings)
      .filter(({ feature }) => isOn(feature))
      .map(({ name, origins, fields, headers }): [string, Recipient] => [
        name,
        { purpose: 'billing', hosts: origins.map(hostOf), fields, headers, loopbackInDevelopment: true },
      ]),
  );

function hostOf(origin: string): DeclaredHost {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return port === '' ? { host } : { host, ports: [Number(port)] };
}
