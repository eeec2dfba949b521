// The face of messages for the contexts above it.
export {
  type Acceptance,
  type AcceptanceOptions,
  BATCH_CHUNK,
  type RequestKey,
  startAcceptance,
} from './acceptance.ts';
export {
  type AcceptedFacts,
  acceptedAnswer,
  type ItemFacts,
  isRefused,
  type RefusedFacts,
} from './answers.ts';
export { cancelMessage, ERASED_MESSAGES, eraseMessage, eraseMessagesAgain } from './changing.ts';
export { isConnectorAwaited } from './connector-use.sql.ts';
export type { OutboundContentMode } from './content-mode.ts';
export { type Handoff, NO_HANDOFF } from './handoff.ts';
export { type MessageKeeping, messageKeeping } from './keeping.ts';
export { storeLate } from './late.ts';
export { distrustQueue } from './maintenance.ts';
export type { ItemRefusal, Submitter } from './preparation.ts';
export { previewMessage } from './previewing.ts';
export {
  getMessage,
  getMessageShort,
  listMessages,
  messageIdOf,
  type PageQuery,
  searchMessages,
} from './reading.ts';
export { type ReceiptsOptions, startReceipts } from './receipts.ts';
export { type Sending, type SendingOptions, startSending } from './sending.ts';
export { pageOfPrices, pageOfRoutes, type Stored } from './tariff.sql.ts';
export type { Price, Route, Tariff } from './tariff.ts';
export {
  addPrice,
  addRoute,
  changePrice,
  changeRoute,
  removePrice,
  removeRoute,
  startTariffs,
  type Tariffs,
} from './tariffs.ts';
