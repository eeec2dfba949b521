// What was erased stays erased: before anything is served, database and key store are brought to the end of the
// erasure log. Each remembers how far it was applied to it, in itself, so that whichever was restored from a backup,
// by whatever means, is found to be behind and catches up here.
import pg from 'pg';
import { ERASED_MESSAGES, eraseMessagesAgain } from '#messages';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import { type KeyStore, refuseErasureLogIn } from '#privacy';
import {
  type ErasureHandlers,
  type ErasureLog,
  type ErasurePlace,
  erasureFile,
  erasureTable,
  replayKeys,
  replayRows,
} from '#privacy/erasures';
import { erasureMemory } from './erasure-memory.ts';

export interface GateParts {
  readonly place: ErasurePlace;
  readonly ownerUrl: string;
  readonly db: Database;
  /** The bare store: what is replayed is not logged again. */
  readonly keyStore: KeyStore;
}

/**
 * Where this installation keeps its erasure log: with the key cluster where there is one, else in its file. `closers`
 * get what ends it. Throws a `Refusal` for a file that lies in what is backed up.
 */
export function erasurePlace(config: Config, closers: (() => Promise<unknown>)[]): ErasurePlace {
  if (config.keysUrl === undefined) {
    refuseErasureLogIn(config.erasureLog, [config.dataDir, config.keysDir]);
    return erasureFile(config.erasureLog);
  }
  const pool = new pg.Pool({
    connectionString: config.keysUrl.reveal(),
    max: 2,
    application_name: 'sotto-erasures',
  });
  pool.on('error', () => undefined);
  closers.push(() => pool.end());
  return erasureTable(pool);
}

/** Who erases again what the log names. A kind that is logged and not here keeps every start from serving. */
export const erasureHandlers = (db: Database): ErasureHandlers => ({
  [ERASED_MESSAGES]: (ids) => eraseMessagesAgain(db, ids),
});

/**
 * Opens the erasure log and replays what database and key store lack of it. A new installation gets a new log. Throws a
 * `Refusal` when the log is missing, another one, older than either of them knows, or lies in what is backed up. May
 * be repeated, and run from several processes at once.
 */
export async function passErasureGate({ place, ownerUrl, db, keyStore }: GateParts): Promise<ErasureLog> {
  const memory = erasureMemory(ownerUrl);
  if (!(await place.exists())) {
    const isKnown = (await memory.read()) !== null || (await keyStore.erasuresApplied()) !== null;
    // Opening what is missing says so.
    if (isKnown) await place.open();
    await place.create().catch(async (error: unknown) => {
      // Another process that starts at the same time was first.
      if (!(await place.exists())) throw error;
    });
  }
  const log = await place.open();
  await replayKeys(log, keyStore);
  await replayRows(log, memory, erasureHandlers(db));
  return log;
}
