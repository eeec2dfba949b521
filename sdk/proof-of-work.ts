// Solving the proof of work that creating an account may ask for: a number n for which SHA-256(SHA-256(challenge) || n
// as 8 octets) begins with as many zero bits as the challenge says. It runs wherever the client does.
import { compress, initialState, sha256 } from './sha-256.ts';

/** Hashes between two breaths, some tens of milliseconds: a page stays responsive and an abort is heard. */
const BATCH = 20_000;
/** The platform asks for no more; a challenge that does is not from it. */
const BITS_MAX = 28;
const CHALLENGE = /^pow1\.[a-z_]+\.(\d{1,2})\.\d+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * The solution of a challenge, to send along with it. Takes 2^bits hashes on average and gives way to other work
 * meanwhile. Throws TypeError on a text that is no challenge, and the signal's reason when aborted.
 */
export async function solveChallenge(
  challenge: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const bits = Number(CHALLENGE.exec(challenge)?.[1] ?? Number.NaN);
  if (!(bits <= BITS_MAX)) throw new TypeError('This is no challenge of the platform');
  // One block: the hash of the challenge, the number, the padding, and a length of 320 bits.
  const block = new Int32Array(16);
  block.set(sha256(new TextEncoder().encode(challenge)));
  block[10] = 0x8000_0000;
  block[15] = 320;
  const start = initialState();
  const state = initialState();
  for (let number = 0; ; ) {
    options.signal?.throwIfAborted();
    for (const end = number + BATCH; number < end; number++) {
      block[8] = Math.floor(number / 2 ** 32);
      block[9] = number | 0;
      state.set(start);
      compress(state, block);
      // Up to 28 bits are asked for, all of them in the first word.
      if (Math.clz32(state[0]!) >= bits) return String(number);
    }
    await new Promise<void>((resume) => setTimeout(resume, 0));
  }
}
