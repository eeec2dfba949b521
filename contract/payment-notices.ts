// Notices of payment providers. The body is theirs and is read only after its signature; what we keep of it is that
// something was paid, refunded or disputed, and the ids by which it is known there.
import * as z from 'zod';
import { operation } from './operation.ts';

/** A notice of any provider is smaller. */
export const noticeBytesMax = 262_144;

export const noticeAnswerSchema = z
  .strictObject({
    outcome: z
      .enum(['applied', 'repeated', 'ignored', 'kept'])
      .describe(
        'applied: it changed something; repeated: it was known; ignored: nothing here follows from it; kept: it waits ' +
          'for the payment it is about.',
      ),
  })
  .meta({ id: 'NoticeAnswer' });

const shared = {
  method: 'POST',
  scope: null,
  purpose: 'billing',
  request: {},
  responses: { 200: noticeAnswerSchema.describe('Taken; do not send it again.') },
  errors: [],
  idempotent: true,
  bodyBytesMax: noticeBytesMax,
} as const;

const description =
  'For the provider alone. What is repeated, late or out of order has the effect it would have had in time, once.';

export const noticeFromStripe = operation({
  ...shared,
  id: 'paymentNotices.stripe',
  path: '/v1/payment-notices/stripe',
  feature: 'top_ups',
  summary: 'Notice of Stripe',
  description,
  signed: { headers: ['stripe-signature'] },
});

export const noticeFromBtcpay = operation({
  ...shared,
  id: 'paymentNotices.btcpay',
  path: '/v1/payment-notices/btcpay',
  feature: 'crypto_top_ups',
  summary: 'Notice of BTCPay Server',
  description,
  signed: { headers: ['btcpay-sig'] },
});

export const noticeFromRevenueCat = operation({
  ...shared,
  id: 'paymentNotices.revenuecat',
  path: '/v1/payment-notices/revenuecat',
  feature: 'subscriptions',
  summary: 'Notice of RevenueCat',
  description: `${description} A purchase belongs to the workspace whose id (\`wrk_...\`) is its \`app_user_id\`.`,
  signed: { headers: ['authorization'] },
});

export const noticeFromAppStore = operation({
  ...shared,
  id: 'paymentNotices.appStore',
  path: '/v1/payment-notices/app-store',
  feature: 'subscriptions',
  summary: 'Notice of the App Store',
  description:
    `${description} App Store Server Notifications, version 2. A purchase belongs to the workspace whose id, as a UUID, ` +
    'is its `appAccountToken`: the 26 characters after `wrk_` are the 128 bits of that UUID in Crockford’s base32.',
  // What is signed proves itself: the signature and its certificates stand in the body.
  signed: { headers: [] },
});

export const noticeFromPlayStore = operation({
  ...shared,
  id: 'paymentNotices.playStore',
  path: '/v1/payment-notices/play-store',
  feature: 'subscriptions',
  summary: 'Notice of Google Play',
  description:
    `${description} Real-time developer notifications, pushed by Pub/Sub with a token of its service account. A purchase ` +
    'belongs to the workspace whose id (`wrk_...`) is its `obfuscatedExternalAccountId`.',
  signed: { headers: ['authorization'] },
});
