// Our requests to the peer: numbered, encoded, awaited, and each ended exactly once.
import { encodeHeader, encodePdu } from './encode.ts';
import { LAYOUTS } from './pdu-layouts.ts';
import { withoutTlvs } from './pdu-shapes.ts';
import type { Pdu } from './pdu-types.ts';
import type { SessionOutput } from './session-output.ts';
import { OpenRequest, OpenRequests, SequenceNumbers } from './session-requests.ts';
import type { RequestOutcome, SessionEvent, SessionLimits, SessionTimers } from './session-types.ts';

export type Settle = (outcome: RequestOutcome) => void;

/** Where the answers of a command belong: submissions and deliveries fill the window, the rest does not. */
const CONTROL_ANSWERS: ReadonlySet<string> = new Set([
  'enquire_link_resp',
  'unbind_resp',
  'bind_receiver_resp',
  'bind_transmitter_resp',
  'bind_transceiver_resp',
]);

export interface OutgoingReports {
  event(event: SessionEvent): void;
  /** A request has ended; its own callback has run. */
  settled(): void;
}

export class OutgoingRequests {
  /** Optional parameters are dropped for peers of version 3.3 (SMPP 3.4 §3.3). */
  sendsTlvs = true;
  /** The window was filled since somebody was last told of room. */
  wasFull = false;
  readonly #windowed = new OpenRequests();
  /** bind, enquire_link and unbind, with their own waits. */
  readonly #control = new OpenRequests();
  readonly #sequences = new SequenceNumbers();
  readonly #output: SessionOutput;
  readonly #limits: SessionLimits;
  readonly #timers: SessionTimers;
  readonly #reports: OutgoingReports;

  constructor(output: SessionOutput, limits: SessionLimits, timers: SessionTimers, reports: OutgoingReports) {
    this.#output = output;
    this.#limits = limits;
    this.#timers = timers;
    this.#reports = reports;
  }

  /** Requests inside the window that wait. */
  get open(): number {
    return this.#windowed.size;
  }

  get windowFree(): number {
    return Math.max(0, this.#limits.windowMax - this.#windowed.size);
  }

  /** Sends inside the window, which the caller has looked at. Throws FieldError, with nothing sent. */
  request(pdu: Pdu, settle: Settle): number {
    const sequence = this.#send(pdu, this.#windowed, this.#limits.responseTimeoutMs, settle);
    if (this.windowFree === 0) this.wasFull = true;
    return sequence;
  }

  /** Sends bind or unbind, outside the window. */
  control(pdu: Pdu, timeoutMs: number, settle: Settle): number {
    return this.#send(pdu, this.#control, timeoutMs, settle);
  }

  /** Sends a PDU that has no response. */
  notify(pdu: Pdu): void {
    pdu.sequence = this.#nextSequence();
    this.write(pdu);
  }

  /** Sends enquire_link ahead of everything, unless something outside the window is awaited already. */
  probe(onSilence: () => void): void {
    if (this.#control.size > 0) return;
    const sequence = this.#nextSequence();
    encodeHeader(this.#output.control, LAYOUTS.enquire_link.id, 0, sequence);
    const deadlineMs = this.#timers.now() + this.#limits.responseTimeoutMs;
    const settle: Settle = ({ kind }) => kind === 'timeout' && onSilence();
    this.#control.add(new OpenRequest('enquire_link', sequence, deadlineMs, 0, settle));
    this.#output.encoded();
  }

  /** A response, or generic_nack, came. One that answers nothing is reported: its message id may matter. */
  answered(pdu: Pdu, messageId: string): void {
    const { command, status } = pdu;
    const request = this.#takeAnswered(pdu);
    if (request === undefined) this.#reports.event({ kind: 'late_response', pdu });
    else if (command === 'generic_nack') this.#settle(request, { kind: 'nack', status });
    else this.#settle(request, { kind: 'response', status, messageId, pdu });
  }

  /** Ends every request whose time is up. */
  expire(nowMs: number): void {
    for (const request of this.#windowed.takeExpired(nowMs)) {
      const { command, sequence } = request;
      this.#reports.event({ kind: 'request_timeout', command, sequence });
      this.#settle(request, { kind: 'timeout' });
    }
    for (const request of this.#control.takeExpired(nowMs)) this.#settle(request, { kind: 'timeout' });
  }

  /** The session is over: ends every request as lost. */
  loseAll(): void {
    for (const request of [...this.#windowed.takeAll(), ...this.#control.takeAll()])
      this.#settle(request, { kind: 'lost', written: this.#output.wasHanded(request.position) });
  }

  /** Encodes a PDU as it is, for this peer's version. */
  write(pdu: Pdu): void {
    encodePdu(this.#output.main, this.sendsTlvs ? pdu : withoutTlvs(pdu));
    this.#output.encoded();
  }

  #send(pdu: Pdu, table: OpenRequests, timeoutMs: number, settle: Settle): number {
    const sequence = this.#nextSequence();
    pdu.sequence = sequence;
    const output = this.#output;
    encodePdu(output.main, this.sendsTlvs ? pdu : withoutTlvs(pdu));
    const deadlineMs = this.#timers.now() + timeoutMs;
    table.add(new OpenRequest(pdu.command, sequence, deadlineMs, output.position, settle));
    output.encoded();
    return sequence;
  }

  #takeAnswered({ command, sequence }: Pdu): OpenRequest | undefined {
    if (command === 'generic_nack') return this.#windowed.take(sequence) ?? this.#control.take(sequence);
    return (CONTROL_ANSWERS.has(command) ? this.#control : this.#windowed).take(sequence);
  }

  #settle(request: OpenRequest, outcome: RequestOutcome): void {
    try {
      request.settle(outcome);
    } catch (error) {
      this.#reports.event({ kind: 'handler_error', error });
    }
    this.#reports.settled();
  }

  #nextSequence(): number {
    return this.#sequences.next((used) => this.#windowed.has(used) || this.#control.has(used));
  }
}
