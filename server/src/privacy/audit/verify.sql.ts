// Statements of the check: everything there is, in the order of the chain, as it lies in the tables.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { SegmentHead } from './canonical.ts';
import type { LinkedEntry } from './chain.sql.ts';

const CHAIN_END = statement<{ segment: number; seq: bigint; head_hash: Buffer }>(
  'privacy.read_audit_chain',
  'audit',
  'select c.segment, c.seq, c.head_hash from privacy.audit_chain c',
);

export const readChainEnd = async (tx: Tx) => (await tx.exec(CHAIN_END, []))[0];

export interface SignedSegment extends SegmentHead {
  readonly keyEpoch: number;
  readonly signature: Buffer;
  /** Set where retention says that it removed the entries. */
  readonly prunedAt: Date | null;
  readonly pruningEpoch: number | null;
  readonly pruningSignature: Buffer | null;
}

const SEGMENTS = statement<SignedSegment>(
  'privacy.read_audit_segments',
  'audit',
  `select s.segment, s.month, s.first_seq as "firstSeq", s.last_seq as "lastSeq", s.start_hash as "startHash",
          s.head_hash as "headHash", s.signed_at as "signedAt", s.key_epoch as "keyEpoch", s.signature,
          p.pruned_at as "prunedAt", p.key_epoch as "pruningEpoch", p.signature as "pruningSignature"
     from privacy.audit_segment s
     left join privacy.audit_pruning p on p.segment = s.segment
    where s.segment > $1::integer
    order by s.segment
    limit $2::integer`,
);

/** Segments after one, in order. */
export const readSegments = (tx: Tx, after: number, limit: number): Promise<SignedSegment[]> =>
  tx.exec(SEGMENTS, [after, limit]);

export interface LinkRow {
  readonly entry_id: string;
  readonly seq: bigint;
  readonly hash: Buffer;
}

/** A link with its entry; the entry's columns are null where it is gone. */
export type LinkWithEntry = LinkRow & {
  readonly [Column in keyof LinkedEntry]: LinkedEntry[Column] | null;
} & { readonly payload: Buffer | null };

const LINKS = statement<LinkWithEntry>(
  'privacy.read_audit_links',
  'audit',
  `select l.entry_id, l.seq, l.hash, e.id, e.action, e.outcome, e.actor_kind, e.actor, e.object_kind, e.object,
          e.affected, e.request, e.payload_hash, e.payload,
          (extract(epoch from e.recorded_at) * 1000000)::bigint as recorded_micros
     from privacy.audit_link l
     left join privacy.audit_entry e on e.id = l.entry_id
    where l.segment = $1::integer
      and (l.seq, l.entry_id) > ($2::bigint, $3::uuid)
    order by l.seq, l.entry_id
    limit $4::integer`,
);

/** Links of a segment after a place, in the order of the chain, along audit_link_place. */
export const readLinks = (
  tx: Tx,
  segment: number,
  after: { readonly seq: bigint; readonly entryId: string },
  limit: number,
): Promise<LinkWithEntry[]> => tx.exec(LINKS, [segment, after.seq, after.entryId, limit]);

const STRAY_LINK = statement<LinkRow>(
  'privacy.find_stray_audit_link',
  'audit',
  `select l.entry_id, l.seq, l.hash
     from privacy.audit_link l
    where l.segment > $1::integer
    order by l.segment, l.seq
    limit 1`,
);

/** A link of a segment that does not exist. */
export const findStrayLink = async (tx: Tx, lastSegment: number) =>
  (await tx.exec(STRAY_LINK, [lastSegment]))[0];

const PLACELESS = statement<{ last: string | null; stray: string | null }>(
  'privacy.find_placeless_audit_entry',
  'audit',
  `with page as materialized (
     select e.id
       from privacy.audit_entry e
      where e.id > $1::uuid
      order by e.id
      limit $2::integer
   )
   select (select p.id from page p order by p.id desc limit 1) as last,
          (select p.id
             from page p
            where not exists (select from privacy.audit_link l where l.entry_id = p.id)
              and not exists (select from privacy.audit_pending w where w.entry_id = p.id)
            order by p.id
            limit 1) as stray`,
);

/** Of a page of entries after an id: the last one, and one that neither has a place nor waits for one. */
export const findPlaceless = async (tx: Tx, after: string, limit: number) =>
  (await tx.exec(PLACELESS, [after, limit]))[0]!;

const LOST = statement<{ entry_id: string }>(
  'privacy.find_lost_audit_entry',
  'audit',
  `select w.entry_id
     from privacy.audit_pending w
    where not exists (select from privacy.audit_entry e where e.id = w.entry_id)
    order by w.entry_id
    limit 1`,
);

/** A mark whose entry is gone: it was deleted before it was sealed. */
export const findLost = async (tx: Tx) => (await tx.exec(LOST, []))[0];
