// Prices and routes in memory, found by the longest prefix of the destination. Pure: loaded as a whole, read on
// every message, replaced as a whole when their version in the database grows.
import type { ConnectorTraits } from '#carriers';
import type { MessageClass } from './classes.ts';

export interface Price {
  readonly id: string;
  /** Leading digits without a plus; empty for everywhere. */
  readonly prefix: string;
  /** Null: for every class that has no price of its own at this prefix. */
  readonly class: MessageClass | null;
  readonly currency: string;
  readonly perPartMicros: bigint;
  readonly costPerPartMicros: bigint | null;
}

export interface Route {
  readonly id: string;
  readonly prefix: string;
  readonly class: MessageClass | null;
  readonly connectorId: string;
  /** Lower is tried first. */
  readonly rank: number;
  /** Share among routes of the same rank. */
  readonly weight: number;
  readonly sender: string | null;
}

interface Prefixed {
  readonly prefix: string;
  readonly class: MessageClass | null;
}

const PREFIX_DIGITS_MAX = 15;

/** Rows by prefix and class; a class's own rows at a prefix hide the rows for every class there. */
class PrefixTable<Row extends Prefixed> {
  readonly #byKey = new Map<string, Row[]>();
  readonly #longest: number;

  constructor(rows: readonly Row[]) {
    let longest = 0;
    for (const row of rows) {
      const key = `${row.class ?? '*'}:${row.prefix}`;
      const at = this.#byKey.get(key);
      if (at) at.push(row);
      else this.#byKey.set(key, [row]);
      longest = Math.max(longest, row.prefix.length);
    }
    this.#longest = Math.min(longest, PREFIX_DIGITS_MAX);
  }

  /** The rows of the longest prefix that `accept` takes any of, most specific first. */
  find(digits: string, messageClass: MessageClass, accept: (row: Row) => boolean): readonly Row[] {
    for (let length = Math.min(digits.length, this.#longest); length >= 0; length--) {
      const prefix = digits.slice(0, length);
      for (const key of [`${messageClass}:${prefix}`, `*:${prefix}`]) {
        const rows = this.#byKey.get(key)?.filter(accept);
        if (rows && rows.length > 0) return rows;
      }
    }
    return [];
  }
}

export class Tariff {
  readonly version: bigint;
  readonly #prices: PrefixTable<Price>;
  readonly #routes: PrefixTable<Route>;

  readonly #traits: ReadonlyMap<string, ConnectorTraits>;

  constructor(
    version: bigint,
    prices: readonly Price[],
    routes: readonly Route[],
    traits: ReadonlyMap<string, ConnectorTraits> = new Map(),
  ) {
    this.version = version;
    this.#traits = traits;
    this.#prices = new PrefixTable(prices);
    this.#routes = new PrefixTable(routes);
  }

  /** What messages through this connector are cut by; undefined for one that was just made: then GSM and 8 bits. */
  traits(connectorId: string): ConnectorTraits | undefined {
    return this.#traits.get(connectorId);
  }

  /** What a part to this number costs, or undefined where no price is set: then nothing may be sent there. */
  price(to: string, messageClass: MessageClass, currency: string): Price | undefined {
    return this.#prices.find(to.slice(1), messageClass, (row) => row.currency === currency)[0];
  }

  /**
   * The route for this number: longest prefix, then class, then the lowest rank; within a rank by weight.
   * `tried` are connectors that refused it for good; `draw` is in [0, 1). Undefined when none is left.
   */
  route(
    to: string,
    messageClass: MessageClass,
    draw: number,
    tried: readonly string[] = [],
  ): Route | undefined {
    const open = this.#routes.find(to.slice(1), messageClass, (row) => !tried.includes(row.connectorId));
    if (open.length <= 1) return open[0];
    const rank = Math.min(...open.map((row) => row.rank));
    const equal = open.filter((row) => row.rank === rank);
    let point = draw * equal.reduce((sum, row) => sum + row.weight, 0);
    for (const row of equal) {
      point -= row.weight;
      if (point < 0) return row;
    }
    return equal.at(-1);
  }
}
