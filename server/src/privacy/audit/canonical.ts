// The bytes that are hashed and signed. Every field is written with its length, so that no two entries share an
// encoding whatever they contain, and each kind of content begins with a name of its own, so that a signature over
// one can never stand for another. Changing anything here breaks every chain: a new form needs a new name.
import { createHash } from 'node:crypto';
import { writeUuid } from '#platform/arrays';
import type { LinkedEntry } from './chain.sql.ts';

/** What the first link follows: nothing was before it. */
export const GENESIS = Buffer.alloc(32);

type Field = Buffer | string | bigint | number | null;

function encode(name: string, fields: readonly Field[]): Buffer {
  const parts: Buffer[] = [];
  for (const field of [name, ...fields]) {
    const head = Buffer.alloc(5);
    if (field === null) {
      parts.push(head);
      continue;
    }
    const bytes = Buffer.isBuffer(field) ? field : Buffer.from(String(field));
    head[0] = 1;
    head.writeUInt32BE(bytes.length, 1);
    parts.push(head, bytes);
  }
  return Buffer.concat(parts);
}

function uuid(text: string): Buffer {
  const bytes = Buffer.alloc(16);
  writeUuid(bytes, text, 0);
  return bytes;
}

/** SHA-256 of sealed bytes: what stands in the chain for a payload. */
export const payloadHash = (sealed: Buffer): Buffer => createHash('sha256').update(sealed).digest();

/** An entry as it is chained: all of it but the sealed payload, for which its hash stands. */
const encodeEntry = (entry: LinkedEntry): Buffer =>
  encode('sotto/audit/entry/v1', [
    uuid(entry.id),
    entry.recorded_micros,
    entry.action,
    entry.outcome,
    entry.actor_kind,
    entry.actor,
    entry.object_kind,
    entry.object,
    entry.affected,
    entry.request === null ? null : uuid(entry.request),
    entry.payload_hash,
  ]);

/** The hash of a link: of the hash before it, its place, and its entry. */
export const linkHash = (previous: Buffer, segment: number, seq: bigint, entry: LinkedEntry): Buffer =>
  createHash('sha256')
    .update(encode('sotto/audit/link/v1', [previous, segment, seq, encodeEntry(entry)]))
    .digest();

/** What is signed of a segment. */
export interface SegmentHead {
  readonly segment: number;
  /** YYYYMM. */
  readonly month: number;
  readonly firstSeq: bigint;
  readonly lastSeq: bigint;
  readonly startHash: Buffer;
  readonly headHash: Buffer;
  readonly signedAt: Date;
}

export const segmentContent = (head: SegmentHead): Buffer =>
  encode('sotto/audit/segment/v1', [
    head.segment,
    head.month,
    head.firstSeq,
    head.lastSeq,
    head.startHash,
    head.headHash,
    head.signedAt.getTime(),
  ]);

/** What is signed when retention removes the entries of a segment: which, with which head, and when. */
export const pruningContent = (segment: number, headHash: Buffer, prunedAt: Date): Buffer =>
  encode('sotto/audit/pruning/v1', [segment, headHash, prunedAt.getTime()]);
