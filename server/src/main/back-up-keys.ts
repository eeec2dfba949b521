// `sotto backup --keys`: the embedded key store into a sealed file of its own. An erasure is complete everywhere only
// once every such file from before it has expired, so it says when that is.

import { type KeyFacts, readBackupSecret, type WrittenArchive, writeArchive } from '#platform/archive';
import { alignedNowMs } from '#platform/clock';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { keyStoreEntries } from '#privacy';
import { backupPlace } from './backup-place.ts';
import { onGround } from './on-ground.ts';

export interface KeyBackup extends WrittenArchive {
  readonly file: string;
  readonly facts: KeyFacts;
}

/** Writes a backup of the keys, without the master key. Throws a Refusal with ways out; then nothing was written. */
export async function backUpKeys(
  config: Config,
  target: string,
  lifetime: Temporal.Duration,
): Promise<KeyBackup> {
  if (config.keysUrl !== undefined) {
    throw new Refusal('The key store is a PostgreSQL of its own (SOTTO_KEYS_URL), and has its own backups.', [
      'back it up with its own tools, and keep those backups as shortly as erasure may take',
    ]);
  }
  const secret = await readBackupSecret(config.backupKeyFile);
  try {
    return await onGround(config, async ({ keyStore, erasureLog }) => {
      const createdAt = Temporal.Instant.fromEpochMilliseconds(Math.floor(alignedNowMs()));
      const facts: KeyFacts = {
        kind: 'keys',
        created_at: createdAt.toString(),
        expires_at: createdAt.toZonedDateTimeISO('UTC').add(lifetime).toInstant().toString(),
        erasures: await erasureLog.head(),
      };
      const file = backupPlace(target, 'sotto-keys', new Date(createdAt.epochMilliseconds), config);
      const written = await writeArchive(file, secret, {
        entries: keyStoreEntries(config.keysDir, keyStore),
        facts: () => facts,
      });
      return { ...written, file, facts };
    });
  } finally {
    secret.fill(0);
  }
}
