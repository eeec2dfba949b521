// What payments keep about whom: amounts and states, and the ids by which a payment is known where it was made. They
// stay as long as the books whose entries they explain.
import type { DB } from '#platform/tables';
import { clear, type DataMap, operations, sealed, steward } from '#privacy/data-map';

/** An amount, its time or how far it is. */
const booked = clear({
  category: 'user.financial.ledger_entry',
  purposes: ['billing', 'legal'],
  basis: 'legal_obligation',
  retention: 'ledger',
  dispose: 'erase',
});

/** An id at the provider, or the page there: says nothing to who cannot ask the provider. */
const reference = clear({
  category: 'user.payment.provider_reference',
  purposes: ['billing', 'legal'],
  basis: 'legal_obligation',
  retention: 'ledger',
  dispose: 'erase',
});

/**
 * A card at the provider, by the provider's ids alone. It goes with the consent, or with the workspace, once the provider
 * has forgotten the card: without the ids it could not be asked to.
 */
const stored = clear({
  category: 'user.payment.provider_reference',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

/** Whose card it is. */
const holder = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

/** Whose payment it was; means nothing once the account behind the id is erased. */
const owner = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['billing', 'legal'],
  basis: 'legal_obligation',
  retention: 'ledger',
  dispose: 'erase',
});

/** What was bought in a store, and until when. */
const purchase = clear({
  category: 'user.behavior.purchase_history',
  purposes: ['billing', 'legal'],
  basis: 'legal_obligation',
  retention: 'ledger',
  dispose: 'erase',
});

/** What was invoiced: law wants it kept as it was issued. */
const invoiced = clear({
  category: 'user.behavior.purchase_history',
  purposes: ['billing', 'legal'],
  basis: 'legal_obligation',
  retention: 'invoice',
  dispose: 'erase',
});

/** Whose invoice it is; means nothing once the account behind the id is erased. */
const invoicedTo = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['billing', 'legal'],
  basis: 'legal_obligation',
  retention: 'invoice',
  dispose: 'erase',
});

