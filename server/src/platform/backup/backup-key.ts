// The secret that seals backups: what the file SOTTO_BACKUP_KEY_FILE names holds, be it a generated key or a long
// passphrase. It lives apart from the archives, the data and the keys; whoever loses it loses every archive.
import { readFile, stat } from 'node:fs/promises';
import { Refusal } from '../errors.ts';

/** Shorter ones can be guessed at leisure by whoever holds an archive. */
const SECRET_CHARACTERS_MIN = 24;
const SECRET_OCTETS_MAX = 65_536;

const HOW =
  'make one with: umask 077; openssl rand -hex 32 > /etc/sotto/backup-key, and keep a copy elsewhere';

/** Reads the secret. Throws a `Refusal` when it is not named, missing, open to other users, or too short. */
export async function readBackupSecret(path: string | undefined): Promise<Buffer> {
  if (path === undefined) {
    throw new Refusal('A backup is sealed, and SOTTO_BACKUP_KEY_FILE names no key for it.', [
      HOW,
      'set SOTTO_BACKUP_KEY_FILE to it',
    ]);
  }
  let secret: Buffer;
  try {
    if (((await stat(path)).mode & 0o077) !== 0) {
      throw new Refusal(`The backup key file ${path} can be read by other users.`, [`chmod 600 ${path}`]);
    }
    secret = await readFile(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(
      `The backup key file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      ['correct SOTTO_BACKUP_KEY_FILE, or restore the file', HOW],
      error,
    );
  }
  const text = secret.toString('latin1').trim();
  if (text.length < SECRET_CHARACTERS_MIN || secret.length > SECRET_OCTETS_MAX) {
    throw new Refusal(
      `The backup key file ${path} must hold ${SECRET_CHARACTERS_MIN} characters or more, and at most ${SECRET_OCTETS_MAX} octets.`,
      [HOW],
    );
  }
  return Buffer.from(text, 'latin1');
}
