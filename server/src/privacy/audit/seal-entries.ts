// The sealer: gives committed entries their places. Entries are found by their marks, not by a position in time, so
// one whose transaction was long is sealed late and never left out.
//
//   recorded (mark) --sealed--> linked (place, hash; mark gone) --retention--> pruned (segment's signed head stays)
//
// One transaction does a batch whole: places, hashes, the signed head, the marks, the end of the chain. Killed before
// the commit, nothing of it has happened. The lock on the end of the chain lets one sealer work at a time, and its
// epoch refuses one that works on what it read before somebody else moved on: the chain cannot fork.
import type { Database, Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { idTimeMs } from '#platform/ids';
import type { Keyring } from '../keys/keyring.ts';
import { linkHash, type SegmentHead, segmentContent } from './canonical.ts';
import {
  type ChainHead,
  deletePending,
  insertLinks,
  isPending,
  type LinkedEntry,
  lockChain,
  moveChain,
  type NewLink,
  readPending,
  readSegment,
  writeSegment,
} from './chain.sql.ts';

/** Entries sealed in one transaction. */
const BATCH_ENTRIES_MAX = 1_000;
/** Links of one segment: what a check reads at least, and retention removes at least. */
const SEGMENT_LINKS_MAX = 10_000n;

export interface Sealing {
  readonly sealed: number;
  /** True when there may be more to seal at once. */
  readonly more: boolean;
}

/**
 * Seals one batch of committed entries. May be repeated and run by any number of processes; they take turns.
 * `limit` is for tests.
 */
export async function sealEntries(
  db: Database,
  keyring: Keyring,
  limit = BATCH_ENTRIES_MAX,
): Promise<Sealing> {
  // Asked first without the lock, so that a platform where nothing happens writes nothing.
  if (!(await db.batch(isPending))) return NOTHING;
  return db.batch((tx) => sealBatch(tx, keyring, limit));
}

const NOTHING: Sealing = { sealed: 0, more: false };

async function sealBatch(tx: Tx, keyring: Keyring, limit: number): Promise<Sealing> {
  // Two statements: the snapshot that reads is younger than the lock.
  const [end, entries] = await Promise.all([lockChain(tx), readPending(tx, limit)]);
  if (entries.length === 0) return NOTHING;
  const { links, heads } = chainUp(end, await growing(tx, end), entries);
  const last = heads.at(-1)!;
  const [, , , moved] = await Promise.all([
    insertLinks(tx, links),
    Promise.all(heads.map((head) => writeSegment(tx, head, keyring.sign(segmentContent(head))))),
    deletePending(
      tx,
      entries.map(({ id }) => id),
    ),
    moveChain(tx, end.epoch, { segment: last.segment, seq: last.lastSeq, headHash: last.headHash }),
  ]);
  assertInvariant(moved, 'who holds the lock of the audit chain is the only one to move it');
  return { sealed: entries.length, more: entries.length === limit };
}

/** The newest segment, when it may still grow. */
async function growing(tx: Tx, end: ChainHead): Promise<SegmentHead | undefined> {
  const newest = end.segment === 0 ? undefined : await readSegment(tx, end.segment);
  return newest?.pruned ? undefined : newest;
}

/** Places and hashes for entries, and the heads of the segments they fill. A segment holds one month. */
export function chainUp(
  end: Pick<ChainHead, 'segment' | 'seq' | 'head_hash' | 'now'>,
  newest: SegmentHead | undefined,
  entries: readonly LinkedEntry[],
): { readonly links: NewLink[]; readonly heads: SegmentHead[] } {
  const links: NewLink[] = [];
  const heads = new Map<number, SegmentHead>();
  let { seq, head_hash: hash } = end;
  let current = newest;
  let segment = end.segment;
  for (const entry of entries) {
    const month = monthOf(entry.id);
    seq += 1n;
    if (current?.month !== month || seq - current.firstSeq >= SEGMENT_LINKS_MAX) {
      segment += 1;
      current = {
        segment,
        month,
        firstSeq: seq,
        lastSeq: seq,
        startHash: hash,
        headHash: hash,
        signedAt: end.now,
      };
    }
    hash = linkHash(hash, segment, seq, entry);
    links.push({ entryId: entry.id, segment, seq, hash });
    current = { ...current, lastSeq: seq, headHash: hash, signedAt: end.now };
    heads.set(segment, current);
  }
  return { links, heads: [...heads.values()] };
}

/** The month an entry's partition holds, YYYYMM in UTC. */
export function monthOf(entryId: string): number {
  const day = new Date(idTimeMs(entryId));
  return day.getUTCFullYear() * 100 + day.getUTCMonth() + 1;
}
