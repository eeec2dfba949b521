// TCP is a stream: PDUs arrive split and glued. This turns chunks into PDUs, holding at most one unfinished PDU.
import { decodePdu, readU32 } from './decode.ts';
import type { FramingFault, PduFault } from './pdu-fault.ts';
import { HEADER_OCTETS } from './pdu-layouts.ts';
import type { Pdu } from './pdu-types.ts';

/** Room for a message_payload of 65,535 octets and every other field. */
export const PDU_OCTETS_MAX = 70_000;

/** An unfinished PDU starts with this much room and doubles, so that an announced length alone costs nothing. */
const PARTIAL_OCTETS = 1024;

/**
 * Feeds whole PDUs to `onPdu` in order, as they arrive. After a framing fault the stream is lost: `onFramingFault`
 * is called once and everything after it is dropped. Never throws by itself, and never holds more than one
 * `limitOctets`. PDUs inside one chunk are decoded where they lie; only one that straddles chunks is copied.
 */
export class StreamDecoder {
  readonly #limit: number;
  readonly #onPdu: (pdu: Pdu | PduFault) => void;
  readonly #onFramingFault: (fault: FramingFault) => void;
  #partial: Buffer | null = null;
  #held = 0;
  #stopped = false;

  constructor(
    onPdu: (pdu: Pdu | PduFault) => void,
    onFramingFault: (fault: FramingFault) => void,
    limitOctets = PDU_OCTETS_MAX,
  ) {
    this.#onPdu = onPdu;
    this.#onFramingFault = onFramingFault;
    this.#limit = limitOctets;
  }

  /** Octets of the unfinished PDU. */
  get heldOctets(): number {
    return this.#held;
  }

  /** Drops what is held and everything that follows; may be called from inside `onPdu`. */
  stop(): void {
    this.#stopped = true;
    this.#partial = null;
    this.#held = 0;
  }

  /** Takes the next chunk; it must not be changed afterwards, for decoded PDUs are views of it. */
  push(chunk: Buffer): void {
    let at = 0;
    if (this.#held > 0) at = this.#complete(chunk);
    const end = chunk.length;
    while (!this.#stopped && end - at >= 4) {
      const length = readU32(chunk, at);
      if (!this.#fits(length)) return;
      if (end - at < length) break;
      this.#onPdu(decodePdu(chunk, at, at + length));
      at += length;
    }
    if (!this.#stopped && at < end) this.#hold(chunk, at, end);
  }

  /** Fills the unfinished PDU from the chunk; gives how many octets it took. */
  #complete(chunk: Buffer): number {
    let at = 0;
    if (this.#held < 4) {
      at = Math.min(4 - this.#held, chunk.length);
      this.#hold(chunk, 0, at);
      if (this.#held < 4) return at;
    }
    const length = readU32(this.#partial!, 0);
    if (!this.#fits(length)) return chunk.length;
    const taken = Math.min(length - this.#held, chunk.length - at);
    this.#hold(chunk, at, at + taken);
    if (this.#held === length) {
      const whole = this.#partial!;
      this.#partial = null;
      this.#held = 0;
      this.#onPdu(decodePdu(whole, 0, length));
    }
    return at + taken;
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    const held = this.#held + end - start;
    const old = this.#partial;
    if (old === null || old.length < held) {
      this.#partial = Buffer.allocUnsafeSlow(
        Math.min(Math.max(PARTIAL_OCTETS, 2 * held), Math.max(this.#limit, 4)),
      );
      old?.copy(this.#partial, 0, 0, this.#held);
    }
    chunk.copy(this.#partial!, this.#held, start, end);
    this.#held = held;
  }

  #fits(length: number): boolean {
    if (length >= HEADER_OCTETS && length <= this.#limit) return true;
    this.stop();
    this.#onFramingFault({ commandLength: length, limit: this.#limit });
    return false;
  }
}
