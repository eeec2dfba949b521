// The seam between the link, which both sides share, and the side that uses it.
import type { Pdu } from './pdu-types.ts';
import type { Side } from './session-state.ts';
import type { CloseReason, SessionEvent } from './session-types.ts';

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
