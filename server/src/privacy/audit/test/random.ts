// Dice for tests that tamper at random: the seed is printed when a test fails, and repeats the run.
import { randomInt } from 'node:crypto';

export interface Random {
  readonly seed: number;
  of<T>(choices: readonly T[]): T;
  /** A place of the chain, from 1. */
  place(): number;
  /** Two different places. */
  twoPlaces(): [number, number];
}

/** Places run from 1 to `placesMax`. */
export function createPrng(placesMax: number, seed = randomInt(2 ** 31)): Random {
  let state = seed;
  /** Mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const place = () => 1 + Math.floor(next() * placesMax);
  return {
    seed,
    of: (choices) => choices[Math.floor(next() * choices.length)]!,
    place,
    twoPlaces() {
      const first = place();
      return [first, 1 + ((first - 1 + 1 + Math.floor(next() * (placesMax - 1))) % placesMax)];
    },
  };
}
