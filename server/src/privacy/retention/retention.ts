// The face of retention: limits, the port of those who keep something, and the engine that ends it.
export { type RetentionGap, retentionFacts, retentionGaps } from './coverage.ts';
export { type EndedKeyDay, type KeyDayUser, noteKeyDays } from './ended-keys.ts';
export { type ExpiryOptions, expireDue, heldWorkspaces } from './expire.ts';
export { expireJob } from './expire-job.ts';
export {
  type Due,
  type Expired,
  type ExpiryHandler,
  type OnErased,
  OVERDUE_COUNTED_MAX,
  rowsExpired,
  type Standing,
} from './handler.ts';
export {
  type LegalHold,
  legalHoldExpiry,
  liftLegalHold,
  listLegalHolds,
  placeLegalHold,
} from './legal-hold.ts';
export {
  cutoffOf,
  endOf,
  limitOf,
  limitsOf,
  type RetentionLimit,
  type RetentionLimits,
  shortestMs,
} from './limit.ts';
export { type KeyReport, retentionReport } from './report.ts';
export type { RetentionKey } from './rule.ts';
export { endWorkspaces } from './workspace-end.ts';
