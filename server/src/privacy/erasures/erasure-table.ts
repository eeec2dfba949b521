// The erasure log of installations over several machines: a table in the key cluster, appended to under a lock, with
// the same digests as the file. It is not in the database's backups. It is in those of the key cluster: restoring that
// one takes the log back too, which the database then notices, for it knows how long the log had been.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { alignedNowMs } from '#platform/clock';
import { Refusal } from '#platform/errors';
import type { ErasureMark } from '../keys/key-store.ts';
import { assertErasure, type Erasure, firstLine, nextLine } from './erasure-chain.ts';
import { type ErasureLog, idLists } from './erasure-log.ts';
import {
  findLog,
  insertErasure,
  lockAppending,
  prepareTable,
  readChain,
  readErasures,
  readTail,
} from './erasure-table.sql.ts';

const PAGE = 500;

/** Begins a new log; from then on it is the one that counts. */
export async function createErasureTable(pool: pg.Pool): Promise<void> {
  await transaction(pool, async (tx) => {
    await lockAppending(tx);
    await prepareTable(tx);
    const { mark } = firstLine(randomUUID()).tail;
    await insertErasure(tx, mark.log, { ...mark, kind: 'begin', ids: [], at: new Date(alignedNowMs()) });
  });
}

/** Opens the log that counts. Throws a `Refusal` when there is none. */
export async function openErasureTable(pool: pg.Pool): Promise<ErasureLog> {
  const found = await findLog(pool);
  if (found === null) {
    throw new Refusal(
      'The key cluster has no erasure log, so what was erased since a backup could come back unseen.',
      [
        'point SOTTO_KEYS_URL at the right key cluster',
        'if it is lost: sotto erasures begin --accept-loss (read docs/runbooks/backup-and-restore.md first)',
      ],
    );
  }
  const log: string = found;
  const head = async (runner: Pick<pg.ClientBase, 'query'> = pool): Promise<ErasureMark> => ({
    log,
    ...(await readTail(runner, log))!,
  });

  async function append(erasures: readonly Erasure[]): Promise<void> {
    await transaction(pool, async (tx) => {
      await lockAppending(tx);
      let mark = await head(tx);
      for (const erasure of erasures) {
        const at = new Date(Math.floor(alignedNowMs()));
        mark = nextLine({ mark, octets: 0 }, erasure, at).tail.mark;
        await insertErasure(tx, log, { ...mark, ...erasure, at });
      }
    });
  }

  return {
    async record(kind, ids) {
      assertErasure({ kind, ids });
      if (ids.length > 0) await append(idLists(ids).map((list) => ({ kind, ids: list })));
    },
    head: () => head(),
    covers: async (mark) => mark.log === log && (await readChain(pool, log, mark.sequence)) === mark.chain,
    async *after(sequence) {
      for (let from = sequence; ; ) {
        const page = await readErasures(pool, log, from, PAGE);
        yield* page;
        if (page.length < PAGE) return;
        from = page.at(-1)!.sequence;
      }
    },
  };
}

async function transaction(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    // A broken connection is thrown away, and with it the transaction.
    client.release(failure);
  }
}