export const payments = steward('payments', {
  payment: {
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'approved_by_person', leadsTo: 'staff' },
    ],
    feature: 'top_ups',
    columns: {
      id: operations,
      workspace_id: owner,
      provider: booked,
      status: booked,
      currency: operations,
      asked: booked,
      paid: booked,
      paid_currency: operations,
      credited: booked,
      taken_back: booked,
      lost: booked,
      external_id: reference,
      settlement_id: reference,
      rate_base: operations,
      rate_quote: operations,
      rate: operations,
      rate_from: operations,
      checkout_url: reference,
      request_key: operations,
      request_digest: operations,
      approved: booked,
      approved_by_person: operations,
      approved_by_key: operations,
      created_at: booked,
      paid_at: booked,
      instrument_id: operations,
      failed_because: booked,
    },
  },
  instrument: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'auto_top_ups',
    columns: {
      id: operations,
      workspace_id: holder,
      state: operations,
      external_id: stored,
      customer_id: stored,
      method_id: stored,
      request_key: operations,
      request_digest: operations,
      created_at: operations,
      dropped_at: operations,
    },
  },
  auto_top_up: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'auto_top_ups',
    columns: {
      workspace_id: owner,
      status: booked,
      threshold: booked,
      amount: booked,
      monthly_cap: booked,
      declines: operations,
      stopped_by: booked,
      untold: operations,
      look_at: operations,
      changed_at: booked,
    },
  },
  bank_transfer: {
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'entered_by_person', leadsTo: 'staff' },
      { column: 'decided_by_person', leadsTo: 'staff' },
    ],
    feature: 'top_ups',
    columns: {
      id: operations,
      workspace_id: owner,
      state: booked,
      amount: booked,
      currency: operations,
      reference,
      entered_by_person: operations,
      entered_by_key: operations,
      decided_by_person: operations,
      decided_by_key: operations,
      created_at: booked,
      decided_at: booked,
    },
  },
  promo_code: {
    about: 'nobody',
    feature: 'top_ups',
    columns: {
      id: operations,
      // The operator's own secret, about nobody.
      code_hash: operations,
      hint: operations,
      amount: operations,
      currency: operations,
      uses_max: operations,
      uses_per_workspace: operations,
      first_top_up_only: operations,
      uses: operations,
      expires_at: operations,
      ended_at: operations,
      created_at: operations,
    },
  },
  redemption: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'top_ups',
    columns: {
      id: operations,
      promo_code_id: operations,
      workspace_id: owner,
      amount: booked,
      created_at: booked,
    },
  },
  referral_code: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'top_ups',
    columns: { workspace_id: owner, code: owner, created_at: booked },
  },
  referral: {
    about: [
      { column: 'referred_workspace_id', leadsTo: 'workspace' },
      { column: 'referrer_workspace_id', leadsTo: 'workspace' },
    ],
    feature: 'top_ups',
    columns: {
      id: operations,
      referred_workspace_id: owner,
      referrer_workspace_id: owner,
      state: booked,
      payment_id: operations,
      referred_bonus: booked,
      referrer_bonus: booked,
      look_at: operations,
      created_at: booked,
    },
  },
  balance_watch: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'top_ups',
    columns: {
      workspace_id: owner,
      threshold: booked,
      armed: operations,
      looked_at: operations,
      changed_at: booked,
    },
  },
  takeback: {
    about: [{ column: 'payment_id', leadsTo: 'payments.payment' }],
    feature: 'top_ups',
    columns: {
      id: operations,
      payment_id: operations,
      kind: booked,
      origin: operations,
      state: booked,
      external_id: reference,
      amount: booked,
      taken: booked,
      lost: booked,
      created_at: booked,
    },
  },
  notice: {
    about: [{ column: 'payment_id', leadsTo: 'payments.payment' }],
    feature: 'top_ups',
    columns: {
      id: operations,
      feed: operations,
      notice_id: reference,
      payment_id: operations,
      outcome: operations,
      received_at: booked,
    },
  },
  early_fact: {
    about: [{ column: 'payment_id', leadsTo: 'payments.payment' }],
    feature: 'top_ups',
    columns: {
      provider: operations,
      settlement_id: reference,
      external_id: reference,
      kind: booked,
      amount: booked,
      payment_id: operations,
      received_at: booked,
    },
  },
  subscription: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'subscriptions',
    columns: {
      id: operations,
      workspace_id: owner,
      provider: purchase,
      original_id: reference,
      product_id: purchase,
      state: purchase,
      expires_at: purchase,
      as_of: purchase,
      created_at: purchase,
    },
  },
  confirmation: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'subscriptions',
    columns: {
      id: operations,
      workspace_id: owner,
      act: operations,
      product_id: purchase,
      token: reference,
      created_at: purchase,
    },
  },
  plan: {
    about: 'nobody',
    feature: 'subscriptions',
    columns: {
      id: operations,
      key: operations,
      version: operations,
      name: operations,
      currency: operations,
      price: operations,
      credit: operations,
      members_max: operations,
      keys_max: operations,
      store_products: operations,
      retired_at: operations,
      created_at: operations,
    },
  },
  plan_subscription: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'subscriptions',
    columns: {
      id: operations,
      workspace_id: owner,
      plan_id: purchase,
      next_plan_id: purchase,
      state: purchase,
      anchor_at: purchase,
      period: operations,
      period_start: purchase,
      period_end: purchase,
      paid: booked,
      credited: booked,
      credit_level: operations,
      changes: operations,
      cancelled_at: purchase,
      ends_at: purchase,
      grace_until: purchase,
      look_at: operations,
      end_reason: purchase,
      ended_at: purchase,
      changed_at: purchase,
    },
  },
  billing_details: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'invoices',
    columns: {
      workspace_id: operations,
      details: sealed({
        category: 'user.contact.organization',
        purposes: ['billing'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'billing',
        dispose: 'erase',
      }),
      updated_at: operations,
    },
  },
  invoice_series: {
    about: 'nobody',
    feature: 'invoices',
    columns: { series: operations, year: operations, last_number: operations },
  },
  invoice: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'invoices',
    columns: {
      id: operations,
      workspace_id: invoicedTo,
      kind: invoiced,
      series: operations,
      year: operations,
      sequence: operations,
      payment_id: operations,
      corrects: operations,
      issued_at: invoiced,
      supplied_at: invoiced,
      seller_name: operations,
      seller_address: operations,
      seller_country: operations,
      seller_tax_id: operations,
      buyer: sealed({
        category: 'user.contact.organization',
        purposes: ['billing'],
        basis: 'contract',
        retention: 'invoice',
        sealedUnder: 'billing',
        dispose: 'shred',
      }),
      currency: operations,
      total: invoiced,
      tax: invoiced,
      tax_rate: operations,
      reverse_charge: operations,
    },
  },
  exchange_rate: {
    about: 'nobody',
    columns: {
      id: operations,
      base: operations,
      quote: operations,
      rate: operations,
      valid_from: operations,
      created_at: operations,
    },
  },
} as const satisfies DataMap<DB, 'payments'>);
