// A resolved policy: everything that `extends` brings in is in place, every section is there, durations are in
// normal form. Keys are those of the document, so that a path names the same thing in the file, in the canonical
// form and in the code. Types only; what may stand in each place is said by `vocabulary/`.
import type { Assurance } from './vocabulary/assurance.ts';
import type { LegalBasis } from './vocabulary/bases.ts';
import type { Category, CategoryGroup } from './vocabulary/categories.ts';
import type { Feature } from './vocabulary/features.ts';
import type { Jurisdiction } from './vocabulary/jurisdictions.ts';
import type {
  AgeGate,
  BalanceOutcome,
  DiscoveryAction,
  Identity,
  Language,
  Subject,
} from './vocabulary/people.ts';
import type { Purpose } from './vocabulary/purposes.ts';
import type {
  Approval,
  DisclosureEvidence,
  DisclosureOccasion,
  RecipientRole,
  RedactionMode,
  TransferMechanism,
} from './vocabulary/recipients.ts';
import type { Disposal, RetentionEvent, RetentionKey } from './vocabulary/retention.ts';
import type {
  Channel,
  ContactUse,
  ExportFormat,
  Right,
  RightScope,
  VerificationLevel,
} from './vocabulary/rights.ts';
import type {
  AtRestScheme,
  BreakGlass,
  Control,
  KeyCustody,
  LogClass,
  LogField,
  NeedToKnow,
  PasswordScheme,
  TransportScheme,
} from './vocabulary/security.ts';

/** An ISO 8601 duration in normal form: `P30D`, `PT72H`, `P24M`. Finite, positive, whole numbers. */
export type IsoDuration = string;
/** A calendar date, `2026-01-31`. */
export type IsoDate = string;
/** ISO 3166-1 alpha-2; `XX` is a country the operator has still to name. */
export type Country = string;

export interface Policy {
  readonly policy: Heading;
  readonly controller: Controller;
  readonly subjects: readonly Subject[];
  readonly audience: Audience;
  readonly data: { readonly [C in Category]?: DataStatement };
  readonly purposes: { readonly [P in Purpose]?: PurposeStatement };
  readonly messages: Messages;
  /** By key, `[a-z][a-z0-9_]*`. */
  readonly recipients: { readonly [key: string]: RecipientStatement };
  readonly sharing: Sharing;
  readonly transfers: Transfers;
  readonly retention: { readonly [K in RetentionKey]?: RetentionRule };
  readonly account: Account;
  readonly rights: Rights;
  readonly consent: Consent;
  readonly acceptance: Acceptance;
  readonly cookies: Cookies;
  readonly security: Security;
  readonly backups: Backups;
  readonly logs: Logs;
  readonly breach: Breach;
  readonly changes: Changes;
  readonly verification: Verification;
  readonly text: { readonly [L in Language]?: Prose };
  /** Where this policy promises less than the one it extends, and why. Empty when it extends none. */
  readonly weakens: readonly Weakening[];
}

export interface Heading {
  readonly schema: 1;
  readonly id: string;
  /** Semantic version: changed whenever the content is. */
  readonly version: string;
  readonly effective: IsoDate;
  readonly languages: readonly Language[];
  readonly jurisdictions: readonly Jurisdiction[];
  /** `refuse`: an overstated promise stops the start; `degrade`: it warns. */
  readonly strictness: 'refuse' | 'degrade';
}

/** GDPR Art. 13(1)(a)-(b), Art. 30(1)(a). */
export interface Controller {
  readonly name: string;
  readonly address: string;
  readonly contacts: readonly Contact[];
  readonly dpo?: string;
  readonly eu_representative?: string;
  /** The supervisory authority people can complain to. */
  readonly authority?: { readonly name: string; readonly url: string };
}

export interface Contact {
  readonly channel: Channel;
  readonly value: string;
  readonly for: readonly ContactUse[];
}

export interface Audience {
  /** Years, 0 to 21; 0 is no limit. */
  readonly min_age: number;
  readonly gate: AgeGate;
  readonly on_discovery?: { readonly action: DiscoveryAction; readonly within: IsoDuration };
}

/** `never` is stronger than absence: it is a promise, with a guard in the database behind it. */
export type DataStatement = DataHeld | DataNever;

export interface DataHeld {
  readonly collect: 'required' | 'optional' | 'derived';
  /** Where a derived value comes from. */
  readonly source?: string;
  readonly purposes: readonly Purpose[];
  readonly basis: LegalBasis;
  /** Demanded by the basis `legitimate_interest` (GDPR Art. 13(1)(d)). */
  readonly interest?: string;
  /** One category can stand in several places, each under its own rule. */
  readonly retention: readonly RetentionKey[];
  readonly visible_to: readonly ('owner' | 'workspace' | 'staff')[];
  readonly note?: string;
}

