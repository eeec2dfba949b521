// The part of a session that both sides share: one socket, its decoder and output, our open requests, the peer's open
// requests, the timers, and the ways a session ends. `client-session.ts` and `server-session.ts` are its two faces.
import type { Duplex } from 'node:stream';
import { STATUS } from './command-status.ts';
import { encodeHeader, encodePdu } from './encode.ts';
import type { FramingFault, PduFault } from './pdu-fault.ts';
import { LAYOUTS } from './pdu-layouts.ts';
import { withoutTlvs } from './pdu-shapes.ts';
import type { Pdu, PduOf } from './pdu-types.ts';
import { SessionOutput } from './session-output.ts';
import { OpenRequest, OpenRequests, SequenceNumbers } from './session-requests.ts';
import { type BindMode, BOUND_STATE, refusalOf, type SessionState, type Side } from './session-state.ts';
import type {
  CloseReason,
  RequestOutcome,
  SessionEvent,
  SessionLimits,
  SessionTimers,
} from './session-types.ts';
import { StreamDecoder } from './stream-decoder.ts';

/** Timers are looked at this many times within the shortest of them. */
const TICKS_PER_TIMER = 4;
const TICK_MS_MAX = 1_000;
const TICK_MS_MIN = 10;

/** What a face gives to its link. Handlers may throw: the link reports it and stays whole. */
export interface LinkFace {
  readonly side: Side;
  /** A request that the state admits and the window has room for. It must be answered by `Link.answer`. */
  onRequest(pdu: Pdu): void;
  /** Room in the window, or in the socket, after there was none; at most once per turn. */
  onWindow(): void;
  onClosed(reason: CloseReason): void;
  onEvent(event: SessionEvent): void;
}

type Settle = (outcome: RequestOutcome) => void;

export class Link {
  readonly limits: SessionLimits;
  readonly timers: SessionTimers;
  readonly output: SessionOutput;
  /** Optional parameters are dropped for peers of version 3.3 (SMPP 3.4 §3.3). */
  sendsTlvs = true;
  readonly #socket: Duplex;
  readonly #face: LinkFace;
  readonly #peer: Side;
  readonly #decoder: StreamDecoder;
  readonly #windowed = new OpenRequests();
  /** bind, enquire_link and unbind: outside the window, with their own waits. */
  readonly #control = new OpenRequests();
  readonly #sequences = new SequenceNumbers();
  readonly #stopTicks: () => void;
  #state: SessionState = 'open';
  #reason: CloseReason | null = null;
  #inboundOpen = 0;
  #windowWasFull = false;
  #lastReceivedMs: number;
  #lastRequestMs: number;
  readonly #openedMs: number;
  /** Set while an unbind drains, or a FIN waits for the peer's. */
  #drainDeadlineMs = Number.POSITIVE_INFINITY;
  #unbinding: { readonly by: 'us' } | { readonly by: 'peer'; readonly sequence: number } | null = null;
  #unbindSent = false;

