// The public face of the package: sessions for both sides, PDUs, and the formats that belong to SMPP. Everything else
// is reachable as `@sotto/smpp/<file>` for tests and benchmarks.
export {
  type Answer,
  type BindOptions,
  type BindResult,
  type ClientHandlers,
  type ClientOptions,
  type ClientRequest,
  ClientSession,
  connectSession,
  VERSION_3_3,
  VERSION_3_4,
} from './client-session.ts';
export { STATUS, type StatusClass, statusClass, statusMeaning, statusName } from './command-status.ts';
export { decodePdu } from './decode.ts';
export { encodePdu, pduOctets } from './encode.ts';
export { canonicalId, type IdCandidate, type IdForm, idCandidates } from './message-id.ts';
export {
  type DataCoding,
  ESM_USER_DATA_HEADER,
  type EsmClass,
  makeRegisteredDelivery,
  type RegisteredDelivery,
  readDataCoding,
  readEsmClass,
  readRegisteredDelivery,
} from './message-options.ts';
export { FieldError, type FramingFault, PduFault } from './pdu-fault.ts';
export { type CommandName, commandName, LAYOUTS } from './pdu-layouts.ts';
export { makePdu, type PduInput } from './pdu-shapes.ts';
export type {
  DataSm,
  DeliverSm,
  MultiDestination,
  Pdu,
  PduOf,
  SubmitSm,
  UnsuccessfulDestination,
} from './pdu-types.ts';
export { PduWriter } from './pdu-writer.ts';
export { messageOctets, parseReceipt, type Receipt, type ReceiptState } from './receipt.ts';
export { makeReceipt, type ReceiptToSend } from './receipt-format.ts';
export type {
  BindRequest,
  RareRequest,
  RareResponse,
  ServerHandlers,
  ServerOptions,
  SubmitAnswer,
} from './server-options.ts';
export { ServerSession, serveSession } from './server-session.ts';
export type { BindMode, SessionState } from './session-state.ts';
export {
  type CloseReason,
  DEFAULT_LIMITS,
  type RequestOutcome,
  type SessionEvent,
  type SessionLimits,
  type SessionTimers,
  systemTimers,
} from './session-types.ts';
export { PDU_OCTETS_MAX, StreamDecoder } from './stream-decoder.ts';
export { formatAbsoluteTime, formatRelativeTime, parseSmppTime, type SmppTime } from './time-format.ts';
export { TLVS, type TlvName } from './tlv-table.ts';
export { makeTlvs, NO_TLVS, type Tlv, Tlvs } from './tlvs.ts';
export {
  buildUserDataHeader,
  type Concatenation,
  concatenationElement,
  type HeaderElement,
  parseUserDataHeader,
  shiftElement,
  type UserDataHeader,
} from './user-data-header.ts';
