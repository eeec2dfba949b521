// Makes what a committing scheme must refuse: a ciphertext whose GCM tag is right under two keys. GHASH is
// linear over GF(2^128), so one free block solves the equation "both tags are equal" (NIST SP 800-38D §6.3).
import { createCipheriv } from 'node:crypto';

const R = 0xe1n << 120n;
const ONE = 1n << 127n;
const big = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
const bytesOf = (value: bigint) => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');

/** SP 800-38D §6.3, multiplication of blocks: bit 0 is the leftmost. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let v = y;
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((x >> bit) & 1n) product ^= v;
    v = v & 1n ? (v >> 1n) ^ R : v >> 1n;
  }
  return product;
}

/** x^(2^128 - 2), which is the inverse of x. */
function inverse(x: bigint): bigint {
  let result = ONE;
  let square = x;
  for (let bit = 1; bit < 128; bit += 1) {
    square = multiply(square, square);
    result = multiply(result, square);
  }
  return result;
}

function encryptBlock(key: Buffer, block: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return cipher.update(block);
}

/** Two blocks of ciphertext and one tag, valid without additional data under both keys. */
export function collidingCiphertext(
  key1: Buffer,
  key2: Buffer,
  nonce: Buffer,
): { ciphertext: Buffer; tag: Buffer } {
  const fixed = 0x536f74746fn;
  const lengths = 256n;
  const j0 = Buffer.concat([nonce, Buffer.from([0, 0, 0, 1])]);
  const parts = [key1, key2].map((key) => {
    const h = big(encryptBlock(key, Buffer.alloc(16)));
    const h2 = multiply(h, h);
    const h3 = multiply(h2, h);
    // tag = E(J0) + C1 h^3 + C2 h^2 + L h, with C2 free.
    return { h2, known: big(encryptBlock(key, j0)) ^ multiply(fixed, h3) ^ multiply(lengths, h) };
  });
  const [a, b] = parts as [(typeof parts)[0], (typeof parts)[0]];
  const free = multiply(a.known ^ b.known, inverse(a.h2 ^ b.h2));
  return {
    ciphertext: Buffer.concat([bytesOf(fixed), bytesOf(free)]),
    tag: bytesOf(a.known ^ multiply(free, a.h2)),
  };
}
