// The unbind handshake (SMPP 3.4 §4.2), begun by either side: no new requests, outstanding answers of both sides, then
// unbind or unbind_resp, then FIN.
//
//   none --unbind()--> draining, ours --nothing outstanding, or late--> sent (unbind) --any answer--> finished
//   none, draining ours --peer's unbind--> draining, peer's --nothing outstanding, or late--> finished (unbind_resp)
//   sent --peer's unbind--> sent, answered at once: both sides unbind at the same time

export interface UnbindSteps {
  /** Requests of both sides without an answer. */
  outstanding(): number;
  sendUnbind(): void;
  sendUnbindResponse(sequence: number): void;
  /** The peer's unbind was answered: close with FIN. */
  finishedByPeer(): void;
}

export class UnbindHandshake {
  readonly #steps: UnbindSteps;
  #by: 'us' | 'peer' | null = null;
  #peerSequence = 0;
  #sent = false;

  constructor(steps: UnbindSteps) {
    this.#steps = steps;
  }

  get begun(): boolean {
    return this.#by !== null;
  }

  /** Begins from our side; false when it had begun before. */
  begin(): boolean {
    if (this.#by !== null) return false;
    this.#by = 'us';
    return true;
  }

  /** The peer sent unbind; true when the drain begins with it. */
  peerBegins(sequence: number): boolean {
    if (this.#by === 'peer' || this.#sent) {
      this.#steps.sendUnbindResponse(sequence);
      return false;
    }
    this.#by = 'peer';
    this.#peerSequence = sequence;
    return true;
  }

  /** Takes the next step when nothing is outstanding any more, or when `late` says that its time is up. */
  proceed(late = false): void {
    if (this.#by === null || this.#sent || (!late && this.#steps.outstanding() > 0)) return;
    this.#sent = true;
    if (this.#by === 'us') {
      this.#steps.sendUnbind();
    } else {
      this.#steps.sendUnbindResponse(this.#peerSequence);
      this.#steps.finishedByPeer();
    }
  }
}
