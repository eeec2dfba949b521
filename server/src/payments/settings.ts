// What is set up here to take money: by the operator's settings, or by what plays the providers in development.
import type { Config } from '#platform/config';
import { type InvoiceSettings, invoiceSettings } from './invoices/settings.ts';
import type { AppStoreSettings } from './providers/app-store/app-store-notices.ts';
import { APPLE_ROOT_SHA256 } from './providers/app-store/signed-data.ts';
import type { BtcpaySettings } from './providers/btcpay/btcpay-provider.ts';
import { GOOGLE_KEYS_URL } from './providers/play-store/google-keys.ts';
import { GOOGLE_TOKEN_URL, serviceAccountOf } from './providers/play-store/google-token.ts';
import { PLAY_API_ORIGIN, type PlayStoreSettings } from './providers/play-store/play-store.ts';
import type { RevenueCatSettings } from './providers/revenuecat/revenuecat-notices.ts';
import { STRIPE_ORIGIN, type StripeSettings } from './providers/stripe/stripe-provider.ts';

/** Who takes money. Each is null where it is not set up. */
export interface ProviderSettings {
  readonly stripe: StripeSettings | null;
  readonly btcpay: BtcpaySettings | null;
  readonly revenuecat: RevenueCatSettings | null;
  readonly appStore: AppStoreSettings | null;
  readonly playStore: PlayStoreSettings | null;
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
  | 'appStoreBundleId'
  | 'appStoreAppId'
  | 'appStoreEnvironment'
  | 'appStoreRoots'
  | 'playStorePackageName'
  | 'playStorePushAudience'
  | 'playStorePushAccount'
  | 'playStoreAccountKey'
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
    appStore: appStoreSettings(config),
    playStore: playStoreSettings(config),
    invoices: invoiceSettings(config),
  };
}

function appStoreSettings(config: PaymentConfig): AppStoreSettings | null {
  const { appStoreBundleId: bundleId, appStoreAppId, appStoreEnvironment, appStoreRoots } = config;
  if (!bundleId) return null;
  return {
    bundleId,
    appAppleId: appStoreAppId ?? null,
    environment: appStoreEnvironment ?? (config.production ? 'Production' : 'Sandbox'),
    roots: new Set(appStoreRoots ?? [APPLE_ROOT_SHA256]),
    products: config.storeProducts,
  };
}

function playStoreSettings(config: PaymentConfig): PlayStoreSettings | null {
  const { playStorePackageName: packageName, playStorePushAudience: audience } = config;
  const { playStorePushAccount: pushAccount, playStoreAccountKey } = config;
  if (!packageName || !audience || !pushAccount || !playStoreAccountKey) return null;
  return {
    packageName,
    audience,
    pushAccount,
    serviceAccount: serviceAccountOf(playStoreAccountKey.reveal()),
    products: config.storeProducts,
    live: config.production,
    keysUrl: GOOGLE_KEYS_URL,
    tokenUrl: GOOGLE_TOKEN_URL,
    apiOrigin: PLAY_API_ORIGIN,
  };
}
