// What an installation is and does, as plain data the server gathers: counts and names, never values. The gate
// compares it with the policy; nothing here is read from anywhere.
import type { IsoDate, IsoDuration } from '../model.ts';
import type { LegalBasis } from '../vocabulary/bases.ts';
import type { Category } from '../vocabulary/categories.ts';
import type { Feature } from '../vocabulary/features.ts';
import type { AgeGate } from '../vocabulary/people.ts';
import type { Purpose } from '../vocabulary/purposes.ts';
import type { Disposal, RetentionKey } from '../vocabulary/retention.ts';
import type { Right } from '../vocabulary/rights.ts';

export interface Facts {
  /** The day they were gathered, in UTC. */
  readonly today: IsoDate;
  readonly columns: readonly ColumnFact[];
  readonly egress: readonly EgressFact[];
  readonly carriers: readonly CarrierFact[];
  readonly config: ConfigFacts;
  /** Rights that code answers. */
  readonly rightsHandled: readonly Right[];
  readonly schema: SchemaFacts;
}

/** A column that the data map says holds something about somebody. */
export interface ColumnFact {
  /** With its schema: `accounts.account`. */
  readonly table: string;
  readonly column: string;
  readonly category: Category;
  readonly purposes: readonly Purpose[];
  readonly basis: LegalBasis;
  readonly retention: RetentionKey;
  readonly dispose: Disposal;
  readonly protection: 'clear' | 'sealed' | 'indexed' | 'hashed';
  /** Class of the key of a sealed column: `content_inbound`, `identity`, ... */
  readonly sealedUnder?: string;
  /** The column is written only while this feature is on. */
  readonly feature?: Feature;
  /** Rows that have a value; absent: not counted. */
  readonly liveValues?: number;
  /** A constraint of the database keeps the column empty. */
  readonly nullGuard?: boolean;
}

/** A recipient the egress client can call. */
export interface EgressFact {
  /** Key of the policy's `recipients`. */
  readonly name: string;
  readonly purpose: Purpose;
  readonly hosts: readonly string[] | 'customer_endpoints';
  /** Names of the fields its requests may carry. */
  readonly fields: readonly string[];
  /** What those fields hold. */
  readonly categories: readonly Category[];
  /** The recipient is called only while this feature is on. */
  readonly feature?: Feature;
}

export interface CarrierFact {
  readonly id: string;
  /** Key of the policy's `recipients`. */
  readonly recipient: string;
  readonly host: string;
  readonly tls: boolean;
  readonly loopback: boolean;
  /** The simulator of this installation: it is no recipient. */
  readonly simulated: boolean;
  /** How long it keeps content; absent: not known. */
  readonly upstreamRetention?: IsoDuration;
  /** It drops or blanks content after use, and a probe has seen it. */
  readonly redactionOn?: boolean;
}

export interface ConfigFacts {
  readonly mode: 'development' | 'production';
  readonly publicUrlHttps: boolean;
  readonly databaseTls: boolean;
  readonly databaseLoopback: boolean;
  /** The key store lies in what backups of the database or its directory copy. */
  readonly keysInsideBackup: boolean;
  /** How long backups are kept; absent: no backups are set up. */
  readonly databaseBackupMaxAge?: IsoDuration;
  readonly keyBackupMaxAge?: IsoDuration;
  /** What the worker deletes by; a rule that is absent here never ends anything. */
  readonly retention: { readonly [K in RetentionKey]?: IsoDuration };
  /** How long texts are kept; absent: they are not stored. */
  readonly contentStored: {
    readonly inbound?: IsoDuration;
    readonly outbound?: IsoDuration;
  };
  /** Texts reach logs, queues, traces or dead letters. */
  readonly logBodies: boolean;
  readonly cookies: readonly { readonly name: string; readonly essential: boolean }[];
  readonly trackers: readonly string[];
  readonly age: { readonly minAge: number; readonly gate: AgeGate };
  readonly features: { readonly [F in Feature]?: boolean };
}

export interface SchemaFacts {
  /** Tables and columns that the database has and the data map does not know: `accounts.account.nickname`. */
  readonly unknownColumns: readonly string[];
  /** Columns that the data map knows and the database does not have. */
  readonly missingColumns: readonly string[];
}
