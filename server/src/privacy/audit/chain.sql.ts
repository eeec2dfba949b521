// Statements of the sealer and of retention: the chain's head, entries without a place, links and segments.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash } from '../map/domains.ts';
import type { SegmentHead } from './canonical.ts';

/** An entry as the chain sees it. */
export interface LinkedEntry {
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor_kind: string;
  readonly actor: KeyedHash | null;
  readonly object_kind: string | null;
  readonly object: KeyedHash | null;
  readonly affected: number | null;
  readonly request: string | null;
  readonly payload_hash: Buffer | null;
  /** Microseconds since 1970, all that PostgreSQL keeps of the time. */
  readonly recorded_micros: bigint;
}

export interface ChainHead {
  readonly epoch: bigint;
  readonly segment: number;
  readonly seq: bigint;
  readonly head_hash: Buffer;
  readonly now: Date;
}

const LOCK_CHAIN = statement<ChainHead>(
  'privacy.lock_audit_chain',
  'audit',
  `select c.epoch, c.segment, c.seq, c.head_hash, date_trunc('milliseconds', (select platform.clock())) as now
     from privacy.audit_chain c
      for update`,
);

/** The end of the chain, locked: nobody else seals or prunes until the transaction ends. */
export const lockChain = async (tx: Tx): Promise<ChainHead> => (await tx.exec(LOCK_CHAIN, []))[0]!;

const IS_PENDING = statement<{ found: boolean }>(
  'privacy.find_pending_audit',
  'audit',
  'select exists (select from privacy.audit_pending) as found',
);

/** Whether any entry waits for its place; locks nothing. */
export const isPending = async (tx: Tx): Promise<boolean> => (await tx.exec(IS_PENDING, []))[0]!.found;

const PENDING = statement<LinkedEntry>(
  'privacy.read_pending_audit',
  'audit',
  `select e.id, e.action, e.outcome, e.actor_kind, e.actor, e.object_kind, e.object, e.affected, e.request,
          e.payload_hash, (extract(epoch from e.recorded_at) * 1000000)::bigint as recorded_micros
     from privacy.audit_pending p
     join privacy.audit_entry e on e.id = p.entry_id
    order by p.entry_id
    limit $1::integer`,
);

/** Committed entries without a place, in the order of their ids. */
export const readPending = (tx: Tx, limit: number): Promise<LinkedEntry[]> => tx.exec(PENDING, [limit]);

const SEGMENT = statement<SegmentHead & { readonly pruned: boolean }>(
  'privacy.read_audit_segment',
  'audit',
  `select s.segment, s.month, s.first_seq as "firstSeq", s.last_seq as "lastSeq", s.start_hash as "startHash",
          s.head_hash as "headHash", s.signed_at as "signedAt",
          exists (select from privacy.audit_pruning p where p.segment = s.segment) as pruned
     from privacy.audit_segment s
    where s.segment = $1::integer`,
);

export const readSegment = async (tx: Tx, segment: number) => (await tx.exec(SEGMENT, [segment]))[0];

export interface NewLink {
  readonly entryId: string;
  readonly segment: number;
  readonly seq: bigint;
  readonly hash: Buffer;
}

const INSERT_LINKS = statement<never>(
  'privacy.insert_audit_links',
  'audit',
  `insert into privacy.audit_link (entry_id, segment, seq, hash)
   select u.entry_id, u.segment, u.seq, u.hash
     from unnest($1::uuid[], $2::integer[], $3::bigint[], $4::bytea[]) as u(entry_id, segment, seq, hash)`,
);

export const insertLinks = (tx: Tx, links: readonly NewLink[]): Promise<never[]> =>
  tx.exec(INSERT_LINKS, [
    arrays.uuid(links.map((link) => link.entryId)),
    arrays.integer(links.map((link) => link.segment)),
    arrays.bigint(links.map((link) => link.seq)),
    arrays.bytea(links.map((link) => link.hash)),
  ]);

const WRITE_SEGMENT = statement<never>(
  'privacy.write_audit_segment',
  'audit',
  `insert into privacy.audit_segment (segment, month, first_seq, last_seq, start_hash, head_hash, signed_at, key_epoch,
                                      signature)
   values ($1::integer, $2::integer, $3::bigint, $4::bigint, $5::bytea, $6::bytea, $7::timestamptz, $8::smallint,
           $9::bytea)
   on conflict (segment) do update
      set last_seq = excluded.last_seq,
          head_hash = excluded.head_hash,
          signed_at = excluded.signed_at,
          key_epoch = excluded.key_epoch,
          signature = excluded.signature`,
);

/** Writes a segment, or the new head of the newest one. */
export const writeSegment = (
  tx: Tx,
  head: SegmentHead,
  signature: { readonly epoch: number; readonly bytes: Buffer },
): Promise<never[]> =>
  tx.exec(WRITE_SEGMENT, [
    head.segment,
    head.month,
    head.firstSeq,
    head.lastSeq,
    head.startHash,
    head.headHash,
    head.signedAt,
    signature.epoch,
    signature.bytes,
  ]);

const UNMARK = statement<never>(
  'privacy.delete_pending_audit',
  'audit',
  `delete from privacy.audit_pending p
    where p.entry_id = any($1::uuid[])`,
);

export const deletePending = (tx: Tx, entryIds: readonly string[]): Promise<never[]> =>
  tx.exec(UNMARK, [arrays.uuid(entryIds)]);

const MOVE_CHAIN = statement<{ epoch: bigint }>(
  'privacy.move_audit_chain',
  'audit',
  `update privacy.audit_chain c
      set epoch = c.epoch + 1,
          segment = $2::integer,
          seq = $3::bigint,
          head_hash = $4::bytea
    where c.epoch = $1::bigint
   returning c.epoch`,
);

/** Moves the end of the chain on; false when somebody else moved it since it was read. */
export const moveChain = async (
  tx: Tx,
  epoch: bigint,
  end: { readonly segment: number; readonly seq: bigint; readonly headHash: Buffer },
): Promise<boolean> => (await tx.exec(MOVE_CHAIN, [epoch, end.segment, end.seq, end.headHash])).length === 1;
