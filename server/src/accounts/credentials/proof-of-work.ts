// Proof of work against the mass creation of accounts: a challenge that costs the caller seconds and us microseconds.
// Nothing is stored when one is given out; it carries its purpose, difficulty and end under a keyed hash of ours.
//
//   challenge   pow1.<purpose>.<bits>.<end, seconds since 1970>.<id>.<keyed hash>
//   solution    a whole number n, in decimal, for which SHA-256(SHA-256(challenge) || n as 8 octets, most significant
//               first) begins with that many zero bits
//
// The solver for callers is `solveChallenge` of the SDK.
import { createHash, randomBytes } from 'node:crypto';

/** What challenges are given out for. One solved for one purpose is no good for another. */
export const WORK_PURPOSES = ['device_account', 'sign_up', 'recovery'] as const;
export type WorkPurpose = (typeof WORK_PURPOSES)[number];

/** About 270 million hashes: minutes of a telephone. Nobody is asked for more. */
export const WORK_BITS_MAX = 28;
const ID_OCTETS = 16;
/** The version, the longest purpose, numbers, 16 octets and a keyed hash of 33. */
const CHALLENGE_LENGTH_MAX = 160;

/** Keyed hashes under the keyring, bound to a column name of their own. */
export interface WorkKey {
  mac(text: string): Buffer;
  /** In constant time, under every epoch in use. */
  macMatches(text: string, mac: Buffer): boolean;
}

/** A challenge of this many bits (0 to 28) that ends then. Random; stores nothing. */
export function makeChallenge(key: WorkKey, purpose: WorkPurpose, bits: number, expiresAt: Date): string {
  if (!Number.isInteger(bits) || bits < 0 || bits > WORK_BITS_MAX)
    throw new RangeError(`${bits} bits of work`);
  const end = Math.floor(expiresAt.getTime() / 1_000);
  const content = `pow1.${purpose}.${bits}.${end}.${randomBytes(ID_OCTETS).toString('base64url')}`;
  return `${content}.${key.mac(content).toString('base64url')}`;
}

export type WorkOutcome =
  /** The id is to be remembered until the end, on condition that it is not yet: that makes it single use. */
  | { readonly state: 'solved'; readonly id: string; readonly expiresAt: Date }
  /** `forged` is everything we did not give out for this purpose; `unsolved` is a wrong number. */
  | { readonly state: 'forged' | 'expired' | 'unsolved' };

const CHALLENGE =
  /^(pow1\.([a-z_]{1,32})\.(\d{1,2})\.(\d{1,11})\.([A-Za-z0-9_-]{22}))\.([A-Za-z0-9_-]{16,64})$/;
/** Up to 2^53 - 1, one spelling each, so that a solution cannot be told in two ways. */
const SOLUTION = /^(0|[1-9]\d{0,15})$/;

/** Checks a solution: one keyed hash and two hashes. Never throws for any text. */
export function checkWork(
  key: WorkKey,
  purpose: WorkPurpose,
  challenge: string,
  solution: string,
  now: Date,
): WorkOutcome {
  const match = challenge.length <= CHALLENGE_LENGTH_MAX ? CHALLENGE.exec(challenge) : null;
  if (match === null || match[2] !== purpose) return { state: 'forged' };
  const [content, id, mac] = [match[1]!, match[5]!, match[6]!];
  if (!key.macMatches(content, Buffer.from(mac, 'base64url'))) return { state: 'forged' };
  // Base64 has several spellings of the last octet; one challenge must have one.
  if (Buffer.from(mac, 'base64url').toString('base64url') !== mac) return { state: 'forged' };
  const expiresAt = new Date(Number(match[4]) * 1_000);
  if (now >= expiresAt) return { state: 'expired' };
  if (!SOLUTION.test(solution) || !Number.isSafeInteger(Number(solution))) return { state: 'unsolved' };
  if (zeroBits(workHash(challenge, Number(solution))) < Number(match[3])) return { state: 'unsolved' };
  return { state: 'solved', id, expiresAt };
}

function workHash(challenge: string, solution: number): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(solution));
  const seed = createHash('sha256').update(challenge).digest();
  return createHash('sha256').update(seed).update(number).digest();
}

/** Zero bits before the first one that is set. */
function zeroBits(hash: Buffer): number {
  const first = hash.findIndex((octet) => octet !== 0);
  return first === -1 ? hash.length * 8 : first * 8 + Math.clz32(hash[first]!) - 24;
}
