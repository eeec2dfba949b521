import { arrays } from './db/arrays.ts';
import type { Tx } from './db/database.ts';
import { statement } from './db/statement.ts';

const CREATE = statement<{ made: number }>(
  'platform.create_partitions',
  'operations',
  'select platform.create_partitions() as made',
);

/** Makes the partitions of the coming days and months; returns how many are new. */
export const createPartitions = async (tx: Tx): Promise<number> => (await tx.exec(CREATE, []))[0]!.made;

const UNKNOWN = statement<{ count: number }>(
  'platform.count_unknown_jobs',
  'operations',
  `select count(*)::integer as count
     from platform.job
    where dead_at is null
      and name <> all($1::text[])`,
);

/** Living jobs of names this release does not handle: of another release, or of a process that is missing. */
export const countUnknownJobs = async (tx: Tx, known: readonly string[]): Promise<number> =>
  (await tx.exec(UNKNOWN, [arrays.text(known)]))[0]!.count;
