// Statements on payments.invoice and its numbers.
import type { Insertable, Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const COLUMNS = [
  'id',
  'workspace_id',
  'kind',
  'series',
  'year',
  'sequence',
  'payment_id',
  'corrects',
  'issued_at',
  'supplied_at',
  'seller_name',
  'seller_address',
  'seller_country',
  'seller_tax_id',
  'buyer',
  'currency',
  'total',
  'tax',
  'tax_rate',
  'reverse_charge',
] as const;

export type InvoiceRow = Pick<Selectable<DB['payments.invoice']>, (typeof COLUMNS)[number]>;
export type NewInvoice = Insertable<DB['payments.invoice']>;

/** Credit notes one invoice can have. */
const CREDIT_NOTES_MAX = 1_000;

const OPEN_SERIES = statement<never>(
  'payments.open_invoice_series',
  'operations',
  'insert into payments.invoice_series (series) values ($1::text) on conflict (series) do nothing',
);
const LOCK_SERIES = statement<{ series: string }>(
  'payments.lock_invoice_series',
  'operations',
  'select series from payments.invoice_series where series = $1::text for update',
);

export interface TakenNumber {
  readonly year: number;
  readonly sequence: number;
  /** The database's time, read under the lock: a later number has no earlier time. */
  readonly issued_at: Date;
}

const TAKE_NUMBER = statement<TakenNumber>(
  'payments.take_invoice_number',
  'operations',
  `with moment as materialized (
     select platform.clock() as now)
   update payments.invoice_series s
      set year = extract(year from m.now at time zone 'UTC')::integer,
          last_number = case
            when s.year = extract(year from m.now at time zone 'UTC') then s.last_number + 1
            else 1
          end
     from moment m
    where s.series = $1::text
   returning s.year, s.last_number as sequence, m.now as issued_at`,
);

/**
 * The next number of a series. Its row stays locked until the transaction ends, and goes back with it: there are no gaps.
 * Everybody else who issues waits, so it is taken last.
 */
export async function takeNumber(tx: Tx, series: string): Promise<TakenNumber> {
  await tx.exec(OPEN_SERIES, [series]);
  await tx.exec(LOCK_SERIES, [series]);
  const [taken] = await tx.exec(TAKE_NUMBER, [series]);
  assertInvariant(taken !== undefined, 'a series that is locked is there');
  return taken;
}

export async function insertInvoice(tx: Tx, row: NewInvoice): Promise<InvoiceRow> {
  const [made] = await tx.run(q.insertInto('payments.invoice').values(row).returning(COLUMNS));
  return made!;
}

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.invoice').select(COLUMNS);

/** By invoice_of_payment. */
export const findInvoiceOf = async (tx: Tx, paymentId: string): Promise<InvoiceRow | undefined> =>
  (await tx.run(from(tx).where('payment_id', '=', paymentId).where('kind', '=', 'invoice')))[0];

/** By credit_note_of_payment. */
export const creditNotesOf = (tx: Tx, paymentId: string): Promise<InvoiceRow[]> =>
  tx.run(
    from(tx).where('payment_id', '=', paymentId).where('kind', '=', 'credit_note').limit(CREDIT_NOTES_MAX),
  );

/** A page of one workspace's, newest first, by invoice_of_workspace; in a tenant's transaction. */
export const pageOfInvoices = (
  tx: Tx,
  workspaceId: string,
  before: string | null,
  limit: number,
): Promise<InvoiceRow[]> =>
  tx.run(
    from(tx)
      .where('workspace_id', '=', workspaceId)
      .$if(before !== null, (page) => page.where('id', '<', before))
      .orderBy('id', 'desc')
      .limit(limit),
  );

export const findInvoice = async (tx: Tx, workspaceId: string, id: string): Promise<InvoiceRow | undefined> =>
  (await tx.run(from(tx).where('workspace_id', '=', workspaceId).where('id', '=', id)))[0];

const END = statement<{ workspace_id: string; ended: number }>(
  'payments.end_invoices',
  'legal',
  `select workspace_id, ended
     from payments.end_invoices($1::timestamptz, $2::uuid[], $3::integer)`,
);
export const endInvoices = (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<{ workspace_id: string; ended: number }[]> => tx.exec(END, [before, arrays.uuid(held), limit]);

const STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'payments.standing_of_invoices',
  'legal',
  `select min(issued_at) filter (where not held) as oldest,
          count(*) filter (where not held and issued_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and issued_at <= $1::timestamptz)::integer as held
     from (
       select issued_at, workspace_id = any($2::uuid[]) as held
         from payments.invoice
        order by issued_at
        limit $3::integer) oldest`,
);
export const invoicesStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [before, arrays.uuid(held), limit]))[0]!;
