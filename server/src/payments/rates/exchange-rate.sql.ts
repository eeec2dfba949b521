// Statements on payments.exchange_rate.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';
import type { DatedRate } from './convert.ts';

const read = readerFor(payments);
const COLUMNS = ['id', 'base', 'quote', 'rate', 'valid_from', 'created_at'] as const;

export type RateRow = Pick<Selectable<DB['payments.exchange_rate']>, (typeof COLUMNS)[number]>;

/** Undefined when the pair has a rate from that very moment. */
export async function insertRate(
  tx: Tx,
  { base, quote, rate, validFrom }: Omit<DatedRate, 'validFrom'> & { readonly validFrom: Date | null },
): Promise<RateRow | undefined> {
  const [made] = await tx.run(
    q
      .insertInto('payments.exchange_rate')
      .values({ id: newId(), base, quote, rate, valid_from: validFrom ?? DATABASE_CLOCK })
      .onConflict((conflict) => conflict.constraint('exchange_rate_once').doNothing())
      .returning(COLUMNS),
  );
  return made;
}

export const pageOfRates = (tx: Tx, before: string | null, limit: number): Promise<RateRow[]> =>
  tx.run(
    read(tx, 'billing')
      .selectFrom('payments.exchange_rate')
      .select(COLUMNS)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .orderBy('id', 'desc')
      .limit(limit),
  );

const RATE_AT = statement<{ base: string; quote: string; rate: bigint; valid_from: Date }>(
  'payments.find_rate',
  'billing',
  `select base, quote, rate, valid_from
     from payments.exchange_rate
    where base = $1::text
      and quote = $2::text
      and valid_from <= $3::timestamptz
    order by valid_from desc
    limit 1`,
);

/** The rate of two currencies at a moment: of this direction, else of the other one; by exchange_rate_once. */
export async function findRate(tx: Tx, from: string, to: string, at: Date): Promise<DatedRate | undefined> {
  const [straight] = await tx.exec(RATE_AT, [from, to, at]);
  const found = straight ?? (await tx.exec(RATE_AT, [to, from, at]))[0];
  return found && { base: found.base, quote: found.quote, rate: found.rate, validFrom: found.valid_from };
}
