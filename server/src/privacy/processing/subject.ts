// Whom a restriction, an objection or a consent is about. Recipients are not among them: they have no account, and
// their stops are suppressions, known by a keyed index.

export interface ProcessingSubject {
  readonly kind: 'workspace' | 'person';
  readonly id: string;
}

/** Grounds on which processing is restricted: GDPR Art. 18(1)(a) to (d), in this order. */
export type RestrictionReason =
  | 'accuracy_contested'
  | 'processing_unlawful'
  | 'needed_for_claims'
  | 'objection_pending';