  constructor(socket: Duplex, limits: SessionLimits, timers: SessionTimers, face: LinkFace) {
    this.#socket = socket;
    this.limits = limits;
    this.timers = timers;
    this.#face = face;
    this.#peer = face.side === 'esme' ? 'smsc' : 'esme';
    this.output = new SessionOutput(socket);
    this.#openedMs = this.#lastReceivedMs = this.#lastRequestMs = timers.now();
    this.#decoder = new StreamDecoder(
      (pdu) => this.#received(pdu),
      (fault) => this.#lostFraming(fault),
      limits.pduOctetsMax,
    );
    // Batches are made here, so Nagle's algorithm would only hold them back.
    if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('drain', () => {
      if (this.output.drained()) this.#room();
    });
    socket.on('end', () => this.#reasoned({ kind: 'peer_closed' }));
    socket.on('error', (error) => this.#reasoned({ kind: 'socket_error', error }));
    socket.on('close', () => this.#closed());
    this.#stopTicks = timers.every(tickMs(limits), () => this.#tick());
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Whether an unbind has begun, by either side. */
  get draining(): boolean {
    return this.#unbinding !== null;
  }

  /** How many more requests may be sent now; 0 while the socket's buffer is full. */
  get windowFree(): number {
    if (this.#unbinding !== null || this.#reason !== null || this.output.congested) return 0;
    return Math.max(0, this.limits.windowMax - this.#windowed.size);
  }

  get openRequests(): number {
    return this.#windowed.size;
  }

  get inboundOpen(): number {
    return this.#inboundOpen;
  }

  /** The bind succeeded. */
  bound(mode: BindMode): void {
    this.#setState(BOUND_STATE[mode]);
  }

  /**
   * Sends a request inside the window; `settle` is called exactly once. Gives its sequence number, or 0 when there
   * is no room: then nothing was sent and `settle` is never called. Throws FieldError for values that do not fit.
   */
  request(pdu: Pdu, settle: Settle): number {
    if (this.windowFree === 0) return 0;
    this.#lastRequestMs = this.timers.now();
    const sequence = this.#send(pdu, this.#windowed, this.limits.responseTimeoutMs, settle);
    if (this.#windowed.size >= this.limits.windowMax) this.#windowWasFull = true;
    return sequence;
  }

  /** Sends bind or unbind, outside the window. */
  controlRequest(pdu: Pdu, timeoutMs: number, settle: Settle): number {
    return this.#send(pdu, this.#control, timeoutMs, settle);
  }

  /** Sends a PDU that has no response (outbind, alert_notification). */
  notify(pdu: Pdu): void {
    pdu.sequence = this.#nextSequence();
    encodePdu(this.output.main, this.sendsTlvs ? pdu : withoutTlvs(pdu));
    this.output.encoded();
  }

  /** Answers a request that `onRequest` was given; false when the session has ended and the peer will not hear. */
  answer(response: Pdu): boolean {
    if (this.#state === 'closed' || !this.#socket.writable) return false;
    this.#write(response);
    this.#inboundOpen--;
    if (this.#unbinding !== null) this.#proceedUnbind();
    return true;
  }

  /** Writes a response outside the count of open requests (bind responses). */
  respond(response: Pdu): void {
    if (this.#state !== 'closed') this.#write(response);
  }

  /** Begins the unbind handshake: no new requests, outstanding answers both ways, unbind, its answer, FIN. */
  unbind(): void {
    if (this.#unbinding !== null || this.#state === 'closed') return;
    this.#unbinding = { by: 'us' };
    this.#drainDeadlineMs = this.timers.now() + this.limits.drainMs;
    this.#proceedUnbind();
  }

  /** Ends the session now: what is encoded is written, then FIN; open requests end as lost. */
  finish(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#reasoned(reason);
    this.#decoder.stop();
    this.#setState('unbound');
    this.#drainDeadlineMs = this.timers.now() + this.limits.drainMs;
    this.output.end();
  }

  /** Ends the session without ceremony; what the socket holds may be lost. */
  destroy(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#reasoned(reason);
    this.#decoder.stop();
    this.#socket.destroy();
    this.#closed();
  }

  /** Reports a fault of a handler. */
  guard(error: unknown): void {
    this.#face.onEvent({ kind: 'handler_error', error });
  }

  #data(chunk: Buffer): void {
    this.#lastReceivedMs = this.timers.now();
    this.#decoder.push(chunk);
    if (this.#windowWasFull) this.#room();
  }

  #received(pdu: Pdu | PduFault): void {
    switch (pdu.command) {
      case 'submit_sm_resp':
      case 'deliver_sm_resp':
      case 'data_sm_resp':
      case 'submit_multi_resp':
        this.#settled(this.#windowed.take(pdu.sequence), pdu, pdu.messageId);
        break;
      case 'query_sm_resp':
      case 'cancel_sm_resp':
      case 'replace_sm_resp':
        this.#settled(this.#windowed.take(pdu.sequence), pdu, '');
        break;
      case 'enquire_link_resp':
      case 'unbind_resp':
      case 'bind_receiver_resp':
      case 'bind_transmitter_resp':
      case 'bind_transceiver_resp':
        this.#settled(this.#control.take(pdu.sequence), pdu, '');
        break;
      case 'generic_nack':
        this.#nacked(pdu);
        break;
      case 'enquire_link':
        // Ahead of every queued message, whatever the state, the window or a throttle say (SMPP 3.4 §4.11).
        encodeHeader(this.output.control, LAYOUTS.enquire_link_resp.id, STATUS.ROK, pdu.sequence);
        this.output.encoded();
        break;
      case 'unbind':
        this.#peerUnbinds(pdu.sequence);
        break;
      case 'fault':
        this.#faulty(pdu);
        break;
      default:
        this.#admitted(pdu);
    }
  }

  #admitted(pdu: Pdu): void {
    this.#lastRequestMs = this.#lastReceivedMs;
    let status = refusalOf(this.#peer, this.#state, pdu.command);
    if (status === STATUS.ROK && this.#inboundOpen >= this.limits.inboundWindowMax)
      status = STATUS.RTHROTTLED;
    if (status !== STATUS.ROK) {
      this.#face.onEvent({ kind: 'refused', command: pdu.command, status });
      this.#refuse(LAYOUTS[pdu.command].id + 0x80000000, status, pdu.sequence);
      return;
    }
    if (pdu.command !== 'alert_notification' && pdu.command !== 'outbind') this.#inboundOpen++;
    this.#face.onRequest(pdu);
  }

  #settled(request: OpenRequest | undefined, pdu: Pdu, messageId: string): void {
    if (request === undefined) {
      this.#face.onEvent({ kind: 'late_response', pdu });
      return;
    }
    this.#settle(request, { kind: 'response', status: pdu.status, messageId, pdu });
  }

  #nacked(pdu: PduOf<'generic_nack'>): void {
    const request = this.#windowed.take(pdu.sequence) ?? this.#control.take(pdu.sequence);
    if (request === undefined) this.#face.onEvent({ kind: 'late_response', pdu });
    else this.#settle(request, { kind: 'nack', status: pdu.status });
  }

  #settle(request: OpenRequest, outcome: RequestOutcome): void {
    try {
      request.settle(outcome);
    } catch (error) {
      this.guard(error);
    }
    if (this.#unbinding !== null) this.#proceedUnbind();
  }

  /** An unreadable request gets the error response of its own command; an unreadable response is only counted. */
  #faulty(fault: PduFault): void {
    this.#face.onEvent({ kind: 'pdu_fault', fault });
    if (!fault.isResponse) this.#refuse(fault.answerId, fault.answer, fault.sequence);
  }

  #refuse(commandId: number, status: number, sequence: number): void {
    encodeHeader(this.output.main, commandId, status, sequence);
    this.output.encoded();
  }

  #lostFraming(fault: FramingFault): void {
    this.#face.onEvent({ kind: 'framing_fault', fault });
    encodeHeader(this.output.main, LAYOUTS.generic_nack.id, STATUS.RINVCMDLEN, 0);
    this.finish({ kind: 'framing', fault });
  }

  #peerUnbinds(sequence: number): void {
    if (this.#unbinding !== null && (this.#unbindSent || this.#unbinding.by === 'peer')) {
      // Both sides unbind at once: each answers the other.
      this.#write({ command: 'unbind_resp', status: 0, sequence } as PduOf<'unbind_resp'>);
      return;
    }
    this.#setState('unbound');
    this.#unbinding = { by: 'peer', sequence };
    this.#drainDeadlineMs = this.timers.now() + this.limits.drainMs;
    this.#proceedUnbind();
  }

  /** Takes the handshake one step on when nothing is outstanding any more, or its time is up. */
  #proceedUnbind(late = false): void {
    const unbinding = this.#unbinding;
    if (unbinding === null || this.#unbindSent || this.#state === 'closed') return;
    if (!late && (this.#windowed.size > 0 || this.#inboundOpen > 0)) return;
    this.#unbindSent = true;
    if (unbinding.by === 'peer') {
      this.#write({
        command: 'unbind_resp',
        status: 0,
        sequence: unbinding.sequence,
      } as PduOf<'unbind_resp'>);
      this.finish({ kind: 'unbound', by: 'peer' });
      return;
    }
    this.#drainDeadlineMs = Number.POSITIVE_INFINITY;
    const unbind = { command: 'unbind', status: 0, sequence: 0 } as PduOf<'unbind'>;
    // A peer that refuses or ignores the unbind is left all the same.
    this.controlRequest(unbind, this.limits.responseTimeoutMs, () => {
      if (this.#reason === null) this.finish({ kind: 'unbound', by: 'us' });
    });
    this.#setState('unbound');
  }

  #send(pdu: Pdu, table: OpenRequests, timeoutMs: number, settle: Settle): number {
    const sequence = this.#nextSequence();
    pdu.sequence = sequence;
    const { output } = this;
    encodePdu(output.main, this.sendsTlvs ? pdu : withoutTlvs(pdu));
    const deadlineMs = this.timers.now() + timeoutMs;
    table.add(new OpenRequest(pdu.command, sequence, deadlineMs, output.position, settle));
    output.encoded();
    return sequence;
  }

  #nextSequence(): number {
    return this.#sequences.next((used) => this.#windowed.has(used) || this.#control.has(used));
  }

  #write(response: Pdu): void {
    encodePdu(this.output.main, this.sendsTlvs ? response : withoutTlvs(response));
    this.output.encoded();
  }

  #enquire(nowMs: number): void {
    const sequence = this.#nextSequence();
    encodeHeader(this.output.control, LAYOUTS.enquire_link.id, 0, sequence);
    const deadlineMs = nowMs + this.limits.responseTimeoutMs;
    this.#control.add(
      new OpenRequest('enquire_link', sequence, deadlineMs, 0, (outcome) => {
        if (outcome.kind !== 'timeout') return;
        this.#face.onEvent({ kind: 'enquire_link_timeout' });
        this.destroy({ kind: 'enquire_link_timeout' });
      }),
    );
    this.output.encoded();
  }

