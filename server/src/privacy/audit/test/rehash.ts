// What somebody who rewrites the chain would read first: the links behind a place, with their entries.
import type { TestDatabase } from '../../../../test/harness.ts';
import type { LinkedEntry } from '../chain.sql.ts';

interface Row extends Omit<LinkedEntry, 'recorded_micros'> {
  readonly recorded_micros: string;
  readonly segment: number;
  readonly seq: string;
  readonly previous: Buffer;
}

/** Links from a place on, in order, each with the hash that stands before it. */
export async function rows(database: TestDatabase, from: number) {
  const found = await database.sql<Row & Record<string, unknown>>(
    `select e.*, (extract(epoch from e.recorded_at) * 1000000)::bigint::text as recorded_micros,
            l.segment, l.seq::text, (select p.hash from privacy.audit_link p where p.seq = l.seq - 1) as previous
       from privacy.audit_link l
       join privacy.audit_entry e on e.id = l.entry_id
      where l.seq >= $1
      order by l.seq`,
    [from],
  );
  return found.map((row) => ({
    entry: { ...row, recorded_micros: BigInt(row.recorded_micros) } as LinkedEntry,
    previous: row.previous,
    segment: row.segment,
    seq: BigInt(row.seq),
  }));
}
