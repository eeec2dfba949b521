// The tag of a column. Which kind of tag a column may carry follows from its PostgreSQL domain, so protection
// that is declared and protection that exists cannot come apart.
import type { SealingClass } from '../keys/key-ref.ts';
import type {
  CategoryAllowedHashed,
  CategoryAllowedInClear,
  CategoryAllowedInIndex,
  CategoryAllowedSealed,
} from './categories.ts';
import type { LegalBasis, Purpose, RetentionKey } from './purposes.ts';

export type AtLeastOne<T> = readonly [T, ...T[]];

/** What every tag says. */
interface Declared {
  readonly purposes: AtLeastOne<Purpose>;
  readonly basis: LegalBasis;
  /** The interest pursued; demanded by the basis `legitimate_interest` (GDPR Art. 13(1)(d)). */
  readonly interest?: string;
  readonly retention: RetentionKey;
}

/** A value anybody who reads the table can read. It cannot be shredded, only removed or changed. */
export interface ClearFields extends Declared {
  readonly category: CategoryAllowedInClear;
  readonly dispose: 'erase' | 'anonymise' | 'aggregate';
}

/** A value under a data key; `sealedUnder` says which of its owner's keys. */
export interface SealedFields extends Declared {
  readonly category: CategoryAllowedSealed;
  readonly sealedUnder: SealingClass;
  readonly dispose: 'erase' | 'shred';
}

/** A keyed index of a value; `comparesWithin` says how far equality can be seen. */
export interface IndexFields extends Declared {
  readonly category: CategoryAllowedInIndex;
  readonly comparesWithin: 'workspace' | 'installation';
  readonly dispose: 'erase' | 'shred';
}

/** A keyed hash of a secret that is only compared. */
export interface HashFields extends Declared {
  readonly category: CategoryAllowedHashed;
  readonly dispose: 'erase';
}

export interface ClearTag extends ClearFields {
  readonly protection: 'clear';
}
export interface SealedTag extends SealedFields {
  readonly protection: 'sealed';
}
export interface IndexTag extends IndexFields {
  readonly protection: 'indexed';
}
export interface HashTag extends HashFields {
  readonly protection: 'hashed';
}

/**
 * A jsonb column in clear: closed, each leaf tagged by its path (`card.brand`, `items[].id`). JSON whose shape a
 * customer decides cannot be closed and has to be sealed.
 */
export interface ClosedJsonTag {
  readonly protection: 'json';
  readonly leaves: { readonly [path: string]: ClearTag | OperationsTag };
}

/** Says that a column holds nothing about anybody: counters, states, times of the machinery. */
export interface OperationsTag {
  readonly protection: 'none';
}
export const operations: OperationsTag = { protection: 'none' };

export type Tag = ClearTag | SealedTag | IndexTag | HashTag | ClosedJsonTag | OperationsTag;

/** Tags a column in clear. */
export const clear = <const T extends ClearFields>(tag: T): T & { readonly protection: 'clear' } => ({
  ...tag,
  protection: 'clear',
});

/** Tags a column of the domain `privacy.sealed`. */
export const sealed = <const T extends SealedFields>(tag: T): T & { readonly protection: 'sealed' } => ({
  ...tag,
  protection: 'sealed',
});

/** Tags a column of the domain `privacy.blind_index`. */
export const indexed = <const T extends IndexFields>(tag: T): T & { readonly protection: 'indexed' } => ({
  ...tag,
  protection: 'indexed',
});

/** Tags a column of the domain `privacy.keyed_hash`. */
export const hashed = <const T extends HashFields>(tag: T): T & { readonly protection: 'hashed' } => ({
  ...tag,
  protection: 'hashed',
});

/** Tags a jsonb column whose leaves are all known. */
export const closedJson = <const T extends ClosedJsonTag['leaves']>(
  leaves: T,
): { readonly protection: 'json'; readonly leaves: T } => ({ protection: 'json', leaves });
