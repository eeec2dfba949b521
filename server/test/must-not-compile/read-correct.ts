// Compiles: reads that name a purpose and stay within it. The other files named read-* break it in one place.
import { readerOver } from '../../src/privacy/reading/reader.ts';
import { ledger, messages } from './correct.ts';
import type { DB } from './database.ts';

declare const tx: { demandPurpose(purpose: string): void };

export const readLedger = readerOver<DB>()(ledger);
export const readMessages = readerOver<DB>()(messages);

export const bills = readLedger(tx, 'billing');
export const services = readLedger(tx, 'service');
export const deliveries = readMessages(tx, 'delivery');

export const balances = bills
  .with('postings', (read) => read.selectFrom('ledger.posting').select(['account_id', 'amount']))
  .selectFrom('ledger.account as a')
  .innerJoin('postings as p', 'p.account_id', 'a.id')
  .select(({ fn }) => ['a.id', 'a.workspace_id as owner', fn.sum<bigint>('p.amount').as('total')])
  .where('a.held', '>', 0n)
  .groupBy(['a.id', 'a.workspace_id'])
  .orderBy('owner')
  .limit(10);

export const texts = deliveries.selectFrom('messages.message').select(['id', 'body', 'detail']);
export const owners = services.selectFrom('ledger.account').select(['id', 'workspace_id']);
