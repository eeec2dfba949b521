// Signatures of this installation over what it recorded about itself (RFC 8032, Ed25519). A signing key is a data key
// like any other: 32 random bytes of the key store, used as the seed. It is never in the database, so whoever can
// rewrite every table still cannot sign.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A signature and the epoch of the key that made it. */
export interface Signature {
  readonly epoch: number;
  /** 64 octets. */
  readonly bytes: Buffer;
}

/** The public half of a signing key. */
export interface SigningKey {
  readonly epoch: number;
  /** 32 octets. */
  readonly publicKey: Buffer;
}

/** What stands before a seed in PKCS #8 and before a public key in SPKI (RFC 8410 §4, §7). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

const privateKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });

/** The public key of a seed, 32 octets. */
export const publicKeyOf = (seed: Buffer): Buffer =>
  createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length);

/** Signs content; the same seed and content give the same 64 octets. */
export const signWith = (seed: Buffer, content: Buffer): Buffer => sign(null, content, privateKey(seed));

/** Whether the signature was made over this content by the key; false for bytes that are no signature. */
export const isSignedBy = (publicKey: Buffer, content: Buffer, signature: Buffer): boolean =>
  verify(
    null,
    content,
    createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, publicKey]), format: 'der', type: 'spki' }),
    signature,
  );
