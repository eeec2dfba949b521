// The face of the package. Operations and schemas of one resource are imported from its own file, such as
// `@sotto/contract/messages`; what belongs to all of them is here.
export { mediaTypeOf } from './bodies.ts';
export { type Checked, check } from './check.ts';
export { type CheckedSendMessage, checkSendMessage } from './check-send-message.ts';
export { type ErrorCode, errorCatalogue, errorCodes, isErrorCode, problemType } from './errors.ts';
export { headers, IDEMPOTENCY_KEY } from './headers.ts';
export { decodeId, decodeIdOctets, encodeId, type Id, type IdPrefix, idPrefixes } from './ids.ts';
export { formatMicros, type Money, microsOf, moneyOf, parseMicros } from './money.ts';
export {
  type AnswerOf,
  type BodyInput,
  type BodyOf,
  bodyBytesMaxDefault,
  errorsOf,
  type Method,
  type Operation,
  operation,
  type ParamsOf,
  type Purpose,
  type QueryInput,
  type QueryOf,
  takesIdempotencyKey,
} from './operation.ts';
export { api, isOperation, type OperationTree, operations } from './operations.ts';
export { type Fault, type Problem, problemMediaType, problemOf, problemOfFaults } from './problem.ts';
export { grantableScopes, platformScopes, type Scope, scopes, workspaceScopes } from './scopes.ts';
export type { SendMessage, SendMessageInput } from './send-message.ts';
