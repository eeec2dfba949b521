// Reads that name a purpose. A reader is Kysely cut down to `selectFrom` and `with`, over tables cut down to the
// columns whose tag lists the purpose; so a read that asks for more does not compile, wherever it asks: selected,
// compared, ordered or grouped by, joined on, aggregated. Writing is not among what a reader can do.
//
// What types let through (`selectAll`, `sql`, casts) the guard refuses when the query is compiled.
import type { Expression, Kysely } from 'kysely';
import { q, type Tx } from '#platform/database';
import type { DB } from '#platform/tables';
import { mayRead } from '../checks/statement-check.ts';
import type { Steward } from '../map/data-map.ts';
import type { Purpose } from '../map/purposes.ts';
import { type ReadableColumns, ReadGuard } from './read-guard.ts';

/** Whether a tag allows a purpose; what is about nobody is allowed for all. The type-level twin of `mayRead`. */
type Allows<T, P extends Purpose> = T extends { readonly protection: 'none' }
  ? true
  : T extends { readonly leaves: infer L }
    ? false extends { [K in keyof L]: Allows<L[K], P> }[keyof L]
      ? false
      : true
    : T extends { readonly purposes: infer Q extends readonly Purpose[] }
      ? [P] extends [Q[number]]
        ? true
        : false
      : false;

type AllowedColumns<T, P extends Purpose> = T extends { readonly columns: infer C }
  ? { [K in keyof C]: Allows<C[K], P> extends true ? K : never }[keyof C]
  : never;

/**
 * The tables of a steward as a purpose sees them, by the names the generated types have. The compiler's messages begin
 * with this name, the purpose and the schema.
 */
export type ReadableFor<P extends Purpose, S extends string, Tables, M> = {
  [N in keyof M & string as `${S}.${N}` & keyof Tables]: Pick<
    Tables[`${S}.${N}` & keyof Tables],
    AllowedColumns<M[N], P> & keyof Tables[`${S}.${N}` & keyof Tables]
  >;
};

/** What one purpose may read of one schema: run its queries with `tx.run`. */
export interface Reader<Seen> {
  readonly selectFrom: Kysely<Seen>['selectFrom'];
  /** A common table expression; it reads through the same reader and can be read from like a table. */
  with<const Name extends string, Row>(
    name: Name,
    body: (reader: Reader<Seen>) => Expression<Row>,
  ): Reader<Seen & { readonly [N in Name]: Row }>;
}

/** Makes readers of a schema: `read(tx, 'billing').selectFrom('ledger.wallet').select('held')`. */
export type ReadsOf<Tables, S extends string, M> = <const P extends Purpose>(
  tx: Pick<Tx, 'demandPurpose'>,
  purpose: P,
) => Reader<ReadableFor<P, S, Tables, M>>;

/**
 * The reads of one schema, for tables of any database type. Giving a reader out throws `feature_off` when the policy
 * in force lists no such purpose; compiling a query throws `UnreadableQuery` when it asks for more than its types say.
 */
export const readerOver =
  <Tables>() =>
  <const S extends string, const M>(steward: Steward<S, M>): ReadsOf<Tables, S, M> => {
    const readers = new Map<Purpose, Reader<never>>();
    return <const P extends Purpose>(tx: Pick<Tx, 'demandPurpose'>, purpose: P) => {
      tx.demandPurpose(purpose);
      let reader = readers.get(purpose);
      if (!reader) {
        const guarded = q.withPlugin(new ReadGuard(purpose, readableColumns(steward as Steward, purpose)));
        reader = narrowed(guarded as unknown as Selecting);
        readers.set(purpose, reader);
      }
      return reader as unknown as Reader<ReadableFor<P, S, Tables, M>>;
    };
  };

/** The reads of one of the product's schemas: a context makes them once, of its own steward. */
export const readerFor = readerOver<DB>();

/** Who answers whether somebody's data may be used: `#privacy/processing` has one for a policy. */
interface MayBeAsked<About> {
  demand(tx: Tx, subject: About, purpose: Purpose): Promise<void>;
}

/**
 * Reads about one person: like `readerFor`, given out only when what they asked for allows the purpose. Throws
 * `restricted` when a restriction or an objection is open, or a consent the purpose rests on does not stand.
 */
export const readerAbout = <const S extends string, const M>(steward: Steward<S, M>) => {
  const read = readerFor(steward);
  return async <const P extends Purpose, About>(
    tx: Tx,
    purpose: P,
    subject: About,
    processing: MayBeAsked<About>,
  ): Promise<Reader<ReadableFor<P, S, DB, M>>> => {
    await processing.demand(tx, subject, purpose);
    return read(tx, purpose);
  };
};

/** The part of Kysely that a reader passes on, without the types of its tables. */
interface Selecting {
  selectFrom(from: never): unknown;
  with(name: string, body: (creator: Selecting) => unknown): Selecting;
}

const narrowed = (creator: Selecting): Reader<never> =>
  ({
    selectFrom: (from: never) => creator.selectFrom(from),
    with: (name: string, body: (reader: Reader<never>) => unknown) =>
      narrowed(creator.with(name, (inner) => body(narrowed(inner)))),
  }) as unknown as Reader<never>;

function readableColumns({ schema, tables }: Steward, purpose: Purpose): ReadableColumns {
  const readable = new Map<string, ReadonlyMap<string, boolean>>();
  for (const [table, { columns }] of Object.entries(tables)) {
    const allowed = Object.entries(columns).map(([name, tag]) => [name, mayRead(tag, purpose)] as const);
    readable.set(`${schema}.${table}`, new Map(allowed));
  }
  return readable;
}
