// The ESME side of a session: binds to an SMSC, submits messages, takes deliveries. The socket is passed in, so TCP
// and TLS, connecting and reconnecting are the caller's.
import type { Duplex } from 'node:stream';
import { STATUS } from './command-status.ts';
import { MessageIdPdu, makePdu } from './pdu-shapes.ts';
import type { DataSm, DeliverSm, Pdu, PduOf } from './pdu-types.ts';
import { Link } from './session-link.ts';
import type { BindMode, SessionState } from './session-state.ts';
import { MAY_SEND } from './session-state.ts';
import {
  type CloseReason,
  DEFAULT_LIMITS,
  type RequestOutcome,
  reportEvent,
  type SessionEvent,
  type SessionLimits,
  type SessionTimers,
  systemTimers,
} from './session-types.ts';
import { NO_TLVS } from './tlvs.ts';

/** Versions up to this know no optional parameters and no transceivers (SMPP 3.4 §5.2.4). */
export const VERSION_3_3 = 0x33;
export const VERSION_3_4 = 0x34;

export interface BindOptions {
  readonly mode: BindMode;
  readonly systemId: string;
  /** At most 8 characters (SMPP 3.4 §5.2.2). */
  readonly password: string;
  readonly systemType?: string;
  /** Default 0x34; with 0x33 the session sends no optional parameters. */
  readonly interfaceVersion?: number;
  readonly addressTon?: number;
  readonly addressNpi?: number;
  readonly addressRange?: string;
}

export type BindResult =
  | {
      readonly kind: 'bound';
      readonly systemId: string;
      /** sc_interface_version; undefined where the SMSC does not say, as many do. */
      readonly version: number | undefined;
    }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'lost' };

/**
 * Answers one delivery with a command_status: 0 when it is safely stored, 0x64 when it should come again. May be
 * called at any later time and in any order, once; false when it was answered before or the session has ended (the
 * SMSC will then deliver again).
 */
export type Answer = (status: number) => boolean;

export interface ClientHandlers {
  /** A message, or a receipt, from the SMSC. Without a handler deliveries are answered 0x64 and so come again. */
  onDeliver?: (pdu: DeliverSm | DataSm, answer: Answer) => void;
  /** A handset became reachable (SMPP 3.4 §4.12.1). */
  onAlert?: (pdu: PduOf<'alert_notification'>) => void;
  /** There is room for requests again; called at most once per turn, and now and then without need. */
  onWindow?: () => void;
  /** The session has ended; every open request has had its outcome. Called once. */
  onClose?: (reason: CloseReason) => void;
  onEvent?: (event: SessionEvent) => void;
}

export interface ClientOptions extends ClientHandlers {
  readonly limits?: Partial<SessionLimits>;
  readonly timers?: SessionTimers;
}

/** Requests an ESME may send inside its window. */
export type ClientRequest = PduOf<
  'submit_sm' | 'data_sm' | 'submit_multi' | 'query_sm' | 'cancel_sm' | 'replace_sm'
>;

/** Takes over the socket: reads it, writes it, and closes it in the end. */
export function connectSession(socket: Duplex, options: ClientOptions = {}): ClientSession {
  return new ClientSession(socket, options);
}

export class ClientSession {
  /** Handlers may be replaced at any time; an SMSC may deliver right behind its bind response, so set them before. */
  onDeliver: ClientHandlers['onDeliver'];
  onAlert: ClientHandlers['onAlert'];
  onWindow: ClientHandlers['onWindow'];
  onClose: ClientHandlers['onClose'];
  onEvent: ClientHandlers['onEvent'];
  readonly #link: Link;
  #closed: CloseReason | null = null;
  #onClosed: (() => void)[] = [];

