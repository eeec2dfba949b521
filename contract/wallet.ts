// The balance of a workspace and the entries that made it.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { moneySchema } from './money.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { instantSchema } from './time.ts';

export const walletSchema = z
  .strictObject({
    available: moneySchema.describe('What can be spent now, bonus included, credit limit not.'),
    held: moneySchema.describe('Reserved for messages whose outcome is open.'),
    bonus: moneySchema.describe('The part of available that was given and is never paid out.'),
    credit_limit: moneySchema.describe('How far available may fall below zero.'),
  })
  .meta({ id: 'Wallet', description: 'The balance of a workspace, in its one currency.' });

/** How an entry came about. Holds are not entries of the balance: they move money only when captured. */
export const entryKinds = ['top_up', 'bonus', 'charge', 'refund', 'correction'] as const;

export const walletEntrySchema = z
  .strictObject({
    id: idSchema('ent'),
    kind: z.enum(entryKinds),
    amount: moneySchema.describe('Above zero into the workspace, below zero out of it.'),
    reason: personal('note', z.string()).nullable().describe('What the operator noted, for top-ups by hand.'),
    message_id: idSchema('msg').nullable().describe('The message it paid for, if it was one.'),
    created_at: instantSchema,
  })
  .meta({ id: 'WalletEntry', description: 'One movement of money. Never changed; corrected by another.' });

export type Wallet = z.output<typeof walletSchema>;
export type WalletEntry = z.output<typeof walletEntrySchema>;

export const getWallet = operation({
  id: 'wallet.get',
  method: 'GET',
  path: '/v1/wallet',
  scope: 'wallet:read',
  summary: 'Read the balance',
  description: 'The balance of the workspace of the key.',
  purpose: 'billing',
  request: {},
  responses: { 200: walletSchema.describe('The balance.') },
  errors: [],
  idempotent: true,
});

export const listWalletEntries = operation({
  id: 'wallet.entries',
  method: 'GET',
  path: '/v1/wallet/entries',
  scope: 'wallet:read',
  summary: 'List movements of money',
  description: 'Newest first.',
  purpose: 'billing',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('WalletEntryPage', walletEntrySchema).describe('One page of entries.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});
