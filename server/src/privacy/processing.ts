// The face of processing (`#privacy/processing`): restrict, lift, object, and ask before using somebody's data.

export {
  type ConsentRecords,
  isRestricted,
  lift,
  type Objected,
  object,
  overruleObjection,
  type Processing,
  processingUnder,
  restrict,
  restrictedAmong,
  withdrawObjection,
} from './processing/processing.ts';
export { type RememberedVerdicts, rememberVerdicts } from './processing/remembered-verdicts.ts';
export {
  type RestrictionWatch,
  type RestrictionWatchOptions,
  watchRestrictions,
} from './processing/restriction-watch.ts';
export type { ProcessingSubject, RestrictionReason } from './processing/subject.ts';
export type { BasisOfPurpose, Verdict } from './processing/verdict.ts';
