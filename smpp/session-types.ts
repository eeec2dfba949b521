// What the two sides of a session share: limits, timers, reasons, outcomes, events.
import type { FramingFault, PduFault } from './pdu-fault.ts';
import type { Pdu } from './pdu-types.ts';
import type { SessionState } from './session-state.ts';
import { PDU_OCTETS_MAX } from './stream-decoder.ts';

/** Monotonic time, handed in so that tests can move it. */
export interface SessionTimers {
  /** Milliseconds that never run backwards; the origin does not matter. */
  now(): number;
  /** Calls `run` every `periodMs` until the returned function is called. */
  every(periodMs: number, run: () => void): () => void;
}

export const systemTimers: SessionTimers = {
  now: () => performance.now(),
  every(periodMs, run) {
    const handle = setInterval(run, periodMs);
    return () => clearInterval(handle);
  },
};

export interface SessionLimits {
  /** Our requests without an answer at one time; agreed with the peer out of band. */
  readonly windowMax: number;
  /** The peer's requests we have not answered; one more is answered 0x58 (throttled). */
  readonly inboundWindowMax: number;
  /** How long each request may wait for its answer. */
  readonly responseTimeoutMs: number;
  /** Silence of the peer after which we ask whether it lives (SMPP 3.4 §7.2 enquire_link_timer); 0: never. */
  readonly enquireLinkMs: number;
  /** How long a session may stay unbound (SMPP 3.4 §7.2 session_init_timer); also the wait for a bind's answer. */
  readonly sessionInitMs: number;
  /** Time without any request but enquire_link after which the session unbinds (inactivity_timer); 0: never. */
  readonly inactivityMs: number;
  /** How long an unbind waits for outstanding answers, and a FIN for the peer's. */
  readonly drainMs: number;
  /** The largest command_length accepted. */
  readonly pduOctetsMax: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  windowMax: 10,
  inboundWindowMax: 1_000,
  responseTimeoutMs: 10_000,
  enquireLinkMs: 30_000,
  sessionInitMs: 5_000,
  inactivityMs: 0,
  drainMs: 5_000,
  pduOctetsMax: PDU_OCTETS_MAX,
};

/** Why a session ended. */
export type CloseReason =
  | { readonly kind: 'unbound'; readonly by: 'us' | 'peer' }
  | { readonly kind: 'peer_closed' }
  | { readonly kind: 'socket_error'; readonly error: Error }
  | { readonly kind: 'bind_refused'; readonly status: number }
  | { readonly kind: 'bind_timeout' }
  | { readonly kind: 'enquire_link_timeout' }
  | { readonly kind: 'framing'; readonly fault: FramingFault }
  | { readonly kind: 'closed_by_us'; readonly detail: string };

/**
 * How a request ended. Every accepted request ends exactly once:
 * - `response`: the peer answered; `status` 0 means accepted, `messageId` is its id for the message;
 * - `nack`: the peer answered generic_nack: it did not take the request;
 * - `timeout`: no answer in time: the outcome is unknown (a late answer becomes the event `late_response`);
 * - `lost`: the session ended first. With `written` the outcome is unknown; without, no octet of the request was
 *   ever handed to the socket, so it certainly was not taken and may be sent elsewhere.
 */
export type RequestOutcome =
  | { readonly kind: 'response'; readonly status: number; readonly messageId: string; readonly pdu: Pdu }
  | { readonly kind: 'nack'; readonly status: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'lost'; readonly written: boolean };

/** Things worth counting. None of them needs an answer. */
export type SessionEvent =
  | { readonly kind: 'state'; readonly state: SessionState }
  /** A request could not be read and was answered with an error, or a response could not be read. */
  | { readonly kind: 'pdu_fault'; readonly fault: PduFault }
  /** The stream is lost; the session closes. */
  | { readonly kind: 'framing_fault'; readonly fault: FramingFault }
  /** The request came in a state that forbids it, or over the window, and was answered with `status`. */
  | { readonly kind: 'refused'; readonly command: string; readonly status: number }
  /** A response to nothing we wait for: late, or invented. Its message id may still settle an unknown outcome. */
  | { readonly kind: 'late_response'; readonly pdu: Pdu }
  | { readonly kind: 'request_timeout'; readonly command: string; readonly sequence: number }
  | { readonly kind: 'enquire_link_timeout' }
  | { readonly kind: 'outbind'; readonly systemId: string }
  /** A handler threw: a fault of our own program. A request it was handling is answered 0x64. */
  | { readonly kind: 'handler_error'; readonly error: unknown };

/** Hands an event on. An error nobody listens for is a bug, and is thrown where it cannot hurt the session. */
export function reportEvent(
  listener: ((event: SessionEvent) => void) | undefined,
  event: SessionEvent,
): void {
  if (listener !== undefined) listener(event);
  else if (event.kind === 'handler_error')
    queueMicrotask(() => {
      throw event.error;
    });
}
