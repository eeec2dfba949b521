// Ids for accepted messages: decimal numbers, different in every run, in whichever spelling the carrier plays.
import { randomInt } from 'node:crypto';
import type { IdSpelling } from './behaviour.ts';

/** The counter's digits; a run that accepts more moves into the digits above, which the next run is past too. */
const COUNTER_DIGITS = 9;
const PADDED_DIGITS = 25;

export class MessageIds {
  readonly #prefix: string;
  #count = 0;

  /** Seconds since 1970 and three drawn digits begin every id of this run, so restarts do not repeat ids. */
  constructor(epochMs: number, salt = randomInt(1_000)) {
    this.#prefix = `${Math.floor(epochMs / 1000)}${String(salt).padStart(3, '0')}`;
  }

  /** The next id, decimal; at most 22 digits. */
  next(): string {
    return this.#prefix + String(++this.#count).padStart(COUNTER_DIGITS, '0');
  }
}

/** A decimal id as the carrier spells it. */
export function spellId(decimal: string, spelling: IdSpelling): string {
  switch (spelling) {
    case 'decimal':
      return decimal;
    case 'padded':
      return decimal.padStart(PADDED_DIGITS, '0');
    case 'hex':
      return BigInt(decimal).toString(16);
    case 'upper_hex':
      return BigInt(decimal).toString(16).toUpperCase();
  }
}
