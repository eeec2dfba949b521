// Passwords as argon2id hashes (RFC 9106) in PHC strings. A hash takes 19 MiB and some 20 milliseconds of a processor
// by design, so few are computed at once and few may wait: a flood of sign-ins costs bounded memory, and leaves threads
// of libuv's pool (four) to files and names.
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { AppError, assertInvariant } from '#platform/errors';
import { readPasswordText } from './password-text.ts';
import { createTurns } from './turns.ts';

/** The cost of a hash. */
export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. Raise it here: hashes are renewed at sign-in. */
export const HASH_COST: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** What a stored hash may cost at most; beyond it somebody wrote it who may not, and it is not computed. */
const STORED_COST_MAX: HashCost = { memoryKib: 131_072, passes: 8, lanes: 4 };

const CONCURRENT_MAX = 2;
const WAITING_MAX = 64;
const RETRY_AFTER_SECONDS = 2;
const SALT_OCTETS = 16;
const HASH_OCTETS = 32;

/** argon2id of version 1.3 only, numbers without leading zeros, a salt of 16 octets, a hash of 32. */
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

export interface PasswordHasherOptions {
  readonly cost?: HashCost;
  /** Hashes computed at once. */
  readonly concurrentMax?: number;
  /** Calls that may wait for their turn. */
  readonly waitingMax?: number;
}

/**
 * Every method that computes waits for its turn: it throws `unavailable` when too many wait already, and the signal's
 * reason when it is aborted while waiting. All may be repeated.
 */
export interface PasswordHasher {
  /** The PHC string to store. The password has passed `readPasswordText`; another one is a programmer's error. */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /**
   * Whether the password made this hash. False, after the same time, for a text that can be no password and for a
   * stored hash that is not one of ours or costs too much.
   */
  verify(phc: string, password: string, signal?: AbortSignal): Promise<boolean>;
  /** Spends the time of `verify` where there is no account; always false. */
  verifyNobody(password: string, signal?: AbortSignal): Promise<false>;
  /** Whether to hash again at the next sign-in: another cost than today's, or unreadable. Computes nothing. */
  needsRehash(phc: string): boolean;
}

export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const cost = options.cost ?? HASH_COST;
  const turns = createTurns({
    runningMax: options.concurrentMax ?? CONCURRENT_MAX,
    waitingMax: options.waitingMax ?? WAITING_MAX,
  });
  const nobody = hashOfNobody(cost);

  const inTurn = async <Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    const turn = turns.take(signal);
    if (turn === null) {
      throw new AppError('unavailable', {
        internal: 'too many passwords wait to be hashed',
        retryable: true,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    const giveBack = await turn;
    try {
      return await work();
    } finally {
      giveBack();
    }
  };

  const verifyNobody = async (password: string, signal?: AbortSignal): Promise<false> => {
    const read = readPasswordText(password);
    await inTurn(() => verify(nobody, read.state === 'ok' ? read.text : ''), signal);
    return false;
  };

  return {
    async hash(password, signal) {
      const read = readPasswordText(password);
      assertInvariant(read.state === 'ok', 'a password is checked before it is hashed');
      return inTurn(
        () =>
          hash(
            read.text,
            {
              // The package declares a const enum, which types that are stripped file by file cannot name.
              algorithm: 2 satisfies Algorithm.Argon2id,
              memoryCost: cost.memoryKib,
              timeCost: cost.passes,
              parallelism: cost.lanes,
              outputLen: HASH_OCTETS,
            },
            null,
          ),
        signal,
      );
    },
    async verify(phc, password, signal) {
      const read = readPasswordText(password);
      if (read.state !== 'ok' || costOf(phc) === null) return verifyNobody(password, signal);
      return inTurn(() => verify(phc, read.text), signal);
    },
    verifyNobody,
    needsRehash(phc) {
      const stored = costOf(phc);
      return (
        stored === null ||
        stored.memoryKib !== cost.memoryKib ||
        stored.passes !== cost.passes ||
        stored.lanes !== cost.lanes
      );
    },
  };
}

/** The cost of a stored hash, or null: not one of ours, or dearer than anything we would have written. */
function costOf(phc: string): HashCost | null {
  const match = PHC.exec(phc);
  if (match === null) return null;
  const [memoryKib, passes, lanes] = match.slice(1, 4).map(Number) as [number, number, number];
  if (memoryKib > STORED_COST_MAX.memoryKib || memoryKib < 8 * lanes) return null;
  if (passes > STORED_COST_MAX.passes || lanes > STORED_COST_MAX.lanes) return null;
  // Text with bits beyond the last octet is no encoding of ours.
  for (const encoded of [match[4]!, match[5]!]) {
    if (Buffer.from(encoded, 'base64').toString('base64').replace(/=+$/, '') !== encoded) return null;
  }
  return { memoryKib, passes, lanes };
}

/** A hash that no password is known for, of the same cost: fixed octets where the result would be. */
function hashOfNobody(cost: HashCost): string {
  const base64 = (octets: Buffer) => octets.toString('base64').replace(/=+$/, '');
  const salt = base64(Buffer.alloc(SALT_OCTETS, 'nobody'));
  const result = base64(Buffer.alloc(HASH_OCTETS, 'nobody has this password'));
  return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${salt}$${result}`;
}
