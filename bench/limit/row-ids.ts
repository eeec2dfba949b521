// Ids in time order, as the product's tables are cut and clustered by (UUIDv7, RFC 9562 §5.7).
import { randomFillSync } from 'node:crypto';

const RANDOM_POOL_OCTETS = 65_536;

/** Makes ids that ascend within one millisecond too. */
export class RowIds {
  readonly #pool = Buffer.allocUnsafe(RANDOM_POOL_OCTETS);
  #poolAt = RANDOM_POOL_OCTETS;
  #lastMs = 0;
  #counter = 0;

  next(): Buffer {
    const now = Math.max(Date.now(), this.#lastMs);
    this.#counter = now === this.#lastMs ? this.#counter + 1 : 0;
    this.#lastMs = now;
    // The 12 bits behind the time count; a millisecond that makes more than they hold borrows from the next.
    if (this.#counter > 0xfff) {
      this.#lastMs++;
      this.#counter = 0;
    }
    const id = Buffer.allocUnsafe(16);
    this.#random(id, 8);
    id.writeUIntBE(this.#lastMs, 0, 6);
    id.writeUInt16BE(0x7000 | this.#counter, 6);
    id[8] = (id[8]! & 0x3f) | 0x80;
    return id;
  }

  #random(into: Buffer, from: number): void {
    const count = into.length - from;
    if (this.#poolAt + count > this.#pool.length) {
      randomFillSync(this.#pool);
      this.#poolAt = 0;
    }
    this.#pool.copy(into, from, this.#poolAt, this.#poolAt + count);
    this.#poolAt += count;
  }
}

/** The lowest and the highest of ids made in order, for bounds that prune partitions. */
export const uuidText = (id: Buffer): string =>
  id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
