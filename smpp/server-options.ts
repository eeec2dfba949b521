// What a server session asks of its owner: whom to let in, and what to do with each request.
import type { DataSm, PduOf, SubmitSm } from './pdu-types.ts';
import type { BindMode } from './session-state.ts';
import type { CloseReason, SessionEvent, SessionLimits, SessionTimers } from './session-types.ts';
import type { Tlvs } from './tlvs.ts';

/** Who asks to be let in. The password is in clear, as SMPP sends it: compare in constant time, never log. */
export interface BindRequest {
  readonly mode: BindMode;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly interfaceVersion: number;
  readonly addressTon: number;
  readonly addressNpi: number;
  readonly addressRange: string;
}

/**
 * Answers one submission, once, at any later time: a status, the message id when accepted, optional parameters. False
 * when it was answered before or the session has ended. Throws FieldError for an id longer than 64 characters.
 */
export type SubmitAnswer = (status: number, messageId?: string, tlvs?: Tlvs) => boolean;

/** The requests besides submit_sm and data_sm, each with the response it may be answered with. */
export type RareRequest = PduOf<'submit_multi' | 'query_sm' | 'cancel_sm' | 'replace_sm'>;
export type RareResponse = PduOf<
  'submit_multi_resp' | 'query_sm_resp' | 'cancel_sm_resp' | 'replace_sm_resp'
>;

export interface ServerHandlers {
  /**
   * Decides a bind: 0 lets it in; else the status to refuse with (0x0E password, 0x0F system id, 0x0D otherwise),
   * after which the session closes. A rejected promise refuses with 0x08.
   */
  onBind: (request: BindRequest) => number | Promise<number>;
  /** The bind response is written; deliveries may begin. */
  onBound?: (request: BindRequest) => void;
  onSubmit: (pdu: SubmitSm, answer: SubmitAnswer) => void;
  /** Without it data_sm is answered 0x45 (submit failed). */
  onData?: (pdu: DataSm, answer: SubmitAnswer) => void;
  /** Without it these are answered 0x45, 0x67, 0x11, 0x13: known, not offered. */
  onRare?: (pdu: RareRequest, respond: (response: RareResponse) => boolean) => void;
  onWindow?: () => void;
  onClose?: (reason: CloseReason) => void;
  onEvent?: (event: SessionEvent) => void;
}

export interface ServerOptions extends ServerHandlers {
  /** Our name in the bind response; at most 15 characters. */
  readonly systemId: string;
  /** 0x33 plays an SMSC of that version: no transceivers, no data_sm, no optional parameters. Default 0x34. */
  readonly version?: number;
  readonly limits?: Partial<SessionLimits>;
  readonly timers?: SessionTimers;
}
