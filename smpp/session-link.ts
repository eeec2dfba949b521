// The part of a session that both sides share: one socket, its decoder and output, our open requests, the peer's open
// requests, the timers, and the ways a session ends. `client-session.ts` and `server-session.ts` are its two faces.
import type { Duplex } from 'node:stream';
import { STATUS } from './command-status.ts';
import { encodeHeader } from './encode.ts';
import type { LinkFace } from './link-face.ts';
import type { FramingFault, PduFault } from './pdu-fault.ts';
import { LAYOUTS } from './pdu-layouts.ts';
import { makePdu } from './pdu-shapes.ts';
import type { Pdu } from './pdu-types.ts';
import { SessionClock, tickMs } from './session-clock.ts';
import { OutgoingRequests, type Settle } from './session-outgoing.ts';
import { SessionOutput } from './session-output.ts';
import { type BindMode, BOUND_STATE, refusalOf, type SessionState, type Side } from './session-state.ts';
import type { CloseReason, SessionLimits, SessionTimers } from './session-types.ts';
import { UnbindHandshake } from './session-unbind.ts';
import { StreamDecoder } from './stream-decoder.ts';

export class Link {
  readonly limits: SessionLimits;
  readonly timers: SessionTimers;
  readonly #output: SessionOutput;
  /** Our requests; unbound from the state, which the methods of this class look at. */
  readonly #outgoing: OutgoingRequests;
  readonly #socket: Duplex;
  readonly #face: LinkFace;
  readonly #peer: Side;
  readonly #decoder: StreamDecoder;
  readonly #clock: SessionClock;
  readonly #unbinding: UnbindHandshake;
  readonly #stopTicks: () => void;
  #state: SessionState = 'open';
  #reason: CloseReason | null = null;
  #inboundOpen = 0;

