// The writing half of a session: everything encoded in one turn of the event loop leaves in one socket write, and
// enquire_link never waits behind messages.
import type { Duplex } from 'node:stream';
import { PduWriter } from './pdu-writer.ts';

/** A batch that has grown this large is written without waiting for the end of the turn. */
const BATCH_OCTETS = 64 * 1024;
/** With this much unread by the peer we stop reading from it: whoever does not take answers gets no more work done. */
const BACKLOG_OCTETS_MAX = 1024 * 1024;
const CONTROL_SLAB_OCTETS = 1024;

/**
 * Two lanes: `main` in order of encoding, `control` (enquire_link and its answer) ahead of whatever of `main` the
 * socket has not been given. While the socket asks for a pause, `main` is held here, where it is known to be unsent.
 */
export class SessionOutput {
  readonly main = new PduWriter();
  readonly control = new PduWriter(CONTROL_SLAB_OCTETS);
  readonly #socket: Duplex;
  #scheduled = false;
  #congested = false;
  #handed = 0;
  #ended = false;
  #pausedReading = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** The socket's buffer is full: nothing of `main` is written until it drains. */
  get congested(): boolean {
    return this.#congested;
  }

  /** How many octets of `main` were encoded since the beginning: the position behind the last PDU. */
  get position(): number {
    return this.#handed + this.main.pending;
  }

  /** Whether everything up to `position` was handed to the socket. */
  wasHanded(position: number): boolean {
    return position <= this.#handed;
  }

  /** Call after encoding into a lane: writes at the end of this turn, or at once when the batch is large. */
  encoded(): void {
    if (this.main.pending >= BATCH_OCTETS) this.flush();
    if (this.main.pending + this.#socket.writableLength > BACKLOG_OCTETS_MAX && !this.#pausedReading) {
      this.#pausedReading = true;
      this.#socket.pause();
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#onImmediate);
  }

  /** Writes what the socket may take now. */
  flush(): void {
    const socket = this.#socket;
    if (this.#ended || !socket.writable) return;
    const both = this.control.pending > 0 && this.main.pending > 0 && !this.#congested;
    if (both) socket.cork();
    if (this.control.pending > 0) socket.write(this.control.take());
    if (this.main.pending > 0 && !this.#congested) {
      this.#handed += this.main.pending;
      this.#congested = !socket.write(this.main.take());
    }
    if (both) socket.uncork();
  }

  /** The socket drained: writes what waited. True when there is room again. */
  drained(): boolean {
    this.#congested = false;
    this.flush();
    if (this.#pausedReading && !this.#congested) {
      this.#pausedReading = false;
      this.#socket.resume();
    }
    return !this.#congested;
  }

  /** Writes everything, whatever the socket's buffer holds, and sends FIN behind it. */
  end(): void {
    if (this.#ended) return;
    this.#congested = false;
    this.flush();
    this.#ended = true;
    this.#socket.end();
    // The peer's FIN must be seen even where reading was paused.
    if (this.#pausedReading) this.#socket.resume();
  }

  readonly #onImmediate = (): void => {
    this.#scheduled = false;
    this.flush();
  };
}
