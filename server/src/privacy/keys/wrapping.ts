// How one key lies under another: AES-256-GCM with a random nonce, bound to the name of what is wrapped.
//
//   wrapper 8 | nonce 12 | wrapped key 32 | tag 16          68 bytes
//
// `wrapper` says which key opens it: the number of an epoch for a data key, the fingerprint of a master key
// for an epoch key. Eight zero bytes mean an empty slot.
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { KeyStoreFault } from './key-store.ts';
import { NONCE_BYTES, writeNonce } from './nonce-pool.ts';

export const KEY_BYTES = 32;
export const WRAPPER_BYTES = 8;
const TEXT_AT = WRAPPER_BYTES + NONCE_BYTES;
const TAG_AT = TEXT_AT + KEY_BYTES;
export const WRAPPED_BYTES = TAG_AT + 16;

const additionalData = (name: string, wrapper: Buffer) =>
  Buffer.concat([Buffer.from(`sotto/wrap/v1|${name}|`), wrapper]);

/** Wraps a 32-byte key under another. `name` is the key's id or the epoch's name. */
export function wrapKey(wrapping: Buffer, wrapper: Buffer, name: string, key: Buffer): Buffer {
  const wrapped = Buffer.alloc(WRAPPED_BYTES);
  wrapper.copy(wrapped);
  writeNonce(wrapped, WRAPPER_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrapping, wrapped.subarray(WRAPPER_BYTES, TEXT_AT));
  cipher.setAAD(additionalData(name, wrapper));
  cipher.update(key).copy(wrapped, TEXT_AT);
  cipher.final();
  cipher.getAuthTag().copy(wrapped, TAG_AT);
  return wrapped;
}

/** Unwraps, or throws `KeyStoreFault` when the bytes were altered, renamed or wrapped by another key. */
export function unwrapKey(wrapping: Buffer, name: string, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', wrapping, wrapped.subarray(WRAPPER_BYTES, TEXT_AT));
  decipher.setAAD(additionalData(name, wrapped.subarray(0, WRAPPER_BYTES)));
  decipher.setAuthTag(wrapped.subarray(TAG_AT, WRAPPED_BYTES));
  const key = decipher.update(wrapped.subarray(TEXT_AT, TAG_AT));
  try {
    decipher.final();
  } catch (cause) {
    key.fill(0);
    throw new KeyStoreFault(`The wrapped key ${name} is damaged or was wrapped by another key`, { cause });
  }
  return key;
}

/** The wrapper field of a data key: its epoch's number. */
export function epochWrapper(epoch: number): Buffer {
  const bytes = Buffer.alloc(WRAPPER_BYTES);
  bytes.writeBigUInt64BE(BigInt(epoch));
  return bytes;
}

/** The wrapper field of an epoch key: eight bytes that tell master keys apart and say nothing about them. */
export const masterWrapper = (master: Buffer): Buffer =>
  createHmac('sha256', master).update('sotto/master/v1').digest().subarray(0, WRAPPER_BYTES);

/** The epoch number in a wrapper field; 0 for an empty slot. */
export const epochOf = (wrapped: Buffer): number => Number(wrapped.readBigUInt64BE(0));
