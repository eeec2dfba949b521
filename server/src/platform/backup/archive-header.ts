// The first octets of an archive, in clear:
//
//   "SOTTOBAK" 8 | format 2 | salt 16 | nonce prefix 7 | nonce 12 | wrapped archive key 32 | tag 16      93 octets
//
// Every archive has a random key of its own, wrapped with AES-256-GCM under a key that scrypt (RFC 7914) makes of the
// operator's secret and the salt. All that stands before the wrapping is bound to it, and the whole header is bound
// to every chunk that follows.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { Refusal } from '../errors.ts';

/** Grows when an older release could not read what is written. */
export const ARCHIVE_FORMAT = 1;
const MAGIC = Buffer.from('SOTTOBAK');
const SALT_AT = MAGIC.length + 2;
const PREFIX_AT = SALT_AT + 16;
const WRAP_AT = PREFIX_AT + 7;
const KEY_AT = WRAP_AT + 12;
const TAG_AT = KEY_AT + 32;
export const HEADER_OCTETS = TAG_AT + 16;
const KEY_OCTETS = 32;
/** Fixed with the format, so that no archive can ask for more: 32 MiB and about 100 ms. */
const SCRYPT = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** What opens the chunks after a header. */
export interface ArchiveKey {
  readonly header: Buffer;
  readonly key: Buffer;
  /** The first seven octets of every chunk's nonce. */
  readonly noncePrefix: Buffer;
}

const wrappingKey = (secret: Buffer, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_OCTETS, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** A new archive's key and header. */
export async function makeArchiveKey(secret: Buffer): Promise<ArchiveKey> {
  const header = Buffer.alloc(HEADER_OCTETS);
  MAGIC.copy(header);
  header.writeUInt16BE(ARCHIVE_FORMAT, MAGIC.length);
  randomBytes(KEY_AT - SALT_AT).copy(header, SALT_AT);
  const key = randomBytes(KEY_OCTETS);
  const wrapping = await wrappingKey(secret, header.subarray(SALT_AT, PREFIX_AT));
  const cipher = createCipheriv('aes-256-gcm', wrapping, header.subarray(WRAP_AT, KEY_AT));
  cipher.setAAD(header.subarray(0, WRAP_AT));
  Buffer.concat([cipher.update(key), cipher.final()]).copy(header, KEY_AT);
  cipher.getAuthTag().copy(header, TAG_AT);
  wrapping.fill(0);
  return { header, key, noncePrefix: header.subarray(PREFIX_AT, WRAP_AT) };
}

/** Opens a header. Throws a `Refusal` for another file, another format, and a secret that does not open it. */
export async function openArchiveKey(secret: Buffer, header: Buffer): Promise<ArchiveKey> {
  if (header.length < HEADER_OCTETS || !header.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new Refusal('This file is no backup of Sotto, or its beginning is damaged.', [
      'name the file that sotto backup wrote',
      'take an earlier backup, or another copy of this one',
    ]);
  }
  const format = header.readUInt16BE(MAGIC.length);
  if (format !== ARCHIVE_FORMAT) {
    throw new Refusal(`The backup has format ${format}; this release reads format ${ARCHIVE_FORMAT}.`, [
      'restore it with the release that wrote it, then upgrade',
    ]);
  }
  const wrapping = await wrappingKey(secret, header.subarray(SALT_AT, PREFIX_AT));
  const decipher = createDecipheriv('aes-256-gcm', wrapping, header.subarray(WRAP_AT, KEY_AT));
  decipher.setAAD(header.subarray(0, WRAP_AT));
  decipher.setAuthTag(header.subarray(TAG_AT));
  try {
    const key = Buffer.concat([decipher.update(header.subarray(KEY_AT, TAG_AT)), decipher.final()]);
    return { header, key, noncePrefix: header.subarray(PREFIX_AT, WRAP_AT) };
  } catch (error) {
    throw new Refusal(
      'The backup key does not open this backup, or its header was altered.',
      ['point SOTTO_BACKUP_KEY_FILE at the key it was made with', 'take another copy of the backup'],
      error,
    );
  } finally {
    wrapping.fill(0);
  }
}
