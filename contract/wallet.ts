// The balance of a workspace and the entries that made it.
import * as z from 'zod';
import { textBody } from './bodies.ts';
import { idSchema } from './ids.ts';
import { moneySchema } from './money.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

export const walletSchema = z
  .strictObject({
    spendable: moneySchema.describe(
      'What new messages may cost in all: bonus, available and credit. Never below zero.',
    ),
    available: moneySchema.describe('Paid in and not spent. Below zero it is credit drawn.'),
    bonus: moneySchema.describe('Given by the platform; spent first, never paid out.'),
    held: moneySchema.describe('Set aside for messages whose outcome is open.'),
    credit_limit: moneySchema.describe('How far available may fall below zero.'),
  })
  .meta({ id: 'Wallet', description: 'The balance of a workspace, in its one currency.' });

/** Why the books moved. The last four belong to holds, which set money aside and then earn or return it. */
export const entryKinds = [
  'top_up',
  'bonus',
  'adjustment',
  'refund',
  'reversal',
  'hold',
  'capture',
  'release',
  'expire',
] as const;

export const walletEntrySchema = z
  .strictObject({
    id: idSchema('ent'),
    kind: z.enum(entryKinds),
    available: moneySchema.describe('Added to available; below zero taken from it.'),
    bonus: moneySchema.describe('Added to bonus.'),
    held: moneySchema.describe('Added to held.'),
    reason: z
      .string()
      .nullable()
      .describe(
        'A code such as `bank_transfer`: why somebody credited it, or what it paid for (`subscription`).',
      ),
    created_at: instantSchema,
  })
  .meta({
    id: 'WalletEntry',
    description:
      'One movement in the books; the sum of all is the balance. Messages sent together may share one. Never ' +
      'changed: a mistake is corrected by another.',
  });

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
  description: 'Newest first. Their sum, column by column, is the balance.',
  purpose: 'billing',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('WalletEntryPage', walletEntrySchema).describe('One page of entries.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

const monthSentence = says('invalid_request', 'must be a month such as 2026-11.');

export const getWalletStatement = operation({
  id: 'wallet.statement',
  method: 'GET',
  path: '/v1/wallet/statements',
  scope: 'wallet:read',
  summary: 'Read a statement of a month',
  description:
    'Every movement of the month in UTC, oldest first, between the balance it began with and the one it ended with; the ' +
    'columns add up. CSV (RFC 4180), in which no text is taken for a formula. A month of more than 50,000 movements is ' +
    'refused: read those as entries.',
  purpose: 'billing',
  request: {
    query: z.strictObject({
      month: z
        .string({ error: monthSentence })
        .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, { error: monthSentence })
        .optional()
        .meta({ examples: ['2026-11'] })
        .describe('Left out: the one that runs.'),
    }),
  },
  responses: {
    200: textBody(
      'text/csv',
      'One line a movement: `time,id,kind,reason,available,bonus,held,currency`. The first is `opening`, the last `closing`.',
    ),
  },
  errors: [],
  idempotent: true,
});
