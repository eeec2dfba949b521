// Writing entries and reading them back in pages.
import { sql } from 'kysely';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash, Sealed } from '../map/domains.ts';

export interface NewEntry {
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly actorKind: string;
  readonly actor: KeyedHash | null;
  readonly objectKind: string | null;
  readonly object: KeyedHash | null;
  readonly affected: number | null;
  readonly request: string | null;
  readonly payload: Sealed | null;
  readonly payloadHash: Buffer | null;
}

/** Entry and its mark for the sealer in one statement: neither exists without the other. */
const INSERT = statement<never>(
  'privacy.insert_audit_entry',
  'audit',
  `with written as (
     insert into privacy.audit_entry (id, action, outcome, actor_kind, actor, object_kind, object, affected, request,
                                      payload, payload_hash)
     values ($1::uuid, $2::text, $3::text, $4::text, $5::bytea, $6::text, $7::bytea, $8::integer, $9::uuid,
             $10::bytea, $11::bytea)
     returning id
   )
   insert into privacy.audit_pending (entry_id)
   select id from written`,
);

export const insertEntry = (tx: Tx, entry: NewEntry): Promise<never[]> =>
  tx.exec(INSERT, [
    entry.id,
    entry.action,
    entry.outcome,
    entry.actorKind,
    entry.actor,
    entry.objectKind,
    entry.object,
    entry.affected,
    entry.request,
    entry.payload,
    entry.payloadHash,
  ]);

export interface EntryFilter {
  readonly action: string | null;
  /** At or after. */
  readonly after: Date | null;
  /** Before. */
  readonly before: Date | null;
  /** Entries with an id below this one. */
  readonly below: string | null;
  readonly limit: number;
}

export interface EntryRow {
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor_kind: string;
  readonly actor: KeyedHash | null;
  readonly object_kind: string | null;
  readonly object: KeyedHash | null;
  readonly affected: number | null;
  readonly request: string | null;
  readonly recorded_at: Date;
  readonly seq: bigint | null;
}

/**
 * A page of entries, newest first: along the primary key, or audit_entry_action for one action. Times bound the ids
 * too, with an hour to spare, so that partitions outside them are not opened.
 */
export function selectEntries(tx: Tx, filter: EntryFilter): Promise<EntryRow[]> {
  const { action, after, before, below, limit } = filter;
  const floor = (at: Date, spare: string) =>
    sql<string>`(select platform.id_floor(${at}::timestamptz + ${spare}::interval))`;
  return tx.run(
    q
      .selectFrom('privacy.audit_entry as e')
      .leftJoin('privacy.audit_link as l', 'l.entry_id', 'e.id')
      .select([
        'e.id',
        'e.action',
        'e.outcome',
        'e.actor_kind',
        'e.actor',
        'e.object_kind',
        'e.object',
        'e.affected',
        'e.request',
        'e.recorded_at',
        'l.seq',
      ])
      .$if(action !== null, (query) => query.where('e.action', '=', action!))
      .$if(below !== null, (query) => query.where('e.id', '<', below!))
      .$if(after !== null, (query) =>
        query.where('e.recorded_at', '>=', after!).where('e.id', '>=', floor(after!, '-1 hour')),
      )
      .$if(before !== null, (query) =>
        query.where('e.recorded_at', '<', before!).where('e.id', '<', floor(before!, '1 hour')),
      )
      .orderBy('e.id', 'desc')
      .limit(limit),
  );
}
