// `sotto restore` of a key store, for when the living one is lost. Its keys are led through the erasure log before
// they have their place, so a key that was destroyed after the backup is never there.

import { type KeyFacts, type Manifest, readArchive } from '#platform/archive';
import { alignedNowMs } from '#platform/clock';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { openDirectoryKeyStore, refuseErasureLogIn, refuseSharedCustody, restoreKeyStore } from '#privacy';
import { erasureFile, refuseUncovered, replayKeys } from '#privacy/erasures';

export interface RestoredKeys {
  readonly facts: KeyFacts;
  readonly living: number;
  /** Keys the erasure log named, destroyed again or still. */
  readonly destroyedAgain: number;
}

/**
 * Restores a backup of the keys into an empty key directory. An expired one is refused unless `allowExpired`; the
 * erasure log is required in any case. Throws a Refusal with ways out; then nothing is in place.
 */
export async function restoreKeys(
  config: Config,
  archive: string,
  secret: Buffer,
  { facts }: Manifest & { facts: KeyFacts },
  allowExpired: boolean,
): Promise<RestoredKeys> {
  if (config.keysUrl !== undefined) {
    throw new Refusal(
      'SOTTO_KEYS_URL names a key store with its own backups; this is one of a key directory.',
      ['to restore into a key directory: unset SOTTO_KEYS_URL'],
    );
  }
  refuseSharedCustody({
    keysDirectory: config.keysDir,
    masterKeyFile: config.masterKeyFile,
    dataDirectory: config.dataDir,
  });
  refuseErasureLogIn(config.erasureLog, [config.dataDir, config.keysDir]);
  // The machine's own time: there may be no database to ask.
  if (!allowExpired && Date.parse(facts.expires_at) <= alignedNowMs()) throw expired(facts);
  const log = await erasureFile(config.erasureLog).open();
  await refuseUncovered(log, facts.erasures, 'The backup of the keys');
  let restored = { living: 0, destroyedAgain: 0 };
  await restoreKeyStore(
    config.keysDir,
    (sink) => readArchive(archive, secret, sink),
    async (stage) => {
      // Opening it shows that the master key is the one it was wrapped under.
      const store = await openDirectoryKeyStore({
        directory: stage,
        masterKeyFile: config.masterKeyFile,
        initialise: false,
      });
      try {
        const destroyedAgain = await replayKeys(log, store);
        restored = { living: (await store.census()).living, destroyedAgain };
      } finally {
        await store.close();
      }
    },
  );
  return { facts, ...restored };
}

const expired = ({ expires_at: at }: KeyFacts) =>
  new Refusal(
    `The backup of the keys expired on ${at.slice(0, 10)}: keys destroyed since should be gone from it.`,
    [
      'restore a newer one',
      'if there is none, and the erasure log is whole: sotto restore --allow-expired (the log destroys them again)',
    ],
  );
