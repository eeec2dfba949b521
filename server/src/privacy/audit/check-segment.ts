// One segment against its signed head: the pure part of the check. It walks the links as they should be, one place
// after the other, and names the first that is not; what happened to it follows from what is there instead.
import { linkHash, payloadHash, type SegmentHead } from './canonical.ts';
import type { LinkedEntry } from './chain.sql.ts';
import type { LinkWithEntry } from './verify.sql.ts';

/**
 * - `modified`: an entry, or the hash of its link, says something else than when it was sealed;
 * - `deleted`: an entry or a link is gone; `truncated`: the last ones are;
 * - `inserted`: there is one more than was sealed;
 * - `reordered`: places were exchanged;
 * - `forged`: everything fits together, and not to what was signed.
 */
export type BreakKind = 'modified' | 'deleted' | 'truncated' | 'inserted' | 'reordered' | 'forged';

/** The first place where the trail is not what was recorded. */
export interface Break {
  readonly kind: BreakKind;
  /** Null where the place is not one of a segment. */
  readonly segment: number | null;
  readonly seq: bigint | null;
  /** The row id of the entry, where one is there. */
  readonly entryId: string | null;
  /** What was found, in words. */
  readonly found: string;
}

/** The first break of a segment whose links, in order, are `links`; undefined when it is whole. */
export function checkSegment(head: SegmentHead, links: readonly LinkWithEntry[]): Break | undefined {
  const signed = head.lastSeq - head.firstSeq + 1n;
  const surplus = BigInt(links.length) - signed;
  let hash = head.startHash;
  for (let seq = head.firstSeq; seq <= head.lastSeq; seq++) {
    const link = links[Number(seq - head.firstSeq)];
    const breakAt = (kind: BreakKind, found: string): Break => ({
      kind,
      segment: head.segment,
      seq,
      entryId: link?.entry_id ?? null,
      found,
    });
    if (link === undefined) return breakAt('truncated', 'The links end before the signed head.');
    if (link.seq !== seq) {
      if (surplus > 0n) return breakAt('inserted', 'There are more links than were signed.');
      if (surplus < 0n) return breakAt('deleted', 'A link is gone.');
      return breakAt('reordered', 'Another link stands in this place.');
    }
    const entry = entryOf(link);
    if (entry === undefined) {
      return surplus > 0n
        ? breakAt('inserted', 'A link without an entry stands in this place.')
        : breakAt('deleted', 'The entry of this link is gone.');
    }
    const expected = linkHash(hash, head.segment, seq, entry);
    if (!expected.equals(link.hash)) {
      if (surplus > 0n) return breakAt('inserted', 'There are more links than were signed.');
      if (surplus < 0n) return breakAt('deleted', 'A link is gone, and others stand in its place.');
      return hasItsEntryElsewhere(hash, head.segment, seq, link, links)
        ? breakAt('reordered', 'The entry of another link stands in this place.')
        : breakAt('modified', 'The entry is not the one that was sealed.');
    }
    if (!hasItsPayload(link)) {
      return breakAt('modified', 'The sealed payload is not the one that was recorded.');
    }
    hash = expected;
  }
  if (surplus > 0n) {
    const extra = links[Number(signed)]!;
    return {
      kind: 'inserted',
      segment: head.segment,
      seq: extra.seq,
      entryId: extra.entry_id,
      found: 'A link stands beyond the signed head.',
    };
  }
  if (hash.equals(head.headHash)) return undefined;
  return {
    kind: 'forged',
    segment: head.segment,
    seq: head.lastSeq,
    entryId: links.at(-1)?.entry_id ?? null,
    found: 'The links fit each other, and not the signed head.',
  };
}

/** The entry of a link, or undefined when it is gone. */
function entryOf(link: LinkWithEntry): LinkedEntry | undefined {
  return link.id === null ? undefined : (link as LinkedEntry);
}

/** Whether the payload is the one whose hash is chained. Shredding leaves the bytes, so that one that is gone is a break. */
function hasItsPayload({ payload, payload_hash }: LinkWithEntry): boolean {
  if (payload === null || payload_hash === null) return payload === payload_hash;
  return payloadHash(payload).equals(payload_hash);
}

/** Whether the entry that belongs in this place is in the segment, under another link. */
function hasItsEntryElsewhere(
  previous: Buffer,
  segment: number,
  seq: bigint,
  link: LinkWithEntry,
  links: readonly LinkWithEntry[],
): boolean {
  return links.some((other) => {
    const entry = other === link ? undefined : entryOf(other);
    if (entry === undefined) return false;
    const expected = linkHash(previous, segment, seq, entry);
    return expected.equals(link.hash) || expected.equals(other.hash);
  });
}
