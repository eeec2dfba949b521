// What can be switched on, and the categories each feature cannot work without. A policy that lacks one of them
// has the feature off: routes answer `feature_off`, the dashboard hides it.
import type { Category } from './categories.ts';

export interface FeatureNeeds {
  readonly means: string;
  readonly needs: readonly Category[];
}

export const FEATURES = {
  messages: {
    means: 'sending messages',
    needs: ['user.contact.counterparty_number', 'user.behavior.delivery_metadata'],
  },
  stored_inbound: {
    means: 'texts that arrived, kept until somebody reads them',
    needs: ['user.contact.counterparty_number', 'user.content.private.sms_body'],
  },
  relayed_inbound: { means: 'texts that arrived, handed on from memory and never stored', needs: [] },
  activations: {
    means: 'numbers for one code',
    needs: ['user.unique_id.leased_number', 'user.behavior.service_used'],
  },
  rentals: { means: 'numbers for a longer time', needs: ['user.unique_id.leased_number'] },
  verifications: { means: 'one-time codes as a service', needs: ['user.contact.counterparty_number'] },
  webhooks: { means: 'events sent to customers’ servers', needs: [] },
  email_accounts: {
    means: 'accounts by e-mail',
    needs: ['user.contact.email', 'user.authorization.password'],
  },
  second_factors: {
    means: 'one-time codes, passkeys and recovery codes',
    needs: ['user.authorization.password'],
  },
  device_accounts: { means: 'accounts by device', needs: ['user.device.device_id'] },
  organisations: { means: 'accounts of organisations', needs: ['user.contact.organization'] },
  contacts: { means: 'imported contacts', needs: ['user.social.address_book'] },
  campaigns: { means: 'campaigns', needs: ['user.social.address_book'] },
  top_ups: { means: 'payments', needs: ['user.payment.provider_reference', 'user.financial.ledger_entry'] },
  auto_top_ups: {
    means: 'payments by a stored card',
    needs: ['user.payment.provider_reference', 'user.financial.ledger_entry'],
  },
  crypto_top_ups: { means: 'payments from a wallet', needs: ['user.payment.wallet_address'] },
  subscriptions: { means: 'subscriptions', needs: ['user.behavior.purchase_history'] },
  invoices: {
    means: 'invoices with tax',
    needs: [
      'user.contact.organization',
      'user.behavior.purchase_history',
      'user.payment.provider_reference',
      'user.financial.ledger_entry',
    ],
  },
  support_tickets: { means: 'requests for help', needs: ['user.content.private.support_message'] },
  identity_checks: { means: 'checks of identity documents', needs: ['user.government_id.kyc_document'] },
  usage_analytics: { means: 'usage counts', needs: ['user.telemetry'] },
  error_reports: { means: 'error reports', needs: ['user.telemetry.error_report'] },
  push_notices: { means: 'push notices', needs: ['user.device.device_id'] },
  in_app_deletion: { means: 'deleting the account in the app', needs: [] },
} as const satisfies Readonly<Record<string, FeatureNeeds>>;

export type Feature = keyof typeof FEATURES;
export const FEATURE_KEYS = Object.keys(FEATURES) as readonly Feature[];
