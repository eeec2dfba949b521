// Look-up indexes over values that are sealed: an equality test and nothing more. A telephone number is one of
// about 10^11, so an unkeyed or salted hash of it is the number itself to anybody with a graphics card; all the
// safety is in the secrecy of the key, which is why every function here demands one.
//
//   blind index   epoch 1 | HMAC-SHA-256 cut to 16
//   keyed hash    epoch 1 | HMAC-SHA-256, 32
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { BlindIndex, KeyedHash } from '../map/domains.ts';
import type { ColumnName } from './sealing.ts';

const INDEX_BYTES = 16;
const HASH_BYTES = 32;

/** The key of one column's index: HKDF-SHA-256 of the index key, so equal values in two columns do not match. */
export function deriveIndexKey(key: Buffer, column: ColumnName): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `sotto/index/v1|${column}`, 32));
}

function hmac(columnKey: Buffer, value: string | Buffer): Buffer {
  if (columnKey.length !== 32) throw new TypeError('An index needs a key of 32 bytes');
  return createHmac('sha256', columnKey).update(value).digest();
}

/** The index of a value. The caller normalises first (numbers as E.164): equal means equal byte for byte. */
export function blindIndex(columnKey: Buffer, epoch: number, value: string | Buffer): BlindIndex {
  const index = Buffer.allocUnsafe(1 + INDEX_BYTES);
  index[0] = epoch;
  hmac(columnKey, value).copy(index, 1, 0, INDEX_BYTES);
  return index as BlindIndex;
}

/** The keyed hash of a secret that is only ever compared, such as an API key. */
export function keyedHash(columnKey: Buffer, epoch: number, value: string | Buffer): KeyedHash {
  const hash = Buffer.allocUnsafe(1 + HASH_BYTES);
  hash[0] = epoch;
  hmac(columnKey, value).copy(hash, 1);
  return hash as KeyedHash;
}

/** Compares in constant time. */
export const sameHash = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