export interface DataNever {
  readonly collect: 'never';
  readonly note?: string;
}

export interface PurposeStatement {
  readonly basis: LegalBasis;
  readonly interest?: string;
  /** Reference of the balancing test behind a legitimate interest. */
  readonly balancing?: string;
  /** Demanded by the basis `consent`; a default other than off is refused (GDPR Recital 32). */
  readonly consent?: { readonly mode: 'opt_in'; readonly default: false };
  readonly marketing: boolean;
  /** Features that go off when the consent is not given. */
  readonly feature_gate: readonly Feature[];
}

export interface Messages {
  readonly inbound: MessageStatement;
  readonly outbound: MessageStatement;
}

export interface MessageStatement {
  readonly body: BodyStatement;
  readonly metadata: { readonly retention: RetentionKey };
  readonly counterparty: { readonly retention: RetentionKey; readonly index: 'none' | 'per_account' };
}

export interface BodyStatement {
  /** Inbound: `none`, `until_read` or a duration. Outbound: `until_final` or a duration. */
  readonly store: 'none' | 'until_read' | 'until_final' | IsoDuration;
  /** Demanded by `until_read` and `until_final`: the longest a text waits for that event. */
  readonly ceiling?: IsoDuration;
  readonly purposes: readonly Purpose[];
  /** Keys of `recipients` that stored texts are handed to. Who carries texts has them among its categories. */
  readonly recipients: readonly string[];
  readonly searchable: boolean;
}

export interface RecipientStatement {
  readonly name: string;
  readonly role: RecipientRole;
  readonly purposes: readonly Purpose[];
  readonly categories: readonly Category[];
  /** `customer_endpoints`: hosts that customers name for themselves. */
  readonly hosts: readonly string[] | 'customer_endpoints';
  readonly country: Country;
  readonly transfer?: TransferMechanism;
  /** The contract; `signed` absent: not attested yet. */
  readonly dpa?: { readonly ref: string; readonly signed?: IsoDate; readonly expires?: IsoDate };
  readonly upstream_retention?: IsoDuration;
  readonly redaction?: { readonly mode: RedactionMode; readonly verified: boolean };
  readonly policy_url?: string;
  /** The recipient exists only while this feature is on. */
  readonly when?: Feature;
}

export interface Sharing {
  readonly sale: 'never' | 'opt_in' | 'opt_out';
  /** `monetary`: for money. `ccpa`: any valuable consideration, and sharing for cross-context advertising. */
  readonly sale_scope: 'monetary' | 'ccpa';
  readonly advertising: 'never' | 'consent';
  readonly authorities: {
    readonly basis: LegalBasis;
    readonly approval: Approval;
    readonly register: boolean;
  };
  readonly exceptions: readonly SharingException[];
}

export interface SharingException {
  readonly when: DisclosureOccasion;
  readonly evidence: DisclosureEvidence;
  readonly approval: Approval;
  readonly reason: 'required' | 'optional';
}

export interface Transfers {
  /** Countries outside those of the jurisdictions that data may go to. */
  readonly allowed: readonly Country[];
  readonly mechanism: readonly TransferMechanism[];
  readonly encrypted: boolean;
}

export type RetentionRule = RetentionFor | RetentionUntil;

export interface RetentionFor {
  readonly for: IsoDuration;
  readonly from: RetentionEvent;
  readonly then: Disposal;
  readonly hold?: 'legal_hold';
}

export interface RetentionUntil {
  readonly until: RetentionEvent;
  /** The longest it is kept when the event does not come: counted from the last activity or from creation. */
  readonly ceiling: IsoDuration;
  readonly then: Disposal;
  readonly hold?: 'legal_hold';
}

export interface Account {
  readonly identity: readonly Identity[];
  readonly inactivity: {
    readonly after: IsoDuration;
    /** How long before the end each notice goes out. */
    readonly notify: readonly IsoDuration[];
    readonly action: Disposal;
  };
  readonly deletion: {
    readonly self_service: boolean;
    readonly complete_within: IsoDuration;
    readonly balance: BalanceOutcome;
    /** Retention rules that outlive the account, pseudonymised. */
    readonly keep: readonly RetentionKey[];
  };
  /** Absent: no promise, and who sells subscriptions decides. */
  readonly subscriptions?: {
    /** Cancelled at least so long before the end of its period, a subscription renews no more. */
    readonly cancel_before: IsoDuration;
  };
}

