// What a workspace decides about its balance.
import * as z from 'zod';
import { moneySchema, positiveMoneySchema } from './money.ts';
import { operation } from './operation.ts';

export const walletSettingsSchema = z
  .strictObject({
    low_balance: moneySchema
      .nullable()
      .describe(
        'Below this, bonus and available together are low, and a notice goes out once. Null: no notice.',
      ),
  })
  .meta({ id: 'WalletSettings' });

export type WalletSettings = z.output<typeof walletSettingsSchema>;

const shared = { purpose: 'billing', feature: 'top_ups', path: '/v1/wallet/settings' } as const;

export const getWalletSettings = operation({
  ...shared,
  id: 'wallet.settings',
  method: 'GET',
  scope: 'payments:read',
  summary: 'Read the settings of the balance',
  description: 'As the workspace decided.',
  request: {},
  responses: { 200: walletSettingsSchema.describe('The settings.') },
  errors: [],
  idempotent: true,
});

export const updateWalletSettings = operation({
  ...shared,
  id: 'wallet.updateSettings',
  method: 'PATCH',
  scope: 'payments:write',
  summary: 'Change the settings of the balance',
  description:
    'Owners, administrators and billing members with a mail address are told when the balance falls below `low_balance`: ' +
    'once, and again after it was a tenth above it.',
  request: {
    body: z
      .strictObject({
        low_balance: positiveMoneySchema
          .nullable()
          .optional()
          .describe('In the currency of the workspace; null ends the notices.'),
      })
      .meta({ id: 'UpdateWalletSettings' }),
  },
  responses: { 200: walletSettingsSchema.describe('The settings, changed.') },
  errors: ['test_key_refused'],
  idempotent: true,
  examples: { body: { low_balance: { amount: '10.00', currency: 'EUR' } } },
});
