// The face of payments: what is set up here to take money, made from settings. README.md says what it promises.
import type { Egress } from '#privacy/egress';
import type { ReferralRules } from './bonus/referrals.ts';
import type { InvoiceSettings } from './invoices/settings.ts';
import type { PlanSettings } from './plans/settings.ts';
import type { CardKeeper, NoticeReader, PaymentProvider, PurchaseProver, Store } from './port.ts';
import { appStoreReader } from './providers/app-store/app-store-notices.ts';
import { btcpayProvider } from './providers/btcpay/btcpay-provider.ts';
import { playStore } from './providers/play-store/play-store.ts';
import { revenueCatReader } from './providers/revenuecat/revenuecat-notices.ts';
import { stripeProvider } from './providers/stripe/stripe-provider.ts';
import type { PaymentSettings } from './settings.ts';

export type { ReferralRules } from './bonus/referrals.ts';
export { paymentCredited, takebackFinal } from './events.ts';
export { invoiceJob } from './invoices/jobs.ts';
export { planBoundsOf } from './plans/allowances.ts';
export type { PlanSettings } from './plans/settings.ts';
export { paymentEgress, paymentRecipients } from './recipients.ts';
export { type PaymentSettings, paymentSettings } from './settings.ts';

export interface Payments {
  /** Where a payer can be sent, in the order in which they are offered. */
  readonly providers: readonly PaymentProvider[];
  /** Stores that are asked about purchases and hear of them. */
  readonly stores: readonly Store[];
  /** Who stores cards for automatic top-ups; null where none does, or the policy has no such feature. */
  readonly cards: CardKeeper | null;
  /** Stores that prove what apps report. */
  readonly provers: readonly PurchaseProver[];
  /** Whose notices are taken. */
  readonly readers: readonly NoticeReader[];
  /** Where a payer goes afterwards when nobody says. */
  readonly returnUrl: () => string;
  /** Whether what is unspent may be returned to its source: the policy does not forfeit it. */
  readonly returnsBalances: boolean;
  /** What bringing a customer is worth; null where the operator gives nothing for it. */
  readonly referrals: ReferralRules | null;
  /** Who sells, on invoices; null where nothing is invoiced. */
  readonly invoices: InvoiceSettings | null;
  /** What plans and subscriptions go by. */
  readonly plans: PlanSettings;
}

export interface PaymentsOptions {
  readonly settings: PaymentSettings;
  readonly egress: Egress;
  readonly isOn: (feature: string) => boolean;
  readonly returnUrl: () => string;
  readonly returnsBalances: boolean;
  readonly referrals: ReferralRules | null;
  readonly plans: Omit<PlanSettings, 'isOn'>;
}

/** Providers that are set up and whose feature is on. */
export function createPayments(options: PaymentsOptions): Payments {
  const { settings, egress, isOn, returnUrl, returnsBalances, referrals, plans } = options;
  const { stripe, btcpay, revenuecat, invoices } = settings;
  const providers = [
    ...(stripe !== null && isOn('top_ups') ? [stripeProvider(egress, stripe)] : []),
    ...(btcpay !== null && isOn('crypto_top_ups') && isOn('top_ups') ? [btcpayProvider(egress, btcpay)] : []),
  ];
  // What a store sold is a payment as well.
  const sells = isOn('subscriptions') && isOn('top_ups');
  const stores = settings.playStore !== null && sells ? [playStore(egress, settings.playStore)] : [];
  const appStore = settings.appStore !== null && sells ? [appStoreReader(settings.appStore)] : [];
  const feeds = [
    ...(revenuecat !== null && sells ? [revenueCatReader(revenuecat)] : []),
    ...appStore,
    ...stores,
  ];
  return {
    providers,
    stores,
    provers: [...appStore, ...stores],
    cards: isOn('auto_top_ups') ? (providers.find(({ cards }) => cards !== undefined)?.cards ?? null) : null,
    readers: [...providers, ...feeds],
    returnUrl,
    returnsBalances,
    referrals,
    invoices: isOn('invoices') ? invoices : null,
    plans: { ...plans, isOn: isOn('subscriptions') },
  };
}
