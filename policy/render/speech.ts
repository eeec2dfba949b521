// Everything a language has to be able to say. A sentence that one of the languages lacks does not compile. What
// sentences are given is already in words of the language; values of the policy's author come as quoted text.
import type { Assurance } from '../vocabulary/assurance.ts';
import type { LegalBasis } from '../vocabulary/bases.ts';
import type { Category, CategoryGroup } from '../vocabulary/categories.ts';
import type { Feature } from '../vocabulary/features.ts';
import type { Jurisdiction } from '../vocabulary/jurisdictions.ts';
import type { BalanceOutcome, DiscoveryAction, Identity, Language, Subject } from '../vocabulary/people.ts';
import type { Purpose } from '../vocabulary/purposes.ts';
import type {
  Approval,
  DisclosureOccasion,
  RecipientRole,
  TransferMechanism,
} from '../vocabulary/recipients.ts';
import type { Disposal, RetentionEvent, RetentionKey } from '../vocabulary/retention.ts';
import type { Channel, ContactUse, Right, VerificationLevel } from '../vocabulary/rights.ts';
import type { BreakGlass, Control, LogClass, LogField, NeedToKnow } from '../vocabulary/security.ts';
import type { EvidenceStatus, SectionKey } from './page.ts';

export type Direction = 'inbound' | 'outbound';
export type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

type Named<K extends string> = Readonly<Record<K, string>>;

/** The closed lists of the policy, in words. */
export interface Words {
  /** Plural and general: "e-mail addresses". */
  readonly categories: Named<Category>;
  readonly groups: Named<CategoryGroup>;
  /** What follows "in order to". */
  readonly purposes: Named<Purpose>;
  readonly bases: Named<LegalBasis>;
  readonly retentionKeys: Named<RetentionKey>;
  /** What follows "from" or "until". */
  readonly events: Named<RetentionEvent>;
  /** A clause of its own: "then it is erased". */
  readonly disposals: Named<Disposal>;
  readonly roles: Named<RecipientRole>;
  readonly mechanisms: Named<TransferMechanism>;
  /** What follows "the right to". */
  readonly rights: Named<Right>;
  /** What follows "when you": the asking that the deadline of a right counts from. */
  readonly requests: Named<Right>;
  readonly channels: Named<Channel>;
  readonly contactUses: Named<ContactUse>;
  readonly features: Named<Feature>;
  readonly subjects: Named<Subject>;
  /** What an account is known by. */
  readonly identities: Named<Identity>;
  readonly jurisdictions: Named<Jurisdiction>;
  readonly controls: Named<Control>;
  readonly logClasses: Named<LogClass>;
  readonly logFields: Named<LogField>;
  readonly visibleTo: Named<'owner' | 'workspace' | 'staff'>;
  readonly collected: Named<'required' | 'optional' | 'derived'>;
  readonly sections: Named<SectionKey>;
  /** What stands behind a statement, as a note below it. */
  readonly assurances: Named<Assurance>;
  readonly evidence: Named<EvidenceStatus>;
  /** A country the operator has still to name. */
  readonly unnamedCountry: string;
  /** A duration of one unit, in the form that follows "for" and "within". */
  readonly units: Readonly<Record<Unit, (count: number) => string>>;
}

/** Where a text is about people: what they have to say, and who hears it. */
export interface CategoryParts {
  readonly category: string;
  readonly collected: string;
  readonly source: string;
  readonly purposes: string;
  readonly basis: string;
  readonly interest: string;
  readonly retention: string;
  readonly visibleTo: string;
  readonly note: string;
}

export interface RetentionParts {
  readonly subject: string;
  /** As `limit` says it. */
  readonly limit: string;
  readonly then: string;
  readonly categories: string;
  readonly hold: boolean;
}

export interface RecipientParts {
  readonly name: string;
  readonly role: string;
  readonly country: string;
  readonly categories: string;
  readonly purposes: string;
  /** Empty where none is named. */
  readonly transfer: string;
}

export interface RightParts {
  readonly right: Right;
  /** Only in this right's sentence: formats of portability, the authority of a complaint; else empty. */
  readonly detail: string;
  readonly scope: 'everything' | 'subject_to_law' | 'where_applicable' | 'marketing';
  readonly channels: string;
}

/** When an attested statement was last confirmed: words, a note that nobody did, or that it has run out. */
export interface ConfirmationParts {
  readonly last: string;
  readonly expires: string;
  readonly expired: boolean;
}

/** Sentences end in a full stop. Empty strings stand for what is not there. */
export interface Sentences {
  readonly title: (controller: string) => string;
  readonly contentsTitle: string;
  readonly version: (version: string, date: string) => string;
  readonly howToRead: string;
  readonly lawNote: string;
  readonly evidenceNote: (status: string, at: string) => string;
  readonly besides: (names: string) => string;

  readonly controller: (name: string, address: string) => string;
  readonly jurisdictions: (names: string) => string;
  readonly languages: (names: string) => string;
  readonly subjects: (names: string) => string;
  readonly officer: (value: string) => string;
  readonly representative: (value: string) => string;
  readonly authority: (name: string) => string;

  readonly neverCollected: (category: string, alone: boolean, note: string) => string;
  readonly category: (parts: CategoryParts) => string;
  readonly purpose: (purpose: string, basis: string, interest: string) => string;

