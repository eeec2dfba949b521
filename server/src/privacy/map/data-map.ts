// The types that make a steward complete. `DataMap<DB, 'ledger'>` has exactly the tables and columns the
// generated types have in that schema, and each column accepts exactly the tag its domain allows. What the
// mapped types cannot say (rules between columns) `steward` says, as a sentence in the compiler's own error.
//
// The names of the aliases are part of the messages people read; so are the sentences.
import type { Feature } from '@sotto/policy/vocabulary/features';
import type { BlindIndex, Json, KeyedHash, Sealed } from './domains.ts';
import type {
  AtLeastOne,
  ClearTag,
  ClosedJsonTag,
  HashTag,
  IndexTag,
  OperationsTag,
  SealedTag,
  Tag,
} from './tags.ts';

/** Who data can be about. A path leads from a row to one of them, through other tables where need be. */
export type SubjectKind = 'workspace' | 'person' | 'recipient' | 'visitor' | 'staff';

/** What reading a column gives: the select side of Kysely's column wrappers, without null. */
type Read<C> = NonNullable<C extends { readonly __select__: infer S } ? S : C>;

/** The tag a column may carry, decided by its domain. */
type TagFor<C> = [C] extends [Sealed]
  ? SealedTag
  : [C] extends [BlindIndex]
    ? IndexTag
    : [C] extends [KeyedHash]
      ? HashTag
      : [NonNullable<Json>] extends [C]
        ? ClosedJsonTag
        : ClearTag | OperationsTag;

/** Every column of a table with its tag, no more and no fewer. */
type Columns<DB, K extends keyof DB> = { readonly [C in keyof DB[K]]: TagFor<Read<DB[K][C]>> };

/** One way from a row to whom it is about: a column, and the subject or the table it refers to. */
interface SubjectPath<DB, K extends keyof DB> {
  readonly column: keyof DB[K];
  readonly leadsTo: SubjectKind | keyof DB;
}

interface TableMap<DB, K extends keyof DB> {
  /** Paths to everybody a row is about, or `nobody` for a table of the machinery. */
  readonly about: 'nobody' | AtLeastOne<SubjectPath<DB, K>>;
  /** Written only while this feature is on; a policy that lacks what the feature needs switches it off. */
  readonly feature?: Feature;
  /**
   * Each row is written of those alone whom the policy in force and their own wishes allow, so that it rests on whatever
   * basis the policy gives: consent where that is asked for, the basis of the tags where the policy is silent.
   */
  readonly asksLeave?: true;
  readonly columns: Columns<DB, K>;
}

/** Everything a steward of a schema has to say: a table for each table of the database. */
export type DataMap<DB, S extends string> = {
  readonly [K in keyof DB as K extends `${S}.${infer Name}` ? Name : never]: TableMap<DB, K>;
};

/** What a table map looks like once its types are forgotten. */
export interface AnyTable {
  readonly about: 'nobody' | readonly { readonly column: PropertyKey; readonly leadsTo: PropertyKey }[];
  readonly feature?: Feature;
  readonly asksLeave?: true;
  readonly columns: { readonly [column: string]: Tag };
}
interface AnyTables {
  readonly [table: string]: AnyTable;
}

/** The data map of one schema, as a value: tests, the erasure plan and the policy compiler read it. */
export interface Steward<S extends string = string, M = AnyTables> {
  readonly schema: S;
  readonly tables: M;
}

// Rules between columns. Each complaint is a sentence that names the column.

/**
 * What is made of many people's data and stored only once nobody can be singled out. It keeps category, purpose and
 * retention, and there is nobody to lead to.
 */
type CategoryOfNobodySingly = 'user.telemetry' | 'user.telemetry.error_report';

