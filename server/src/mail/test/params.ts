// Params for every template, friendly and hostile, for tests.
import type { ParamsOf, Template } from '../params.ts';

type AllParams = { readonly [T in Template]: ParamsOf<T> };

const LINK = 'https://sms.example.com/in?token=abc';
const AT = '2026-11-26T12:00:00Z';

export const paramsWith = (text: string, link = LINK): AllParams => ({
  email_verification: { link, code: '481516', minutes: 30 },
  password_reset: { link, minutes: 60 },
  sign_in_from_new_device: { at: AT, device: text, link },
  account_exists: { link },
  password_changed: { at: AT, link },
  second_factor_changed: { at: AT, change: 'removed', link },
  email_changed: { at: AT, link },
  invitation: { workspace: text, link, days: 7 },
  account_closing: { closesOn: AT, link },
  account_closed: {},
  low_balance: { balance: { amountMicros: '-1500000', currency: 'EUR' }, link },
  subscription_unpaid: {
    plan: text,
    amount: { amountMicros: '20000000', currency: 'EUR' },
    endsOn: AT,
    link,
  },
  subscription_ended: { plan: text, link },
  auto_top_up_stopped: { amount: { amountMicros: '50000000', currency: 'EUR' }, why: 'needs_you', link },
  payment_received: { amount: { amountMicros: '12340000', currency: 'SAR' }, at: AT, link },
  payment_failed: { amount: { amountMicros: '50000000', currency: 'USD' }, link },
  ticket_reply: { reference: text, link, replyTo: null },
  device_recovery: { link, code: null, minutes: 1 },
  news: { headline: text, text: `${text}\n\n${text}`, unsubscribe: link },
});
