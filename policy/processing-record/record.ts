// Records of processing activities as values that are JSON as they stand: keys are those of the document. Letters in
// brackets are the points of GDPR Art. 30 that a field answers.
import type { Country, IsoDate, IsoDuration } from '../model.ts';
import type { LegalBasis } from '../vocabulary/bases.ts';
import type { Category } from '../vocabulary/categories.ts';
import type { Subject } from '../vocabulary/people.ts';
import type { Purpose } from '../vocabulary/purposes.ts';
import type { RecipientRole, TransferMechanism } from '../vocabulary/recipients.ts';
import type { Disposal, RetentionEvent, RetentionKey } from '../vocabulary/retention.ts';
import type { ProcessingKey } from './processing-for-others.ts';

/** Which policy a record was made from. */
export interface RecordHeading {
  readonly policy: string;
  readonly version: string;
  readonly effective: IsoDate;
}

/** Somebody responsible, with ways to reach them. */
export interface Party {
  readonly name: string;
  readonly contacts: readonly string[];
  readonly representative: string | null;
  readonly data_protection_officer: string | null;
}

export interface RecordedRecipient {
  readonly key: string;
  readonly name: string;
  readonly role: RecipientRole;
  readonly country: Country;
  /** Absent where the role asks for none or none is named. */
  readonly contract: {
    readonly ref: string;
    readonly signed: IsoDate | null;
    readonly expires: IsoDate | null;
  } | null;
}

export interface RecordedTransfer {
  readonly recipient: string;
  readonly country: Country;
  readonly mechanism: TransferMechanism | null;
  /** Where the mechanism stands in the law; the documentation of suitable safeguards (second subparagraph of Art. 49(1)). */
  readonly safeguards: string;
}

export interface RecordedLimit {
  readonly rule: RetentionKey;
  readonly means: string;
  readonly duration: IsoDuration;
  readonly from: RetentionEvent;
  /** The event that normally ends it; then the duration is a ceiling. */
  readonly until: RetentionEvent | null;
  readonly then: Disposal;
  readonly legal_hold: boolean;
}

export interface RecordedCategory {
  readonly key: Category;
  readonly means: string;
  readonly source: string;
  readonly retention: readonly RetentionKey[];
}

export interface Activity {
  readonly id: string;
  /** (b), with its places in the taxonomies of fideslang and DPV. */
  readonly purpose: {
    readonly key: Purpose;
    readonly means: string;
    readonly fideslang: string;
    readonly dpv: string;
  };
  readonly basis: {
    readonly key: LegalBasis;
    readonly article: string;
    readonly interest: string | null;
    readonly balancing: string | null;
  };
  /** (c) */
  readonly subjects: readonly { readonly key: Subject; readonly means: string }[];
  /** (c) */
  readonly categories: readonly RecordedCategory[];
  /** (d) */
  readonly recipients: readonly RecordedRecipient[];
  /** (e) */
  readonly transfers: readonly RecordedTransfer[];
  /** (f) */
  readonly limits: readonly RecordedLimit[];
}

/** GDPR Art. 30(1). */
export interface ControllerRecord extends RecordHeading {
  readonly article: 'GDPR Art. 30(1)';
  /** (a) */
  readonly controller: Party;
  /** (a) */
  readonly joint_controllers: readonly { readonly name: string; readonly country: Country }[];
  readonly activities: readonly Activity[];
  /** (g), Art. 32(1). */
  readonly measures: readonly string[];
}

/** A customer for whom we process: its name and contacts as the account has them. */
export interface ServedController extends Party {
  /** What is done for it; absent: everything that is switched on. */
  readonly processing?: readonly ProcessingKey[];
}

/** What is done on behalf of others. */
export interface ProcessingForOthers {
  readonly key: ProcessingKey;
  readonly means: string;
  readonly subjects: readonly { readonly key: Subject; readonly means: string }[];
  readonly categories: readonly RecordedCategory[];
  readonly sub_processors: readonly RecordedRecipient[];
  /** (c) */
  readonly transfers: readonly RecordedTransfer[];
  readonly limits: readonly RecordedLimit[];
}

/** GDPR Art. 30(2). */
export interface ProcessorRecord extends RecordHeading {
  readonly article: 'GDPR Art. 30(2)';
  /** (a) */
  readonly processor: Party;
  /** (a), each with the processing (b) carried out on its behalf. */
  readonly controllers: readonly (Party & { readonly processing: readonly ProcessingKey[] })[];
  /** (b) */
  readonly processing: readonly ProcessingForOthers[];
  /** (d), Art. 32(1). */
  readonly measures: readonly string[];
}
