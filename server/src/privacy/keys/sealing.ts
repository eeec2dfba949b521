// The format of a sealed value, and nothing else: no store, no cache, no clock.
//
//   version 1 | commitment 16 | nonce 12 | ciphertext n | tag 16        45 bytes more than the plaintext
//   version 0                                                            written under a destroyed key
//
// AES-256-GCM under a sub-key of the data key, one a column. The additional data binds the value to its table,
// column, row, owner and key, so that a value moved anywhere else does not open. GCM alone lets somebody who
// knows two keys make one ciphertext that opens under both; the commitment, which comes from the same HKDF
// output as the sub-key, shuts that out before anything is decrypted.
import { createCipheriv, createDecipheriv, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Sealed } from '../map/domains.ts';
import type { KeyId } from './key-ref.ts';
import { NONCE_BYTES, writeNonce } from './nonce-pool.ts';

const VERSION = 1;
const SHREDDED_VERSION = 0;
const COMMITMENT_BYTES = 16;
const TAG_BYTES = 16;
const NONCE_AT = 1 + COMMITMENT_BYTES;
const TEXT_AT = NONCE_AT + NONCE_BYTES;

/** What sealing adds to a value, in bytes. */
export const SEAL_OVERHEAD_BYTES = TEXT_AT + TAG_BYTES;

/** A key may seal this often: beyond 2^32 random 96-bit nonces a repetition gets likely (SP 800-38D §8.3). */
export const SEALS_PER_KEY_MAX = 2 ** 32;

/** `schema.table.column`, as in the data map. */
export type ColumnName = `${string}.${string}.${string}`;

/** Where a sealed value belongs. It opens nowhere else. */
export interface Place {
  readonly column: ColumnName;
  /** The row's primary key as the database prints it. */
  readonly rowId: string;
  /** The workspace or subject the row belongs to, as the database prints it. */
  readonly ownerId: string;
  readonly keyId: KeyId;
  /** Where one day's key serves many leases: the lease whose sub-key seals the value. */
  readonly leaseId?: string;
}

/** A sealed value did not open: it was altered, moved, or sealed under another key. Never says which. */
export class SealBroken extends Error {
  constructor(column: string) {
    super(`A sealed value of ${column} does not open: altered, moved or sealed elsewhere`);
    this.name = 'SealBroken';
  }
}

/** The sub-key of one column (and, where given, one lease) under a data key. */
export interface SubKey {
  readonly key: Buffer;
  readonly commitment: Buffer;
}

const COLUMN = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/**
 * Derives the sub-key and commitment of a column by HKDF-SHA-256 (RFC 5869): one output of 48 bytes, 32 of key
 * and 16 of commitment. `leaseId` separates the leases of one day from each other.
 */
export function deriveSubKey(dataKey: Buffer, column: ColumnName, leaseId = ''): SubKey {
  if (!COLUMN.test(column)) throw new TypeError(`Not a column name: ${column}`);
  const info = `sotto/seal/v1|${column}|${leaseId}`;
  const output = Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), info, 32 + COMMITMENT_BYTES));
  return { key: output.subarray(0, 32), commitment: output.subarray(32) };
}

/** Every part carries its length, so that no two places share one encoding whatever their parts contain. */
const additionalData = (place: Place): Buffer =>
  Buffer.from(
    `sotto/seal/v1|${place.column}|${place.rowId.length}|${place.rowId}|${place.ownerId.length}|${place.ownerId}|${place.keyId}`,
  );

/** Seals a value for one place. Two seals of the same value differ. */
export function sealValue(subKey: SubKey, place: Place, plaintext: Buffer | string): Sealed {
  const text = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
  const sealed = Buffer.allocUnsafe(text.length + SEAL_OVERHEAD_BYTES);
  sealed[0] = VERSION;
  subKey.commitment.copy(sealed, 1);
  writeNonce(sealed, NONCE_AT);
  const cipher = createCipheriv('aes-256-gcm', subKey.key, sealed.subarray(NONCE_AT, TEXT_AT));
  cipher.setAAD(additionalData(place));
  cipher.update(text).copy(sealed, TEXT_AT);
  cipher.final();
  cipher.getAuthTag().copy(sealed, TEXT_AT + text.length);
  return sealed as Sealed;
}

/** Opens a value in its place. Throws `SealBroken` when a single bit or any part of the place differs. */
export function openValue(subKey: SubKey, place: Place, sealed: Buffer): Buffer {
  if (sealed.length < SEAL_OVERHEAD_BYTES || sealed[0] !== VERSION) throw new SealBroken(place.column);
  if (!timingSafeEqual(sealed.subarray(1, NONCE_AT), subKey.commitment)) throw new SealBroken(place.column);
  const tagAt = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', subKey.key, sealed.subarray(NONCE_AT, TEXT_AT), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(additionalData(place));
  decipher.setAuthTag(sealed.subarray(tagAt));
  const plaintext = decipher.update(sealed.subarray(TEXT_AT, tagAt));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    throw new SealBroken(place.column);
  }
  return plaintext;
}

/** What is written when the key of a place is already destroyed: one byte that holds nothing and reads as shredded. */
export const shreddedValue = (): Sealed => Buffer.from([SHREDDED_VERSION]) as Sealed;

/** Whether a stored value was written after its key had been destroyed. */
export const isShreddedValue = (sealed: Buffer): boolean =>
  sealed.length === 1 && sealed[0] === SHREDDED_VERSION;