type NeedsSubject<Name extends string, T> = T extends { about: 'nobody'; columns: infer C }
  ? {
      [K in keyof C & string]: C[K] extends { category: infer G extends `user.${string}` }
        ? G extends CategoryOfNobodySingly
          ? never
          : `${Name}.${K} is ${G}: a table about 'nobody' cannot hold it, name a subject path`
        : C[K] extends { leaves: infer L }
          ? NeedsSubject<`${Name}.${K}`, { about: 'nobody'; columns: L }>
          : never;
    }[keyof C & string]
  : never;

type NeedsRecipient<Name extends string, T> = T extends {
  about: readonly (infer P extends { leadsTo: PropertyKey })[];
  columns: infer C;
}
  ? Extract<P['leadsTo'], 'recipient' | `${string}.${string}`> extends never
    ? {
        [K in keyof C & string]: C[K] extends { category: 'user.contact.counterparty_number' }
          ? `${Name}.${K} is a third person's number: add a subject path that leads to 'recipient'`
          : never;
      }[keyof C & string]
    : never
  : never;

type NeedsInterest<Name extends string, T> = T extends { columns: infer C }
  ? {
      [K in keyof C & string]: C[K] extends { basis: 'legitimate_interest' }
        ? C[K] extends { interest: string }
          ? never
          : `${Name}.${K} rests on a legitimate interest: say in 'interest' which`
        : never;
    }[keyof C & string]
  : never;

type NeedsBasisForMarketing<Name extends string, T> = T extends { columns: infer C }
  ? {
      [K in keyof C & string]: C[K] extends {
        purposes: infer P extends readonly string[];
        basis: infer B extends string;
      }
        ? 'marketing' extends P[number]
          ? B extends 'consent' | 'legitimate_interest'
            ? never
            : `${Name}.${K} is for marketing: ${B} is no basis for that, consent or legitimate_interest is`
          : never
        : never;
    }[keyof C & string]
  : never;

type NeedsMortalKey<Name extends string, T> = T extends { columns: infer C }
  ? {
      [K in keyof C & string]: C[K] extends {
        sealedUnder: 'billing' | 'operator';
        category: infer G extends `user.content.${string}`;
      }
        ? `${Name}.${K} is ${G}: seal it under a content or identity key, this one outlives an erasure`
        : never;
    }[keyof C & string]
  : never;

/** Every complaint about a map, as a union of sentences; `never` when there is none. */
type Complaint<S extends string, M> = {
  [N in keyof M & string]:
    | NeedsSubject<`${S}.${N}`, M[N]>
    | NeedsRecipient<`${S}.${N}`, M[N]>
    | NeedsInterest<`${S}.${N}`, M[N]>
    | NeedsBasisForMarketing<`${S}.${N}`, M[N]>
    | NeedsMortalKey<`${S}.${N}`, M[N]>;
}[keyof M & string];

/**
 * The data map of a schema:
 *
 *     export const ledger = steward('ledger', { account: {...}, ... } as const satisfies DataMap<DB, 'ledger'>);
 *
 * `satisfies` checks each column against the database, `steward` the rules between them. It returns the map as it is.
 */
export const steward = <const S extends string, const M>(
  schema: S,
  tables: Complaint<S, M> extends infer Sentence
    ? [Sentence] extends [never]
      ? M
      : `${Sentence & string}`
    : never,
): Steward<S, M> => ({ schema, tables: tables as unknown as M });

/** Names of a steward's sealed columns, `schema.table.column`: what `Keyring.seal` may be asked for. */
export type SealedColumnOf<T> = ColumnWith<T, { readonly protection: 'sealed' }>;

/** Names of a steward's indexed columns. */
export type IndexedColumnOf<T> = ColumnWith<T, { readonly protection: 'indexed' }>;

type ColumnWith<T, Wanted> =
  T extends Steward<infer S, infer M>
    ? {
        [N in keyof M & string]: M[N] extends { columns: infer C }
          ? { [K in keyof C & string]: C[K] extends Wanted ? `${S}.${N}.${K}` : never }[keyof C & string]
          : never;
      }[keyof M & string]
    : never;
