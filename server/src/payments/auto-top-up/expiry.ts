// The end of automatic top-ups: with their workspace, or with the books when nobody wanted them for as long as those are
// kept. A card goes at the provider first.
import type { Tx } from '#platform/database';
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { deleteAutoTopUps } from './auto-top-up.sql.ts';
import { autoTopUpsStanding, expireAutoTopUps } from './expiry.sql.ts';
import { dropCards } from './forget-card.ts';

/** From the last time somebody set it. */
export const autoTopUpExpiry: ExpiryHandler = {
  key: 'ledger',
  table: 'payments.auto_top_up',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    const ended = await expireAutoTopUps(tx, before, held, limit);
    await dropCards(tx, ended);
    return rowsExpired(ended.length, limit);
  },
  standing: (tx, { before, held, limit }) => autoTopUpsStanding(tx, before, held, limit),
};

/** Nothing more is charged for workspaces, and their cards are forgotten: in the transaction that erases or ends them. */
export async function endAutoTopUpOf(tx: Tx, workspaceIds: readonly string[]): Promise<void> {
  await deleteAutoTopUps(tx, workspaceIds);
  await dropCards(tx, workspaceIds);
}