export interface Rights extends RightsTerms {
  readonly information?: RightStatement;
  readonly access?: RightStatement;
  readonly rectification?: RightStatement;
  readonly erasure?: RightStatement;
  readonly restriction?: RightStatement;
  readonly portability?: RightStatement;
  readonly objection?: RightStatement;
  readonly withdraw_consent?: RightStatement;
  readonly complaint?: RightStatement;
  readonly automated_decision?: RightStatement;
  readonly opt_out_sale?: RightStatement;
  readonly non_discrimination?: RightStatement;
}

/** What holds for every right that says nothing else. */
export interface RightsTerms {
  /** The first human answer; the later bound is the promise, `target` the aim. */
  readonly first_reply?: {
    readonly within: IsoDuration;
    readonly target?: IsoDuration;
    readonly calendar: 'every_day' | 'business_days';
  };
  /** Absent: the statute of each person's jurisdiction. */
  readonly respond_within?: IsoDuration;
  readonly extension?: IsoDuration;
  readonly channels: readonly Channel[];
  readonly verification: {
    readonly level: VerificationLevel;
    readonly max_extra_data: 'none' | 'minimal';
  };
}

export interface RightStatement {
  readonly offered: boolean;
  readonly scope: RightScope;
  readonly channels?: readonly Channel[];
  readonly respond_within?: IsoDuration;
  readonly extension?: IsoDuration;
  readonly formats?: readonly ExportFormat[];
}

export interface Consent {
  /** Categories and purposes that are asked about one by one. */
  readonly explicit_for: readonly (Category | Purpose)[];
  readonly receipt: 'iso-27560';
  readonly reask_after: IsoDuration;
  /** Global Privacy Control, the signal of a browser. */
  readonly gpc: 'honour' | 'ignore';
  readonly gpc_status: 'show' | 'hide';
}

/** That somebody took note of a version. Never a consent. */
export interface Acceptance {
  readonly mode: 'explicit' | 'by_use';
  readonly record: 'version_hash';
}

export interface Cookies {
  /** `none` promises that not one cookie is set. */
  readonly promise: 'none' | 'listed';
  readonly list: readonly CookieStatement[];
  readonly trackers: readonly TrackerStatement[];
}

export interface CookieStatement {
  readonly name: string;
  readonly purpose: Purpose;
  /** Essential ones need no consent (ePrivacy Directive Art. 5(3)). */
  readonly essential: boolean;
  readonly ttl: IsoDuration;
}

export interface TrackerStatement {
  readonly name: string;
  readonly purpose: Purpose;
  readonly via: 'cookie' | 'script' | 'device_identifier';
  /** Key of `recipients`; absent: it reports to us. */
  readonly recipient?: string;
}

export interface Security {
  readonly in_transit: TransportScheme;
  readonly at_rest: {
    readonly scheme: AtRestScheme;
    readonly scope: readonly (Category | CategoryGroup)[];
  };
  readonly passwords: PasswordScheme;
  readonly access: {
    readonly rbac: boolean;
    readonly need_to_know: NeedToKnow;
    readonly break_glass: BreakGlass;
  };
  readonly monitoring: boolean;
  readonly audit: { readonly chain: boolean; readonly retention: RetentionKey };
  readonly attestations: readonly Attestation[];
}

export interface Attestation {
  readonly control: Control;
  readonly owner: string;
  /** When somebody last confirmed it; absent: nobody has. */
  readonly last?: IsoDate;
  readonly every: IsoDuration;
  readonly evidence?: string;
}

export interface Backups {
  /** Backups of the database older than this are gone. */
  readonly max_age: IsoDuration;
  /** The same for the key store: until then, what was shredded can be brought back. */
  readonly key_max_age: IsoDuration;
  readonly encrypted: boolean;
  readonly key_custody: KeyCustody;
  readonly restore: 'replay_erasures';
  readonly drill_every: IsoDuration;
}

export interface Logs {
  readonly classes: { readonly [L in LogClass]?: LogStatement };
  /** `typed`: only declared fields reach a log. */
  readonly redaction: 'typed';
}

export interface LogStatement {
  readonly fields: readonly LogField[];
  readonly retention: RetentionKey;
}

/** GDPR Art. 33-34. */
export interface Breach {
  readonly notify_authority_within: IsoDuration;
  readonly notify_users_when: 'high_risk' | 'always';
  readonly register: boolean;
}

