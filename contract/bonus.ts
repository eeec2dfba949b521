// Bonus: given by the platform, spent first, never paid out.
import * as z from 'zod';
import { moneySchema } from './money.ts';
import { operation } from './operation.ts';
import { personal } from './personal.ts';
import { says } from './sentences.ts';

const promoSentence = says('invalid_request', 'must be 8 to 32 letters, digits and hyphens.');
const referralSentence = says('invalid_request', 'must be the 10 characters of a referral code.');

/** Letters in either case; hyphens are for the eye. */
export const promoCodeSchema = personal(
  'secret',
  z
    .string({ error: promoSentence })
    .regex(/^(?=(?:-*[A-Za-z0-9]){8})[A-Za-z0-9-]{8,32}$/, { error: promoSentence })
    .meta({ examples: ['9T3M-Q4V7-Z2KD-8H7K'] }),
);

const referralCodeSchema = z
  .string({ error: referralSentence })
  .regex(/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{10}$/, { error: referralSentence })
  .meta({ examples: ['7Z2KD8H9T3'] });

const bonusAnswerSchema = z
  .strictObject({ granted: moneySchema.describe('Added to the bonus.') })
  .meta({ id: 'GrantedBonus' });

export const referralSchema = z
  .strictObject({
    code: z
      .string()
      .meta({ examples: ['7Z2KD8H9T3'] })
      .describe('For others to name before their first top-up.'),
    bonus: moneySchema.describe('What both get once that top-up has stood for `after_days`.'),
    after_days: z.int(),
    state: z
      .enum(['none', 'named', 'granted', 'refused', 'taken_back'])
      .describe('Of this workspace’s own referral by another.'),
  })
  .meta({ id: 'Referral', description: 'How this workspace brings others, and who brought it.' });

export type Referral = z.output<typeof referralSchema>;

export const redeemPromoCode = operation({
  id: 'bonus.redeem',
  method: 'POST',
  path: '/v1/wallet/promo-codes/redeem',
  scope: 'payments:write',
  feature: 'top_ups',
  summary: 'Redeem a promo code',
  description:
    'Adds its bonus to the balance. A code that is unknown, over or used up is refused alike, and tries are limited.',
  purpose: 'billing',
  request: { body: z.strictObject({ code: promoCodeSchema }).meta({ id: 'RedeemPromoCode' }) },
  responses: { 200: bonusAnswerSchema.describe('What was added.') },
  errors: ['test_key_refused', 'code_refused', 'conflict'],
  idempotent: false,
  examples: { body: { code: '9T3M-Q4V7-Z2KD-8H7K' } },
});

export const getReferral = operation({
  id: 'bonus.referral',
  method: 'GET',
  path: '/v1/wallet/referral',
  scope: 'payments:read',
  feature: 'top_ups',
  summary: 'Read the own referral code',
  description:
    'A random code that holds no personal data. Where the operator gives no bonus for referrals: `feature_off`.',
  purpose: 'billing',
  request: {},
  responses: { 200: referralSchema.describe('The code, and what it brings.') },
  errors: [],
  idempotent: true,
});

export const nameReferrer = operation({
  id: 'bonus.nameReferrer',
  method: 'POST',
  path: '/v1/wallet/referral',
  scope: 'payments:write',
  feature: 'top_ups',
  summary: 'Name who referred this workspace',
  description:
    'Once, before the first top-up. Both get the bonus when that top-up has stood long enough; who refers themselves, by ' +
    'person or payment instrument, gets none. A refund or dispute takes it back as far as it is unspent.',
  purpose: 'billing',
  request: { body: z.strictObject({ code: referralCodeSchema }).meta({ id: 'NameReferrer' }) },
  responses: { 200: referralSchema.describe('The referral, named.') },
  errors: ['test_key_refused', 'code_refused', 'conflict'],
  idempotent: false,
  examples: { body: { code: '7Z2KD8H9T3' } },
});