  constructor(socket: Duplex, options: ClientOptions) {
    this.onDeliver = options.onDeliver;
    this.onAlert = options.onAlert;
    this.onWindow = options.onWindow;
    this.onClose = options.onClose;
    this.onEvent = options.onEvent;
    this.#link = new Link(socket, { ...DEFAULT_LIMITS, ...options.limits }, options.timers ?? systemTimers, {
      side: 'esme',
      onRequest: (pdu) => this.#request(pdu),
      onWindow: () => this.onWindow?.(),
      onClosed: (reason) => this.#ended(reason),
      onEvent: (event) => reportEvent(this.onEvent, event),
    });
  }

  get state(): SessionState {
    return this.#link.state;
  }

  /** How many requests may be sent now: 0 when unbound, draining, full, or while the socket's buffer is full. */
  get windowFree(): number {
    return MAY_SEND.esme[this.#link.state].has('submit_sm') ? this.#link.windowFree : 0;
  }

  /** Our requests without an answer. */
  get openRequests(): number {
    return this.#link.openRequests;
  }

  /** Deliveries not answered yet. */
  get openDeliveries(): number {
    return this.#link.inboundOpen;
  }

  /** Why the session ended; null while it lives. */
  get closeReason(): CloseReason | null {
    return this.#closed;
  }

  /**
   * Binds. Never rejects; after any result but `bound` the session closes itself. Throws FieldError for values that
   * do not fit, and Error when the session is bound or was asked before.
   */
  bind(options: BindOptions): Promise<BindResult> {
    if (this.#link.state !== 'open') throw new Error(`a session binds once; this one is ${this.#link.state}`);
    const version = options.interfaceVersion ?? VERSION_3_4;
    const pdu = makePdu(`bind_${options.mode}`, {
      systemId: options.systemId,
      password: options.password,
      systemType: options.systemType ?? '',
      interfaceVersion: version,
      addressTon: options.addressTon ?? 0,
      addressNpi: options.addressNpi ?? 0,
      addressRange: options.addressRange ?? '',
    });
    this.#link.sendsTlvs = version > VERSION_3_3;
    return new Promise((resolve) => {
      this.#link.controlRequest(pdu as Pdu, this.#link.limits.sessionInitMs, (outcome) =>
        resolve(this.#bindOutcome(options.mode, outcome)),
      );
    });
  }

  /**
   * Sends a request; `settle` is called exactly once, and never before this returns. Gives the sequence number, or 0
   * when there is no room (`windowFree`): then nothing was sent and `settle` is never called. Throws FieldError,
   * with nothing sent, for values that do not fit their fields.
   */
  submit(pdu: ClientRequest, settle: (outcome: RequestOutcome) => void): number {
    if (!MAY_SEND.esme[this.#link.state].has(pdu.command)) return 0;
    return this.#link.request(pdu, settle);
  }

  /**
   * Leaves in order: takes no new requests, lets outstanding answers come and go, sends unbind, and closes with FIN.
   * Resolves when the socket is closed, which takes at most drain and response time. May be repeated.
   */
  unbind(): Promise<void> {
    if (this.#link.state === 'open') this.#link.finish({ kind: 'closed_by_us', detail: 'never bound' });
    else this.#link.unbind();
    return this.closed();
  }

  /** Resolves when the session has ended, whatever ended it. */
  closed(): Promise<void> {
    return this.#closed === null ? new Promise((resolve) => this.#onClosed.push(resolve)) : Promise.resolve();
  }

  /** Ends the session at once: open requests end as lost. `detail` goes into the close reason. */
  close(detail: string): void {
    this.#link.destroy({ kind: 'closed_by_us', detail });
  }

  /** Ends the session without unbind: what is encoded is written, then FIN; open requests end as lost. */
  end(detail: string): void {
    this.#link.finish({ kind: 'closed_by_us', detail });
  }

  #bindOutcome(mode: BindMode, outcome: RequestOutcome): BindResult {
    switch (outcome.kind) {
      case 'response': {
        if (outcome.status !== STATUS.ROK) return this.#refused(outcome.status);
        const pdu = outcome.pdu as PduOf<'bind_transceiver_resp'>;
        this.#link.bound(mode);
        return { kind: 'bound', systemId: pdu.systemId, version: pdu.tlvs.get('scInterfaceVersion') };
      }
      case 'nack':
        return this.#refused(outcome.status);
      case 'timeout':
        this.#link.destroy({ kind: 'bind_timeout' });
        return { kind: 'timeout' };
      case 'lost':
        return { kind: 'lost' };
    }
  }

  #refused(status: number): BindResult {
    this.#link.finish({ kind: 'bind_refused', status });
    return { kind: 'refused', status };
  }

  #request(pdu: Pdu): void {
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        this.#deliver(pdu);
        break;
      case 'alert_notification':
        this.#guarded(() => this.onAlert?.(pdu));
        break;
      case 'outbind':
        reportEvent(this.onEvent, { kind: 'outbind', systemId: pdu.systemId });
        break;
    }
  }

  #deliver(pdu: DeliverSm | DataSm): void {
    const link = this.#link;
    const command = pdu.command === 'deliver_sm' ? 'deliver_sm_resp' : 'data_sm_resp';
    const { sequence } = pdu;
    let open = true;
    const answer: Answer = (status) => {
      if (!open) return false;
      open = false;
      return link.answer(new MessageIdPdu(command, status, sequence, '', NO_TLVS));
    };
    if (this.onDeliver === undefined) {
      answer(STATUS.RX_T_APPN);
      return;
    }
    try {
      this.onDeliver(pdu, answer);
    } catch (error) {
      answer(STATUS.RX_T_APPN);
      link.guard(error);
    }
  }

  #ended(reason: CloseReason): void {
    this.#closed = reason;
    this.#guarded(() => this.onClose?.(reason));
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
