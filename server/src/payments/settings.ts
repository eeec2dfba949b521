// What is set up here to take money: by the operator's settings, or by what plays the providers in development.
import type { Config } from '#platform/config';
import { type InvoiceSettings, invoiceSettings } from './invoices/settings.ts';
import type { BtcpaySettings } from './providers/btcpay/btcpay-provider.ts';
import type { RevenueCatSettings } from './providers/revenuecat/revenuecat-notices.ts';
import { STRIPE_ORIGIN, type StripeSettings } from './providers/stripe/stripe-provider.ts';

/** Who takes money. Each is null where it is not set up. */
export interface ProviderSettings {
  readonly stripe: StripeSettings | null;
  readonly btcpay: BtcpaySettings | null;
  readonly revenuecat: RevenueCatSettings | null;
}

export interface PaymentSettings extends ProviderSettings {
  /** Who sells, and which taxes are due; null where nobody said. */
  readonly invoices: InvoiceSettings | null;
}

type PaymentConfig = Pick<
  Config,
  | 'production'
  | 'stripeSecretKey'
  | 'stripeWebhookSecret'
  | 'btcpayOrigin'
  | 'btcpayStoreId'
  | 'btcpayApiKey'
  | 'btcpayWebhookSecret'
  | 'revenuecatAuthorization'
  | 'storeProducts'
  | 'invoiceSellerName'
  | 'invoiceSellerAddress'
  | 'invoiceSellerCountry'
  | 'invoiceSellerTaxId'
  | 'invoiceSeries'
  | 'taxRates'
>;

/** The settings as they stand; those of one provider are all given or none. Pure. */
export function paymentSettings(config: PaymentConfig): PaymentSettings {
  const live = config.production;
  const { stripeSecretKey, stripeWebhookSecret, btcpayOrigin, btcpayStoreId } = config;
  const { btcpayApiKey, btcpayWebhookSecret, revenuecatAuthorization } = config;
  return {
    stripe:
      stripeSecretKey && stripeWebhookSecret
        ? {
            origin: STRIPE_ORIGIN,
            secretKey: stripeSecretKey.reveal(),
            webhookSecret: stripeWebhookSecret.reveal(),
            live,
          }
        : null,
    btcpay:
      btcpayOrigin && btcpayStoreId && btcpayApiKey && btcpayWebhookSecret
        ? {
            origin: btcpayOrigin,
            storeId: btcpayStoreId,
            apiKey: btcpayApiKey.reveal(),
            webhookSecret: btcpayWebhookSecret.reveal(),
          }
        : null,
    revenuecat: revenuecatAuthorization
      ? { authorization: revenuecatAuthorization.reveal(), products: config.storeProducts, live }
      : null,
    invoices: invoiceSettings(config),
  };
}
