// What was erased stays erased: before anything is served, database and key store are brought to the end of the
// erasure log. Each remembers how far it was applied to it, in itself, so that whichever was restored from a backup,
// by whatever means, is found to be behind and catches up here.
import { existsSync } from 'node:fs';
import { ERASED_MESSAGES, eraseMessagesAgain } from '#messages';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import { type KeyStore, refuseErasureLogIn } from '#privacy';
import {
  createErasureLog,
  type ErasureHandlers,
  type ErasureLog,
  missingLog,
  openErasureLog,
  replayKeys,
  replayRows,
} from '#privacy/erasures';
import { erasureMemory } from './erasure-memory.ts';

export interface GateParts {
  readonly config: Pick<Config, 'dataDir' | 'keysDir' | 'erasureLog'>;
  readonly ownerUrl: string;
  readonly db: Database;
  /** The bare store: what is replayed is not logged again. */
  readonly keyStore: KeyStore;
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
export async function passErasureGate({ config, ownerUrl, db, keyStore }: GateParts): Promise<ErasureLog> {
  refuseErasureLogIn(config.erasureLog, [config.dataDir, config.keysDir]);
  const memory = erasureMemory(ownerUrl);
  if (!existsSync(config.erasureLog)) {
    const isKnown = (await memory.read()) !== null || (await keyStore.erasuresApplied()) !== null;
    if (isKnown) throw missingLog(config.erasureLog);
    await createErasureLog(config.erasureLog).catch((error: unknown) => {
      // Another process that starts at the same time was first.
      if (!existsSync(config.erasureLog)) throw error;
    });
  }
  const log = await openErasureLog(config.erasureLog);
  await replayKeys(log, keyStore);
  await replayRows(log, memory, erasureHandlers(db));
  return log;
}