  #tick(): void {
    const now = this.timers.now();
    for (const request of this.#windowed.takeExpired(now)) {
      this.#face.onEvent({ kind: 'request_timeout', command: request.command, sequence: request.sequence });
      this.#settle(request, { kind: 'timeout' });
    }
    for (const request of this.#control.takeExpired(now)) this.#settle(request, { kind: 'timeout' });
    if (this.#state === 'closed') return;
    if (now >= this.#drainDeadlineMs) {
      if (this.#reason !== null) this.destroy(this.#reason);
      else this.#proceedUnbind(true);
      return;
    }
    const { sessionInitMs, enquireLinkMs, inactivityMs } = this.limits;
    if (this.#state === 'open') {
      if (this.#peer === 'esme' && now - this.#openedMs >= sessionInitMs)
        this.destroy({ kind: 'bind_timeout' });
      return;
    }
    if (this.#reason !== null) return;
    if (enquireLinkMs > 0 && now - this.#lastReceivedMs >= enquireLinkMs && this.#control.size === 0)
      this.#enquire(now);
    if (inactivityMs > 0 && now - this.#lastRequestMs >= inactivityMs && this.#windowed.size === 0)
      this.unbind();
    if (this.#windowWasFull) this.#room();
  }

  #room(): void {
    if (this.#unbinding !== null || this.#state === 'closed' || this.output.congested) return;
    if (this.#windowed.size >= this.limits.windowMax) return;
    this.#windowWasFull = false;
    try {
      this.#face.onWindow();
    } catch (error) {
      this.guard(error);
    }
  }

  #setState(state: SessionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#face.onEvent({ kind: 'state', state });
  }

  /** The first reason is the one that counts. */
  #reasoned(reason: CloseReason): void {
    this.#reason ??= reason;
  }

  #closed(): void {
    if (this.#state === 'closed') return;
    this.#decoder.stop();
    this.#stopTicks();
    this.#setState('closed');
    const { output } = this;
    for (const request of [...this.#windowed.takeAll(), ...this.#control.takeAll()]) {
      this.#settle(request, { kind: 'lost', written: output.wasHanded(request.position) });
    }
    this.#face.onClosed(this.#reason ?? { kind: 'peer_closed' });
  }
}

function tickMs(limits: SessionLimits): number {
  const { responseTimeoutMs, enquireLinkMs, sessionInitMs, inactivityMs, drainMs } = limits;
  const shortest = Math.min(
    ...[responseTimeoutMs, enquireLinkMs, sessionInitMs, inactivityMs, drainMs].filter((ms) => ms > 0),
  );
  return Math.min(TICK_MS_MAX, Math.max(TICK_MS_MIN, Math.floor(shortest / TICKS_PER_TIMER)));
}
