// Statements of the erasure log in the key cluster. The newest log counts; earlier ones are kept to be looked at.
import type pg from 'pg';

type Runner = Pick<pg.ClientBase, 'query'>;

const SCHEMA = `
  create schema if not exists sotto_keys;
  create table if not exists sotto_keys.erasure (
    log uuid not null,
    sequence bigint not null,
    kind text not null,
    ids uuid[] not null,
    at timestamptz not null,
    chain text not null,
    started bigint generated always as identity,
    primary key (log, sequence)
  );
  comment on table sotto_keys.erasure is 'What was erased, by ids alone; sequence 0 begins a log';`;

/** Any constant serves, as long as every release uses the same one. */
const APPENDING = 5_070_003;

/** Keeps other processes from appending until the transaction ends. */
export async function lockAppending(tx: Runner): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [APPENDING]);
}

export const prepareTable = async (tx: Runner): Promise<void> => void (await tx.query(SCHEMA));

/** The log that counts; null when there is none. */
export async function findLog(runner: Runner): Promise<string | null> {
  const { rows: found } = await runner.query<{ there: boolean }>(
    `select to_regclass('sotto_keys.erasure') is not null as there`,
  );
  if (!found[0]!.there) return null;
  const { rows } = await runner.query<{ log: string }>(
    'select log::text from sotto_keys.erasure where sequence = 0 order by started desc limit 1',
  );
  return rows[0]?.log ?? null;
}

export interface ErasureRow {
  readonly sequence: number;
  readonly kind: string;
  readonly ids: readonly string[];
  readonly at: Date;
  readonly chain: string;
}

export async function insertErasure(tx: Runner, log: string, row: ErasureRow): Promise<void> {
  await tx.query(
    'insert into sotto_keys.erasure (log, sequence, kind, ids, at, chain) values ($1, $2, $3, $4, $5, $6)',
    [log, row.sequence, row.kind, row.ids, row.at, row.chain],
  );
}

/** The last entry of a log. */
export async function readTail(
  runner: Runner,
  log: string,
): Promise<Pick<ErasureRow, 'sequence' | 'chain'> | undefined> {
  const { rows } = await runner.query<{ sequence: number; chain: string }>(
    'select sequence::integer, chain from sotto_keys.erasure where log = $1 order by sequence desc limit 1',
    [log],
  );
  return rows[0];
}

/** Entries after `sequence`, in order, at most `limit`. */
export async function readErasures(
  runner: Runner,
  log: string,
  sequence: number,
  limit: number,
): Promise<ErasureRow[]> {
  const { rows } = await runner.query<ErasureRow>(
    `select sequence::integer, kind, ids::text[] as ids, at, chain
       from sotto_keys.erasure
      where log = $1 and sequence > $2
      order by sequence
      limit $3`,
    [log, sequence, limit],
  );
  return rows;
}

/** The digest a log had at `sequence`; undefined when it had none. */
export async function readChain(runner: Runner, log: string, sequence: number): Promise<string | undefined> {
  const { rows } = await runner.query<{ chain: string }>(
    'select chain from sotto_keys.erasure where log = $1 and sequence = $2',
    [log, sequence],
  );
  return rows[0]?.chain;
}
