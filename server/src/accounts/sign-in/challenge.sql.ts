// Statements on accounts.spent_challenge.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const SPEND = statement<{ id: string }>(
  'accounts.spend_challenge',
  'security',
  `with gone as (
     delete from accounts.spent_challenge
      where id in (select id
                     from accounts.spent_challenge
                    where expires_at < (select platform.clock())
                    order by expires_at
                    limit 20)
   )
   insert into accounts.spent_challenge (id, expires_at)
   values ($1::text, $2::timestamptz)
       on conflict (id) do nothing
   returning id`,
);

/** Spends a challenge: of many at once, one does. Each takes a few that are past with it, so the table stays small. */
export const spendChallenge = async (tx: Tx, id: string, expiresAt: Date): Promise<boolean> =>
  (await tx.exec(SPEND, [id, expiresAt])).length === 1;
