// What an app reports of a purchase in its store: it was bought just now, or it is restored on another device. The store
// itself proves it, so that a report credits what a notice would have credited, and credits it once.
import * as z from 'zod';
import { operation } from './operation.ts';
import { personal } from './personal.ts';
import { says } from './sentences.ts';
import { topUpSchema } from './top-ups.ts';

/** Characters of a signed transaction or of the token of a purchase. */
export const purchaseEvidenceLengthMax = 20_000;

const evidenceSentence = says(
  'invalid_request',
  `must be 1 to ${purchaseEvidenceLengthMax} letters, digits and the characters . _ - : ~ + / =.`,
);
const evidence = personal(
  'secret',
  z
    .string({ error: evidenceSentence })
    .max(purchaseEvidenceLengthMax, { error: evidenceSentence })
    .regex(/^[A-Za-z0-9._:~+/=-]+$/, { error: evidenceSentence }),
);

export const reportAppStorePurchaseSchema = z
  .strictObject({
    signed_transaction: evidence.describe(
      'The transaction as StoreKit 2 signed it (`jwsRepresentation`). Bought with the appAccountToken of the workspace.',
    ),
  })
  .meta({ id: 'ReportAppStorePurchase' });

export const reportPlayStorePurchaseSchema = z
  .strictObject({
    kind: z.enum(['product', 'subscription']),
    purchase_token: evidence.describe(
      'Of the purchase (`purchaseToken`). Bought with the obfuscated account id of the workspace.',
    ),
  })
  .meta({ id: 'ReportPlayStorePurchase' });

export const reportedPurchaseSchema = z
  .strictObject({
    outcome: z
      .enum(['credited', 'known', 'review', 'nothing', 'test'])
      .describe(
        'credited: by this report; known: credited before, by a notice or another report; review: a person looks at it; ' +
          'nothing: it is not paid, cost nothing, or went back; test: of a tester, where money is real.',
      ),
    top_up: topUpSchema.nullable().describe('The payment it is; null where it is none.'),
  })
  .meta({ id: 'ReportedPurchase' });

export type ReportedPurchase = z.output<typeof reportedPurchaseSchema>;

const shared = {
  method: 'POST',
  scope: 'payments:write',
  purpose: 'billing',
  feature: 'subscriptions',
  responses: { 200: reportedPurchaseSchema.describe('What became of it.') },
  errors: ['conflict', 'forbidden', 'test_key_refused'],
  idempotent: true,
} as const;

const description =
  'For apps: after a purchase, and for each transaction when purchases are restored. It may be repeated and credits ' +
  'nothing twice, whoever told of the purchase before. What was bought for another workspace, or for none, is refused.';

export const reportAppStorePurchase = operation({
  ...shared,
  id: 'storePurchases.reportAppStore',
  path: '/v1/wallet/store-purchases/app-store',
  summary: 'Report a purchase in the App Store',
  description,
  request: { body: reportAppStorePurchaseSchema },
  examples: { body: { signed_transaction: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmVk' } },
});

export const reportPlayStorePurchase = operation({
  ...shared,
  id: 'storePurchases.reportPlayStore',
  path: '/v1/wallet/store-purchases/play-store',
  summary: 'Report a purchase at Google Play',
  description,
  request: { body: reportPlayStorePurchaseSchema },
  examples: { body: { kind: 'product', purchase_token: 'opaque-token-of-the-store' } },
});
