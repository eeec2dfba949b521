// What the database says after a run: what was promised and what became of it. Read as the owner, once, when all is
// done; nothing here runs while something is measured.
import pg from 'pg';

export interface Books {
  readonly messages: number;
  /** Messages with a delivered part. */
  readonly delivered: number;
  /** Messages still in the queue. */
  readonly queued: number;
  /** Holds captured in full, to the price of their message. */
  readonly captured: number;
  readonly parkedReceipts: number;
  /** Micros that left the wallets for good, and what is still held. */
  readonly spentMicros: bigint;
  readonly heldMicros: bigint;
  /** Micros by which the entries of the books fail to sum to zero; must be 0. */
  readonly imbalanceMicros: bigint;
}

const BOOKS = `
  select (select count(*) from messages.message) as messages,
         (select count(distinct message_id) from messages.part where status = 'delivered') as delivered,
         (select count(distinct message_id) from messages.queue) as queued,
         (select count(*)
            from ledger.hold h
            join messages.message m on m.id = h.id
           where h.state = 'captured' and h.captured = m.price_per_part * m.segments) as captured,
         (select count(*) from messages.parked_receipt) as parked,
         (select coalesce(sum(amount), 0)
            from ledger.entry where account = 'revenue') as spent,
         (select coalesce(sum(held), 0) from ledger.wallet) as held,
         (select coalesce(sum(amount), 0) from ledger.entry) as imbalance`;

export async function readBooks(url: string): Promise<Books> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-bench' });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(BOOKS);
    const row = rows[0]!;
    return {
      messages: Number(row.messages),
      delivered: Number(row.delivered),
      queued: Number(row.queued),
      captured: Number(row.captured),
      parkedReceipts: Number(row.parked),
      spentMicros: BigInt(row.spent!),
      heldMicros: BigInt(row.held!),
      imbalanceMicros: BigInt(row.imbalance!),
    };
  } finally {
    await client.end();
  }
}

export interface Verdict {
  /** Accepted messages that are not stored as delivered. */
  readonly lost: number;
  /** Messages whose charge is not their price, once; or -1 when the books as a whole are wrong. */
  readonly mischarged: number;
}

/** Compares the books with what callers were told. Every accepted message is expected to be of one segment. */
export function judge(books: Books, accepted: number, priceMicros: bigint): Verdict {
  const lost = Math.max(0, accepted - books.delivered);
  const wrongCharges = Math.abs(books.delivered - books.captured);
  const booksAreRight =
    books.spentMicros === BigInt(books.captured) * priceMicros &&
    books.imbalanceMicros === 0n &&
    (books.queued > 0 || books.heldMicros === 0n);
  return { lost, mischarged: wrongCharges === 0 && !booksAreRight ? -1 : wrongCharges };
}
