// Something that must never happen, found by comparing the truths. Any one of them fails a run.

/**
 * - `lost`: acknowledged and gone, unaccounted for, or never answered although the server lives
 * - `mischarged`: the money does not follow the parts that carriers took, or the books do not add up
 * - `duplicate`: more copies at the carrier than the recorded ambiguous windows explain
 * - `receipt_lost`: a receipt we acknowledged is not on disk, or stays unmatched although its part is there
 * - `moved_back`: a state that was seen came before one that was seen earlier
 * - `leaked`: a number or a text of the run stands in a log
 */
export type ViolationKind = 'lost' | 'mischarged' | 'duplicate' | 'receipt_lost' | 'moved_back' | 'leaked';

export interface Violation {
  readonly kind: ViolationKind;
  /** A sentence for people: what was found, with the ids to look it up by. */
  readonly what: string;
}
