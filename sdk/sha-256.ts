// SHA-256 (FIPS 180-4) over one block, synchronously. WebCrypto answers with a promise for each hash, which takes
// longer than the hash; proof of work needs hundreds of thousands a second.

/** FIPS 180-4 §4.2.2 and §5.3.3: fractions of the cube and square roots of the first primes. */
const primes = Array.from({ length: 312 }, (_, at) => at).filter((number) => isPrime(number));
const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32);
const ROUND = Int32Array.from(primes.slice(0, 64), (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const schedule = new Int32Array(64);

/** The starting value of a hash. */
export const initialState = (): Int32Array => START.slice();

/** Takes one block of sixteen words into the state (FIPS 180-4 §6.2.2). */
export function compress(state: Int32Array, block: ArrayLike<number>): void {
  for (let t = 0; t < 16; t++) schedule[t] = block[t]!;
  for (let t = 16; t < 64; t++) {
    const before = schedule[t - 15]!;
    const late = schedule[t - 2]!;
    const small0 = rotate(before, 7) ^ rotate(before, 18) ^ (before >>> 3);
    const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[t] = (schedule[t - 16]! + small0 + schedule[t - 7]! + small1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const one = (h + big1 + ((e & f) ^ (~e & g)) + ROUND[t]! + schedule[t]!) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const two = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const after = [a, b, c, d, e, f, g, h];
  for (let word = 0; word < 8; word++) state[word] = (state[word]! + after[word]!) | 0;
}

/** The hash of octets, as eight words. */
export function sha256(octets: Uint8Array): Int32Array {
  const state = initialState();
  const padded = new Uint8Array((((octets.length + 8) >> 6) + 1) * 64);
  padded.set(octets);
  padded[octets.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(octets.length) * 8n);
  const block = new Int32Array(16);
  for (let start = 0; start < padded.length; start += 64) {
    for (let word = 0; word < 16; word++) block[word] = view.getInt32(start + word * 4);
    compress(state, block);
  }
  return state;
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return number >= 2;
}