export interface Changes {
  readonly notice: readonly ('page' | 'in_app' | 'email')[];
  readonly material_notice_before?: IsoDuration;
  readonly history: 'public' | 'on_request';
}

export interface Verification {
  /** How often the probes run. */
  readonly every: IsoDuration;
  readonly publish: 'summary' | 'full' | 'none';
  readonly sign: 'ed25519' | 'none';
  /** Where signed heads are kept outside; absent: nowhere. */
  readonly anchor?: string;
}

export interface Prose {
  /** Sentences in place of the templates, by obligation id. */
  readonly sentences: { readonly [obligation: string]: string };
  /** Free text; it may not promise. */
  readonly extra: readonly { readonly class: 'disclaimer'; readonly text: string }[];
}

export interface Weakening {
  /** `retention.account.ceiling`: the path at which less is promised. */
  readonly path: string;
  readonly reason: string;
}

/** What every obligation has. */
interface ObligationHead {
  /** Stable: `prohibit:user.contact.email`, `bound:ledger`. */
  readonly id: string;
  /** Where in the policy it stands. */
  readonly path: string;
  readonly assurance: Assurance;
}

/** A statement as something that can be kept or broken. */
export type Obligation =
  | Prohibition
  | Bound
  | Limit
  | Disclosure
  | Requirement
  | Deadline
  | GateObligation
  | AttestObligation;

export interface Prohibition extends ObligationHead {
  readonly kind: 'PROHIBIT';
  readonly what:
    | { readonly type: 'category'; readonly category: Category }
    | { readonly type: 'body'; readonly direction: Direction }
    | { readonly type: 'body_search'; readonly direction: Direction }
    | { readonly type: 'sale'; readonly scope: 'monetary' | 'ccpa' }
    | { readonly type: 'advertising' }
    | { readonly type: 'cookies' }
    | { readonly type: 'keys_in_backups' };
}

export type Direction = 'inbound' | 'outbound';

export interface Bound extends ObligationHead {
  readonly kind: 'BOUND';
  readonly what:
    | { readonly type: 'retention'; readonly key: RetentionKey; readonly categories: readonly Category[] }
    | { readonly type: 'body'; readonly direction: Direction }
    | { readonly type: 'metadata'; readonly direction: Direction; readonly key: RetentionKey }
    | {
        readonly type: 'counterparty';
        readonly direction: Direction;
        readonly key: RetentionKey;
        readonly index: MessageStatement['counterparty']['index'];
      }
    | { readonly type: 'inactivity'; readonly notify: readonly IsoDuration[] }
    | { readonly type: 'backup' }
    | { readonly type: 'key_backup' }
    | { readonly type: 'cookie'; readonly name: string }
    | { readonly type: 'upstream'; readonly recipient: string };
  readonly duration: IsoDuration;
  readonly from: RetentionEvent;
  /** The duration is a ceiling; normally this event ends it before. */
  readonly until?: RetentionEvent;
  readonly then: Disposal;
  /** A legal hold may keep it longer. */
  readonly hold?: 'legal_hold';
}

export interface Limit extends ObligationHead {
  readonly kind: 'LIMIT';
  readonly what:
    | {
        readonly type: 'category';
        readonly category: Category;
        readonly collect: DataHeld['collect'];
        readonly basis: LegalBasis;
        readonly interest?: string;
        readonly retention: readonly RetentionKey[];
        readonly visible_to: DataHeld['visible_to'];
      }
    | { readonly type: 'body'; readonly direction: Direction; readonly recipients: readonly string[] }
    | {
        readonly type: 'purpose';
        readonly purpose: Purpose;
        readonly basis: LegalBasis;
        readonly interest?: string;
      }
    | {
        readonly type: 'transfers';
        readonly countries: readonly Country[];
        readonly mechanisms: readonly TransferMechanism[];
        readonly encrypted: boolean;
      };
  readonly purposes: readonly Purpose[];
}

export interface Disclosure extends ObligationHead {
  readonly kind: 'DISCLOSE';
  readonly recipient: string;
  readonly name: string;
  readonly role: RecipientRole;
  readonly purposes: readonly Purpose[];
  readonly categories: readonly Category[];
  readonly country: Country;
  readonly transfer?: TransferMechanism;
  readonly hosts: RecipientStatement['hosts'];
  readonly redaction?: RedactionMode;
  readonly when?: Feature;
}

