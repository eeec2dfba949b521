// A growing buffer into which PDUs are encoded one after another, so that a batch leaves in one socket write.

/** Slabs are handed over whole to the socket and never written again, so nothing is copied at the flush. */
const SLAB_OCTETS = 64 * 1024;

/**
 * Encoders reserve their worst case, write behind `end`, and move `end` only when the PDU is whole; a failed encoding
 * therefore leaves no trace.
 */
export class PduWriter {
  buffer: Buffer;
  /** Where the next PDU begins. */
  end = 0;
  #start = 0;

  constructor(slabOctets = SLAB_OCTETS) {
    this.buffer = Buffer.allocUnsafeSlow(slabOctets);
  }

  /** Octets encoded and not taken yet. */
  get pending(): number {
    return this.end - this.#start;
  }

  /** Makes room for `octets` more behind `end`; `buffer` and `end` may change. */
  reserve(octets: number): void {
    if (this.end + octets <= this.buffer.length) return;
    const pending = this.end - this.#start;
    // Doubling keeps the copying of a long batch linear.
    const next = Buffer.allocUnsafeSlow(Math.max(SLAB_OCTETS, 2 * pending + octets));
    this.buffer.copy(next, 0, this.#start, this.end);
    this.buffer = next;
    this.#start = 0;
    this.end = pending;
  }

  /** The octets encoded since the last call, as a view that nobody will write to again. */
  take(): Buffer {
    const taken = this.buffer.subarray(this.#start, this.end);
    this.#start = this.end;
    return taken;
  }
}
