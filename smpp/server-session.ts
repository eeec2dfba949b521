// The SMSC side of a session: authenticates a bind, takes submissions, delivers messages and receipts. Used by the
// simulator and by an SMPP server for customers.
import type { Duplex } from 'node:stream';
import { VERSION_3_3, VERSION_3_4 } from './client-session.ts';
import { STATUS } from './command-status.ts';
import { LAYOUTS, RESPONSE_BIT } from './pdu-layouts.ts';
import { MessageIdPdu, makePdu } from './pdu-shapes.ts';
import type { DataSm, DeliverSm, Pdu, PduOf, SubmitSm } from './pdu-types.ts';
import type {
  BindRequest,
  RareRequest,
  RareResponse,
  ServerOptions,
  SubmitAnswer,
} from './server-options.ts';
import { Link } from './session-link.ts';
import { type BindMode, MAY_SEND, type SessionState } from './session-state.ts';
import {
  type CloseReason,
  DEFAULT_LIMITS,
  type RequestOutcome,
  reportEvent,
  systemTimers,
} from './session-types.ts';
import { makeTlvs, NO_TLVS } from './tlvs.ts';

/** What a known request is answered with where the server does not offer it. */
const NOT_OFFERED = {
  data_sm: STATUS.RSUBMITFAIL,
  submit_multi: STATUS.RSUBMITFAIL,
  query_sm: STATUS.RQUERYFAIL,
  cancel_sm: STATUS.RCANCELFAIL,
  replace_sm: STATUS.RREPLACEFAIL,
} as const;

/** Takes over a socket that a client has opened: reads it, writes it, and closes it in the end. */
export function serveSession(socket: Duplex, options: ServerOptions): ServerSession {
  return new ServerSession(socket, options);
}

export class ServerSession {
  readonly #link: Link;
  readonly #options: ServerOptions;
  readonly #version: number;
  #binding = false;
  #bind: BindRequest | null = null;
  #closed: CloseReason | null = null;
  #onClosed: (() => void)[] = [];