  readonly bodyNever: (direction: Direction) => string;
  /** What it costs that texts are never stored. */
  readonly restartLoses: (direction: Direction) => string;
  readonly bodyNotSearchable: (direction: Direction) => string;
  readonly bodyKept: (direction: Direction, limit: string) => string;
  readonly recordKept: (direction: Direction, limit: string) => string;
  readonly counterpartyKept: (direction: Direction, limit: string, indexed: boolean) => string;
  readonly bodyUse: (direction: Direction, purposes: string) => string;

  readonly recipient: (parts: RecipientParts) => string;
  readonly recipientWhile: (name: string, feature: string) => string;
  readonly recipientKeeps: (name: string, duration: string, redacts: boolean) => string;
  readonly transfers: (countries: string) => string;

  readonly noSale: (scope: 'monetary' | 'ccpa') => string;
  readonly sale: (mode: 'opt_in' | 'opt_out') => string;
  readonly noAdvertising: string;
  readonly advertising: string;
  readonly legalRequests: (approval: Approval) => string;
  readonly exception: (
    occasion: DisclosureOccasion,
    evidence: 'consent_receipt' | 'register',
    approval: Approval,
    reasonRequired: boolean,
  ) => string;

  /** What follows "kept by us": "for 3 days, counted from delivery". */
  readonly limit: (duration: string, from: string, until: string) => string;
  readonly retention: (parts: RetentionParts) => string;
  readonly inactivity: (duration: string, notices: string, then: string) => string;
  readonly backup: (duration: string) => string;
  readonly keyBackup: (duration: string) => string;

  readonly identity: (ways: string) => string;
  readonly selfServiceDeletion: (ways: string) => string;
  readonly balance: (outcome: BalanceOutcome) => string;
  readonly deletionWithin: (duration: string) => string;
  readonly cancelBefore: (duration: string) => string;
  readonly keptAfterDeletion: (kept: string) => string;

  readonly right: (parts: RightParts) => string;
  readonly lawfulRight: (right: string, articles: string) => string;
  readonly identityCheck: (level: VerificationLevel) => string;
  readonly rightWithin: (request: string, duration: string, businessDays: boolean) => string;
  readonly firstReply: (duration: string, target: string, businessDays: boolean) => string;

  readonly age: (years: number, attested: boolean) => string;
  readonly childDiscovered: (action: DiscoveryAction, duration: string) => string;
  readonly consentGate: (purpose: string, features: string) => string;
  readonly explicitConsent: (of: string) => string;
  readonly consentReceipts: string;
  readonly consentReasked: (duration: string) => string;
  readonly privacySignal: (shown: boolean) => string;
  readonly acceptance: (mode: 'explicit' | 'by_use') => string;

  readonly noCookies: string;
  readonly cookie: (name: string, purpose: string, essential: boolean) => string;
  readonly cookieEnds: (name: string, duration: string) => string;
  readonly tracker: (
    name: string,
    purpose: string,
    via: 'cookie' | 'script' | 'device_identifier',
    to: string,
  ) => string;

  readonly inTransit: (scheme: 'tls12_or_better' | 'tls13') => string;
  readonly atRest: (scheme: 'per_account_dek' | 'volume', scope: string) => string;
  readonly passwords: (scheme: 'argon2id' | 'none_held') => string;
  readonly staffAccess: (need: NeedToKnow, breakGlass: BreakGlass) => string;
  readonly monitoring: string;
  readonly auditChain: string;
  readonly backupsEncrypted: string;
  readonly erasuresReplayed: string;
  readonly keysApart: string;
  readonly logFields: (log: string, fields: string, retention: string) => string;
  readonly backupDrill: (duration: string) => string;
  readonly noPerfectSecurity: string;

  readonly breachWithin: (duration: string) => string;
  readonly breachNotice: (to: 'high_risk' | 'always') => string;
  readonly breachRegister: string;
  readonly changeNotice: (page: boolean, inApp: boolean, email: boolean) => string;
  readonly history: (kind: 'public' | 'on_request') => string;
  readonly materialChange: (duration: string) => string;
  readonly evidence: (publish: 'summary' | 'full' | 'none', signed: boolean) => string;
  readonly probes: (duration: string) => string;
  readonly selfReport: string;

  readonly attestedControl: (control: string, owner: string, confirmation: string) => string;
  readonly attestedContract: (recipient: string, ref: string, confirmation: string) => string;
  readonly attestedTransfer: (recipient: string, mechanism: string, confirmation: string) => string;
  /** Another statement that only people stand behind. */
  readonly attested: (sentence: string, confirmation: string) => string;
  /** Follows the statement: "; last confirmed on 1 June 2026". */
  readonly confirmation: (parts: ConfirmationParts) => string;

  readonly contactsCaption: string;
  readonly contactsColumns: readonly [string, string, string];
  readonly recipientsCaption: string;
  readonly recipientsColumns: readonly [string, string, string, string, string, string];
  readonly recipientPolicy: string;
  readonly retentionCaption: string;
  readonly retentionColumns: readonly [string, string, string];
  readonly cookiesCaption: string;
  readonly cookiesColumns: readonly [string, string, string, string];
  readonly yes: string;
  readonly no: string;
}

/** One language of the page. */
export interface Speech {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  /** For dates, numbers, lists and countries (BCP 47). */
  readonly locale: string;
  /** Between items of a list of which one is made of several itself. */
  readonly separator: string;
  /** What shows that an item is. */
  readonly joint: RegExp;
  readonly words: Words;
  readonly sentences: Sentences;
}
