// Writing entries and reading them back in pages.
import type { Tx } from '#platform/database';
import { idFloor } from '#platform/ids';
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

const columns = `e.id, e.action, e.outcome, e.actor_kind, e.actor, e.object_kind, e.object, e.affected, e.request,
       e.recorded_at, l.seq`;
/** $1 and $2 bound the ids, $3 and $4 the times; $5 is the limit. */
const within = `e.id >= $1::uuid and e.id < $2::uuid and e.recorded_at >= $3::timestamptz and e.recorded_at < $4::timestamptz`;

const PAGE = statement<EntryRow>(
  'privacy.read_audit_page',
  'audit',
  `select ${columns}
     from privacy.audit_entry e
     left join privacy.audit_link l on l.entry_id = e.id
    where ${within}
    order by e.id desc
    limit $5::integer`,
);

const PAGE_OF_ACTION = statement<EntryRow>(
  'privacy.read_audit_page_of_action',
  'audit',
  `select ${columns}
     from privacy.audit_entry e
     left join privacy.audit_link l on l.entry_id = e.id
    where e.action = $6::text and ${within}
    order by e.id desc
    limit $5::integer`,
);

const HOUR_MS = 3_600_000;
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * A page of entries, newest first: along the primary key, or audit_entry_action for one action. Times bound the ids
 * too, with an hour to spare, so that partitions outside them are not opened.
 */
export function selectEntries(tx: Tx, filter: EntryFilter): Promise<EntryRow[]> {
  const { action, after, before, below, limit } = filter;
  const floor = after === null ? LOWEST_ID : idFloor(after.getTime() - HOUR_MS);
  const latest = before === null ? HIGHEST_ID : idFloor(before.getTime() + HOUR_MS);
  const values = [
    floor,
    below !== null && below < latest ? below : latest,
    after ?? '-infinity',
    before ?? 'infinity',
    limit,
  ];
  return action === null ? tx.exec(PAGE, values) : tx.exec(PAGE_OF_ACTION, [...values, action]);
}
