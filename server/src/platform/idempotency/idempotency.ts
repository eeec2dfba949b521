// The face of idempotency: one request at a time, or the set-based pieces for shared batches.
export { type KeyName, lookUp, type RememberedAnswer, remember } from './idempotency.sql.ts';
export {
  dropEmptyKeyDays,
  type ExpiredKey,
  expireKeys,
  findKeyDaysInUse,
  keysStanding,
} from './key-expiry.sql.ts';
export { letKeysLive } from './key-life.ts';
export {
  type Answer,
  type DecidedAnswer,
  decideLater,
  type IdempotentRequest,
  type IdempotentResult,
  type Postponed,
  runIdempotent,
} from './run-idempotent.ts';