  constructor(socket: Duplex, options: ServerOptions) {
    this.#options = options;
    this.#version = options.version ?? VERSION_3_4;
    this.#link = new Link(socket, { ...DEFAULT_LIMITS, ...options.limits }, options.timers ?? systemTimers, {
      side: 'smsc',
      onRequest: (pdu) => this.#request(pdu),
      onWindow: () => options.onWindow?.(),
      onClosed: (reason) => this.#ended(reason),
      onEvent: (event) => reportEvent(this.#options.onEvent, event),
    });
  }

  get state(): SessionState {
    return this.#link.state;
  }

  /** Who is bound; null before. */
  get bound(): BindRequest | null {
    return this.#bind;
  }

  /** How many deliveries may be sent now; 0 on a session that takes none. */
  get windowFree(): number {
    return MAY_SEND.smsc[this.#link.state].has('deliver_sm') ? this.#link.windowFree : 0;
  }

  /** Deliveries without an answer. */
  get openRequests(): number {
    return this.#link.openRequests;
  }

  /** The client's requests not answered yet. */
  get openSubmits(): number {
    return this.#link.inboundOpen;
  }

  get closeReason(): CloseReason | null {
    return this.#closed;
  }

  /** Sends a message or receipt; the same promises as `ClientSession.submit`. */
  deliver(pdu: DeliverSm | DataSm, settle: (outcome: RequestOutcome) => void): number {
    if (!MAY_SEND.smsc[this.#link.state].has(pdu.command)) return 0;
    return this.#link.request(pdu, settle);
  }

  /** Tells that a handset became reachable (SMPP 3.4 §4.12.1); false where the state forbids it. */
  alert(pdu: PduOf<'alert_notification'>): boolean {
    const allowed = MAY_SEND.smsc[this.#link.state].has('alert_notification');
    if (allowed) this.#link.notify(pdu);
    return allowed;
  }

  /** Asks the client of this connection, which we opened, to bind as a receiver (SMPP 3.4 §2.2.1). */
  outbind(systemId: string, password: string): void {
    this.#link.notify(makePdu('outbind', { systemId, password }));
  }

  /** Leaves in order: outstanding answers, unbind, FIN. Resolves when the socket is closed. */
  unbind(): Promise<void> {
    if (this.#link.state === 'open') this.#link.finish({ kind: 'closed_by_us', detail: 'never bound' });
    else this.#link.unbind();
    return this.closed();
  }

  /** Resolves when the session has ended, whatever ended it. */
  closed(): Promise<void> {
    return this.#closed === null ? new Promise((resolve) => this.#onClosed.push(resolve)) : Promise.resolve();
  }

  /** Ends the session at once: open deliveries end as lost. */
  close(detail: string): void {
    this.#link.destroy({ kind: 'closed_by_us', detail });
  }

  /** Ends the session without unbind: what is encoded is written, then FIN; open requests end as lost. */
  end(detail: string): void {
    this.#link.finish({ kind: 'closed_by_us', detail });
  }

  #request(pdu: Pdu): void {
    switch (pdu.command) {
      case 'bind_transmitter':
        this.#bindRequest(pdu, 'transmitter');
        break;
      case 'bind_receiver':
        this.#bindRequest(pdu, 'receiver');
        break;
      case 'bind_transceiver':
        this.#bindRequest(pdu, 'transceiver');
        break;
      case 'submit_sm':
        this.#submit(pdu, this.#options.onSubmit);
        break;
      case 'data_sm':
        if (this.#version <= VERSION_3_3) this.#nack(pdu);
        else this.#submit(pdu, this.#options.onData);
        break;
      case 'submit_multi':
      case 'query_sm':
      case 'cancel_sm':
      case 'replace_sm':
        this.#rare(pdu);
        break;
    }
  }

  #bindRequest(pdu: PduOf<'bind_transmitter' | 'bind_receiver' | 'bind_transceiver'>, mode: BindMode): void {
    const refuse = (status: number) => this.#answerBind(pdu, status);
    if (this.#binding) {
      refuse(STATUS.RALYBND);
      return;
    }
    if (mode === 'transceiver' && this.#version <= VERSION_3_3) {
      // To an SMSC of 3.3 this command does not exist; the session stays open for another bind.
      this.#nack(pdu);
      return;
    }
    this.#binding = true;
    if (mode === 'transceiver' && pdu.interfaceVersion <= VERSION_3_3) {
      refuse(STATUS.RBINDFAIL);
      this.#link.finish({ kind: 'bind_refused', status: STATUS.RBINDFAIL });
      return;
    }
    const { systemId, password, systemType, interfaceVersion, addressTon, addressNpi, addressRange } = pdu;
    const request: BindRequest = {
      mode,
      systemId,
      password,
      systemType,
      interfaceVersion,
      addressTon,
      addressNpi,
      addressRange,
    };
    const decided = (status: number) => this.#decided(pdu, request, status);
    const failed = (error: unknown) => {
      this.#link.guard(error);
      decided(STATUS.RSYSERR);
    };
    try {
      const verdict = this.#options.onBind(request);
      // A decision at once admits what the client pipelined behind its bind.
      if (typeof verdict === 'number') decided(verdict);
      else verdict.then(decided, failed);
    } catch (error) {
      failed(error);
    }
  }

  #decided(
    pdu: PduOf<'bind_transmitter' | 'bind_receiver' | 'bind_transceiver'>,
    request: BindRequest,
    verdict: number,
  ): void {
    // The client may have left, or begun to, while its password was being checked.
    const status = verdict === STATUS.ROK && this.#link.state !== 'open' ? STATUS.RBINDFAIL : verdict;
    this.#link.sendsTlvs = Math.min(request.interfaceVersion, this.#version) > VERSION_3_3;
    if (!this.#answerBind(pdu, status)) return;
    if (status !== STATUS.ROK) {
      this.#link.finish({ kind: 'bind_refused', status });
      return;
    }
    this.#bind = request;
    this.#link.bound(request.mode);
    this.#guarded(() => this.#options.onBound?.(request));
  }

  #answerBind(
    pdu: PduOf<'bind_transmitter' | 'bind_receiver' | 'bind_transceiver'>,
    status: number,
  ): boolean {
    const tlvs = status === STATUS.ROK ? makeTlvs({ scInterfaceVersion: this.#version }) : NO_TLVS;
    const { systemId } = this.#options;
    const { command, sequence } = pdu;
    return this.#link.answer(makePdu(`${command}_resp`, { status, sequence, systemId, tlvs }) as Pdu);
  }

  #nack(pdu: Pdu): void {
    this.#link.answer(makePdu('generic_nack', { status: STATUS.RINVCMDID, sequence: pdu.sequence }));
  }

  #submit<P extends SubmitSm | DataSm>(
    pdu: P,
    handler: ((pdu: P, answer: SubmitAnswer) => void) | undefined,
  ): void {
    const link = this.#link;
    const command = pdu.command === 'submit_sm' ? 'submit_sm_resp' : 'data_sm_resp';
    const { sequence } = pdu;
    let open = true;
    const answer: SubmitAnswer = (status, messageId = '', tlvs = NO_TLVS) => {
      if (!open) return false;
      const sent = link.answer(new MessageIdPdu(command, status, sequence, messageId, tlvs));
      open = false;
      return sent;
    };
    if (handler === undefined) {
      answer(NOT_OFFERED.data_sm);
      return;
    }
    try {
      handler(pdu, answer);
    } catch (error) {
      answer(STATUS.RSYSERR);
      link.guard(error);
    }
  }

  #rare(pdu: RareRequest): void {
    const link = this.#link;
    const responseId = LAYOUTS[pdu.command].id + RESPONSE_BIT;
    let open = true;
    const respond = (response: RareResponse): boolean => {
      if (!open) return false;
      if (LAYOUTS[response.command].id !== responseId)
        throw new TypeError(`${response.command} does not answer ${pdu.command}`);
      response.sequence = pdu.sequence;
      const sent = link.answer(response);
      open = false;
      return sent;
    };
    const refuse = (status: number) => respond(makePdu(`${pdu.command}_resp`, { status }) as RareResponse);
    if (this.#options.onRare === undefined) {
      refuse(NOT_OFFERED[pdu.command]);
      return;
    }
    try {
      this.#options.onRare(pdu, respond);
    } catch (error) {
      refuse(STATUS.RSYSERR);
      link.guard(error);
    }
  }

  #ended(reason: CloseReason): void {
    this.#closed = reason;
    this.#guarded(() => this.#options.onClose?.(reason));
    for (const resolve of this.#onClosed.splice(0)) resolve();
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#link.guard(error);
    }
  }
}
