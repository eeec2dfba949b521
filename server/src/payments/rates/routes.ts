// The routes by which finance enters exchange rates.
import { encodeId } from '@sotto/contract';
import {
  createExchangeRate as createOperation,
  type ExchangeRate,
  listExchangeRates as listOperation,
} from '@sotto/contract/admin/exchange-rates';
import { formatRate, parseRate } from '@sotto/contract/rate';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf, record } from '#privacy/audit';
import { insertRate, pageOfRates, type RateRow } from './exchange-rate.sql.ts';

export const rateRoutes = ({ db, keyring }: { db: Database; keyring: Keyring }): readonly Route[] => [
  reads(listOperation, async ({ query }: Call<typeof listOperation, AuditedCaller>) => {
    const rows = await db.batch((tx) => pageOfRates(tx, positionOf(query.cursor), query.limit + 1));
    return pageAnswer(rows, query.limit, ({ id }) => id, present);
  }),
  inTransaction(createOperation, async (call: Call<typeof createOperation, AuditedCaller>, tx) => {
    const { base, quote, rate, valid_from: validFrom } = call.body;
    if (base === quote) {
      throw new AppError('invalid_request', { field: 'quote', detail: 'It is another currency than base.' });
    }
    const row = await insertRate(tx, {
      base,
      quote,
      rate: parseRate(rate),
      validFrom: validFrom === undefined ? null : new Date(validFrom),
    });
    if (row === undefined) {
      throw new AppError('conflict', { detail: 'The pair has a rate from that moment on.' });
    }
    await record(tx, keyring, {
      action: 'exchange_rate.entered',
      actor: actorOf(call),
      object: { kind: 'exchange_rate', id: row.id },
    });
    return present(row);
  }),
];

const present = (row: RateRow): ExchangeRate => ({
  id: encodeId('xrt', row.id),
  base: row.base,
  quote: row.quote,
  rate: formatRate(row.rate),
  valid_from: row.valid_from.toISOString(),
  created_at: row.created_at.toISOString(),
});