  constructor(socket: Duplex, limits: SessionLimits, timers: SessionTimers, face: LinkFace) {
    this.#socket = socket;
    this.limits = limits;
    this.timers = timers;
    this.#face = face;
    this.#peer = face.side === 'esme' ? 'smsc' : 'esme';
    this.#output = new SessionOutput(socket);
    this.#outgoing = new OutgoingRequests(this.#output, limits, timers, {
      event: (event) => face.onEvent(event),
      settled: () => this.#unbinding.proceed(),
    });
    this.#clock = new SessionClock(limits, face.side, timers.now());
    this.#unbinding = new UnbindHandshake({
      outstanding: () => this.#outgoing.open + this.#inboundOpen,
      sendUnbind: () => this.#sendUnbind(),
      sendUnbindResponse: (sequence) => this.#refuse(LAYOUTS.unbind_resp.id, STATUS.ROK, sequence),
      finishedByPeer: () => this.finish({ kind: 'unbound', by: 'peer' }),
    });
    this.#decoder = new StreamDecoder(
      (pdu) => this.#received(pdu),
      (fault) => this.#lostFraming(fault),
      limits.pduOctetsMax,
    );
    // Batches are made here, so Nagle's algorithm would only hold them back.
    if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('drain', () => {
      if (this.#output.drained()) this.#room();
    });
    // Sockets that allow half-open connections would otherwise stay so for ever.
    socket.on('end', () => this.finish({ kind: 'peer_closed' }));
    socket.on('error', (error) => this.#reasoned({ kind: 'socket_error', error }));
    socket.on('close', () => this.#closed());
    this.#stopTicks = timers.every(tickMs(limits), () => this.#tick());
  }

  get state(): SessionState {
    return this.#state;
  }

  /** How many more requests may be sent now; 0 while the socket's buffer is full. */
  get windowFree(): number {
    if (this.#unbinding.begun || this.#reason !== null || this.#output.congested) return 0;
    return this.#outgoing.windowFree;
  }

  /** Whether the peer is sent optional parameters (SMPP 3.4 §3.3: not before version 3.4). */
  set sendsTlvs(sends: boolean) {
    this.#outgoing.sendsTlvs = sends;
  }

  get openRequests(): number {
    return this.#outgoing.open;
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
    this.#clock.requested(this.timers.now());
    return this.#outgoing.request(pdu, settle);
  }

  /** Sends bind or unbind, outside the window. */
  controlRequest(pdu: Pdu, timeoutMs: number, settle: Settle): number {
    return this.#outgoing.control(pdu, timeoutMs, settle);
  }

  /** Sends a PDU that has no response (outbind, alert_notification). */
  notify(pdu: Pdu): void {
    this.#outgoing.notify(pdu);
  }

  /** Answers a request that `onRequest` was given; false when the session has ended and the peer will not hear. */
  answer(response: Pdu): boolean {
    if (this.#state === 'closed' || !this.#socket.writable) return false;
    this.#outgoing.write(response);
    this.#inboundOpen--;
    this.#unbinding.proceed();
    return true;
  }

  /** Begins the unbind handshake: no new requests, outstanding answers both ways, unbind, its answer, FIN. */
  unbind(): void {
    if (this.#state === 'closed' || !this.#unbinding.begin()) return;
    this.#clock.drain(this.timers.now());
    this.#unbinding.proceed();
  }

  /** Ends the session now: what is encoded is written, then FIN; open requests end as lost. */
  finish(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#reasoned(reason);
    this.#decoder.stop();
    this.#setState('unbound');
    this.#clock.drain(this.timers.now());
    this.#output.end();
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
    this.#clock.received(this.timers.now());
    this.#decoder.push(chunk);
    if (this.#outgoing.wasFull) this.#room();
  }

  #received(pdu: Pdu | PduFault): void {
    switch (pdu.command) {
      case 'submit_sm_resp':
      case 'deliver_sm_resp':
      case 'data_sm_resp':
      case 'submit_multi_resp':
        this.#outgoing.answered(pdu, pdu.messageId);
        break;
      case 'query_sm_resp':
      case 'cancel_sm_resp':
      case 'replace_sm_resp':
      case 'enquire_link_resp':
      case 'unbind_resp':
      case 'bind_receiver_resp':
      case 'bind_transmitter_resp':
      case 'bind_transceiver_resp':
      case 'generic_nack':
        this.#outgoing.answered(pdu, '');
        break;
      case 'enquire_link':
        // Ahead of every queued message, whatever the state, the window or a throttle say (SMPP 3.4 §4.11).
        encodeHeader(this.#output.control, LAYOUTS.enquire_link_resp.id, STATUS.ROK, pdu.sequence);
        this.#output.encoded();
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
    this.#clock.requested(this.timers.now());
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

  /** An unreadable request gets the error response of its own command; an unreadable response is only counted. */
  #faulty(fault: PduFault): void {
    this.#face.onEvent({ kind: 'pdu_fault', fault });
    if (!fault.isResponse) this.#refuse(fault.answerId, fault.answer, fault.sequence);
  }

  #refuse(commandId: number, status: number, sequence: number): void {
    encodeHeader(this.#output.main, commandId, status, sequence);
    this.#output.encoded();
  }

  #lostFraming(fault: FramingFault): void {
    this.#face.onEvent({ kind: 'framing_fault', fault });
    encodeHeader(this.#output.main, LAYOUTS.generic_nack.id, STATUS.RINVCMDLEN, 0);
    this.finish({ kind: 'framing', fault });
  }

  #peerUnbinds(sequence: number): void {
    if (!this.#unbinding.peerBegins(sequence)) return;
    this.#setState('unbound');
    this.#clock.drain(this.timers.now());
    this.#unbinding.proceed();
  }

  #sendUnbind(): void {
    this.#clock.stopDrain();
    // A peer that refuses or ignores the unbind is left all the same.
    this.controlRequest(makePdu('unbind'), this.limits.responseTimeoutMs, () => {
      if (this.#reason === null) this.finish({ kind: 'unbound', by: 'us' });
    });
    this.#setState('unbound');
  }

  #tick(): void {
    const now = this.timers.now();
    this.#outgoing.expire(now);
    if (this.#state === 'closed') return;
    switch (this.#clock.due(now, this.#state, this.#outgoing.open === 0)) {
      case 'drained':
        if (this.#reason !== null) this.destroy(this.#reason);
        else this.#unbinding.proceed(true);
        break;
      case 'bind_timeout':
        this.destroy({ kind: 'bind_timeout' });
        break;
      case 'idle':
        this.unbind();
        break;
      case 'probe':
        // A session that is being closed is not probed.
        if (this.#reason === null) this.#outgoing.probe(() => this.#silent());
        break;
      case 'nothing':
        break;
    }
    if (this.#outgoing.wasFull) this.#room();
  }

  #silent(): void {
    this.#face.onEvent({ kind: 'enquire_link_timeout' });
    this.destroy({ kind: 'enquire_link_timeout' });
  }

  #room(): void {
    if (this.#unbinding.begun || this.#state === 'closed' || this.#output.congested) return;
    if (this.#outgoing.windowFree === 0) return;
    this.#outgoing.wasFull = false;
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
    this.#outgoing.loseAll();
    this.#face.onClosed(this.#reason ?? { kind: 'peer_closed' });
  }
}