export interface Requirement extends ObligationHead {
  readonly kind: 'REQUIRE';
  readonly capability:
    | { readonly type: 'controller' }
    | { readonly type: 'subjects'; readonly subjects: readonly Subject[] }
    | { readonly type: 'jurisdictions'; readonly jurisdictions: readonly Jurisdiction[] }
    | { readonly type: 'languages'; readonly languages: readonly Language[] }
    | { readonly type: 'identity'; readonly identity: readonly Identity[] }
    | { readonly type: 'kept_after_deletion'; readonly keys: readonly RetentionKey[] }
    | { readonly type: 'breach_notice'; readonly when: Breach['notify_users_when'] }
    | {
        readonly type: 'right';
        readonly right: Right;
        readonly scope: RightScope;
        readonly channels: readonly Channel[];
        readonly formats?: readonly ExportFormat[];
      }
    | { readonly type: 'in_transit'; readonly scheme: TransportScheme }
    | {
        readonly type: 'at_rest';
        readonly scheme: AtRestScheme;
        readonly scope: readonly (Category | CategoryGroup)[];
      }
    | { readonly type: 'passwords'; readonly scheme: PasswordScheme }
    | { readonly type: 'access'; readonly need_to_know: NeedToKnow; readonly break_glass: BreakGlass }
    | { readonly type: 'monitoring' }
    | { readonly type: 'audit_chain'; readonly retention: RetentionKey }
    | { readonly type: 'backups_encrypted' }
    | { readonly type: 'restore_replays_erasures' }
    | {
        readonly type: 'log_fields';
        readonly log: LogClass;
        readonly fields: readonly LogField[];
        readonly retention: RetentionKey;
      }
    | { readonly type: 'cookie'; readonly cookie: CookieStatement }
    | { readonly type: 'tracker'; readonly tracker: TrackerStatement }
    | { readonly type: 'consent_receipts' }
    | { readonly type: 'gpc'; readonly status: Consent['gpc_status'] }
    | { readonly type: 'acceptance'; readonly mode: Acceptance['mode'] }
    | {
        readonly type: 'legal_request_register';
        readonly approval: Approval;
        readonly basis: LegalBasis;
      }
    | { readonly type: 'sharing_exception'; readonly exception: SharingException }
    | { readonly type: 'breach_register' }
    | { readonly type: 'change_notice'; readonly notice: Changes['notice'] }
    | { readonly type: 'history'; readonly history: Changes['history'] }
    | { readonly type: 'self_service_deletion' }
    | { readonly type: 'balance_on_deletion'; readonly balance: BalanceOutcome }
    | {
        readonly type: 'evidence';
        readonly publish: Verification['publish'];
        readonly sign: Verification['sign'];
      }
    | {
        readonly type: 'identity_check';
        readonly level: VerificationLevel;
        readonly max_extra_data: RightsTerms['verification']['max_extra_data'];
      };
}

export interface Deadline extends ObligationHead {
  readonly kind: 'DEADLINE';
  readonly event:
    | 'right_requested'
    | 'first_reply'
    | 'deletion_requested'
    | 'child_discovered'
    | 'breach_known'
    | 'material_change'
    | 'probe_run'
    | 'backup_drill'
    | 'subscription_cancelled'
    | 'consent_reasked';
  /** For `child_discovered`: what is done. */
  readonly action?: DiscoveryAction;
  /** For `first_reply`: the aim, which is shorter. */
  readonly target?: IsoDuration;
  /** For `right_requested`: which right. */
  readonly right?: Right;
  readonly within: IsoDuration;
  readonly calendar: 'every_day' | 'business_days';
}

export interface GateObligation extends ObligationHead {
  readonly kind: 'GATE';
  readonly condition:
    | { readonly type: 'age'; readonly min_age: number; readonly gate: AgeGate }
    | { readonly type: 'consent'; readonly purpose: Purpose; readonly features: readonly Feature[] }
    | { readonly type: 'explicit'; readonly of: Category | Purpose }
    | { readonly type: 'sale'; readonly mode: 'opt_in' | 'opt_out'; readonly scope: Sharing['sale_scope'] }
    | { readonly type: 'advertising' }
    | { readonly type: 'feature'; readonly feature: Feature; readonly recipient: string };
}

export interface AttestObligation extends ObligationHead {
  readonly kind: 'ATTEST';
  readonly what:
    | {
        readonly type: 'control';
        readonly control: Control;
        readonly owner: string;
        readonly every: IsoDuration;
      }
    | { readonly type: 'contract'; readonly recipient: string; readonly ref: string }
    | { readonly type: 'transfer'; readonly recipient: string; readonly mechanism: TransferMechanism };
  /** When somebody last confirmed it; absent: nobody has. */
  readonly last?: IsoDate;
  /** From then on it counts as not confirmed. */
  readonly expires?: IsoDate;
}
