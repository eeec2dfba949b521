// Chance that can be repeated: the same seed throws the same dice, so that a run that failed can be run again.
// Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for choosing places and times.

export class Dice {
  #state: number;

  /** `seed` is a whole number from 0 below 2^32. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  throw(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.throw() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.throw() < probability;
  }

  pick<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[Math.floor(this.throw() * values.length)] as Value;
  }

  /** A new list in drawn order. */
  shuffled<Value>(values: readonly Value[]): Value[] {
    const list = [...values];
    for (let at = list.length - 1; at > 0; at--) {
      const other = this.whole(0, at);
      [list[at], list[other]] = [list[other] as Value, list[at] as Value];
    }
    return list;
  }

  /** Dice of their own for one part of a run: what they throw does not depend on what others drew before. */
  branch(name: string): Dice {
    let seed = this.#state;
    for (const character of name) seed = Math.imul(seed ^ character.charCodeAt(0), 0x01000193) >>> 0;
    return new Dice(seed);
  }
}
