// The check of the whole trail, or of a part of it: hashes, places, signed heads, and that nothing stands outside.
//
// What it proves: nobody who cannot sign has changed, removed, added or moved an entry since it was sealed, which is
// seconds after its commit. What it cannot see by itself: the trail put back as it was at an earlier signed head, by
// somebody who can rewrite all of its tables. Against that a head is noted elsewhere and given as `expected`.
import type { Database, Tx } from '#platform/database';
import type { Keyring } from '../keys/keyring.ts';
import { GENESIS, pruningContent, segmentContent } from './canonical.ts';
import { type Break, checkSegment } from './check-segment.ts';
import {
  findLost,
  findPlaceless,
  findStrayLink,
  type LinkWithEntry,
  readChainEnd,
  readLinks,
  readSegments,
  type SignedSegment,
} from './verify.sql.ts';

/** The end of the chain at some moment, to be noted outside the database. */
export interface NotedHead {
  readonly seq: bigint;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

export interface VerifyRange {
  /** First and last segment to check; the whole chain when left out. What lies outside is then not looked at. */
  readonly fromSegment?: number;
  readonly toSegment?: number;
  /** A head noted earlier: the chain must contain it. Only for the whole chain. */
  readonly expected?: NotedHead;
}

export interface Verification {
  /** The first break in the order of the chain; null when there is none. */
  readonly firstBreak: Break | null;
  readonly segments: number;
  /** Links whose entries were read and hashed. */
  readonly links: number;
  /** Segments of which retention has left the signed head alone. */
  readonly prunedSegments: number;
  /** The end of the chain that was found; null before the first entry is sealed. */
  readonly head: NotedHead | null;
}

const SEGMENTS_PAGE = 100;
const LINKS_PAGE = 2_000;
const ENTRIES_PAGE = 5_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Checks the trail as it is at one moment, beside a running server. Reads everything in the range: minutes for
 * millions of entries. May be repeated; changes nothing.
 */
export const verifyAudit = (db: Database, keyring: Keyring, range: VerifyRange = {}): Promise<Verification> =>
  // One moment for the whole check, so that sealing and pruning beside it are no breaks.
  db.moment((tx) => new Check(tx, keyring, range).run());

class Check {
  readonly #tx: Tx;
  readonly #keyring: Keyring;
  readonly #range: VerifyRange;
  readonly #whole: boolean;
  #segments = 0;
  #links = 0;
  #prunedSegments = 0;
  #last: SignedSegment | undefined;
  #sawExpected = false;

  constructor(tx: Tx, keyring: Keyring, range: VerifyRange) {
    this.#tx = tx;
    this.#keyring = keyring;
    this.#range = range;
    this.#whole = range.fromSegment === undefined && range.toSegment === undefined;
  }

  async run(): Promise<Verification> {
    const firstBreak =
      (await this.#walk()) ?? (this.#whole ? ((await this.#end()) ?? (await this.#outside())) : undefined);
    const last = this.#last;
    return {
      firstBreak: firstBreak ?? null,
      segments: this.#segments,
      links: this.#links,
      prunedSegments: this.#prunedSegments,
      head: last === undefined ? null : { seq: last.lastSeq, hash: last.headHash.toString('hex') },
    };
  }

  async #walk(): Promise<Break | undefined> {
    const first = Math.max(1, this.#range.fromSegment ?? 1);
    const until = this.#range.toSegment ?? Number.MAX_SAFE_INTEGER;
    let after = first - 1;
    for (;;) {
      const page = await readSegments(this.#tx, after, SEGMENTS_PAGE);
      for (const segment of page) {
        if (segment.segment > until) return undefined;
        const found = (await this.#segment(segment, after + 1)) ?? undefined;
        if (found) return found;
        after = segment.segment;
        this.#last = segment;
      }
      if (page.length < SEGMENTS_PAGE) return undefined;
    }
  }

  async #segment(segment: SignedSegment, wanted: number): Promise<Break | undefined> {
    const before = this.#last;
    const breakAt = (kind: Break['kind'], found: string): Break => ({
      kind,
      segment: segment.segment,
      seq: segment.firstSeq,
      entryId: null,
      found,
    });
    if (segment.segment !== wanted) {
      return { ...breakAt('deleted', 'A segment is gone.'), segment: wanted, seq: null };
    }
    const signature = { epoch: segment.keyEpoch, bytes: segment.signature };
    if (!this.#keyring.isSigned(segmentContent(segment), signature)) {
      return breakAt('forged', 'The head of the segment is not what was signed.');
    }
    // The first segment of a part has nothing to follow; that it follows the one before is seen with the whole.
    const follows = before ?? (wanted === 1 ? { headHash: GENESIS, lastSeq: 0n } : undefined);
    if (
      follows &&
      !(follows.headHash.equals(segment.startHash) && follows.lastSeq + 1n === segment.firstSeq)
    ) {
      return breakAt('forged', 'The segment does not follow the one before it.');
    }
    this.#segments += 1;
    const links = await this.#linksOf(segment.segment);
    this.#noteExpected(segment.lastSeq, segment.headHash);
    if (segment.prunedAt === null) {
      this.#links += links.length;
      return checkSegment(segment, links);
    }
    this.#prunedSegments += 1;
    const pruning = { epoch: segment.pruningEpoch!, bytes: segment.pruningSignature! };
    if (
      !this.#keyring.isSigned(pruningContent(segment.segment, segment.headHash, segment.prunedAt), pruning)
    ) {
      return breakAt('deleted', 'The entries are gone, and retention did not remove them.');
    }
    const [left] = links;
    if (left === undefined) return undefined;
    return { ...breakAt('inserted', 'A pruned segment has links.'), seq: left.seq, entryId: left.entry_id };
  }

  /** All links of a segment: a segment is bounded, and so is what is read of one that is not as it should be. */
  async #linksOf(segment: number): Promise<LinkWithEntry[]> {
    const links: LinkWithEntry[] = [];
    let after = { seq: 0n, entryId: BEFORE_ALL };
    for (;;) {
      const page = await readLinks(this.#tx, segment, after, LINKS_PAGE);
      for (const link of page) {
        links.push(link);
        this.#noteExpected(link.seq, link.hash);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < LINKS_PAGE || links.length > LINKS_READ_MAX) return links;
      after = { seq: last.seq, entryId: last.entry_id };
    }
  }

  #noteExpected(seq: bigint, hash: Buffer): void {
    const { expected } = this.#range;
    if (expected?.seq === seq && hash.toString('hex') === expected.hash) this.#sawExpected = true;
  }

  /** Whether the chain ends where the last signed head says, and contains the head that was noted. */
  async #end(): Promise<Break | undefined> {
    const end = await readChainEnd(this.#tx);
    const last = this.#last;
    const tail = (kind: Break['kind'], found: string, seq: bigint | null): Break => ({
      kind,
      segment: last?.segment ?? null,
      seq,
      entryId: null,
      found,
    });
    if (end === undefined) return tail('deleted', 'The end of the chain is gone.', null);
    const lastSeq = last?.lastSeq ?? 0n;
    const lastHash = last?.headHash ?? GENESIS;
    if (end.seq > lastSeq) return tail('truncated', 'The last segments are gone.', lastSeq + 1n);
    if (end.seq !== lastSeq || !end.head_hash.equals(lastHash)) {
      return tail('forged', 'The end of the chain is not the last signed head.', lastSeq);
    }
    const { expected } = this.#range;
    if (expected === undefined || this.#sawExpected) return undefined;
    if (expected.seq > lastSeq)
      return tail('truncated', 'The chain ends before the head that was noted.', lastSeq);
    return tail('forged', 'The chain does not contain the head that was noted.', expected.seq);
  }

  /** Links and entries that no signed segment knows, and marks without an entry. */
  async #outside(): Promise<Break | undefined> {
    const none = { segment: null, seq: null };
    const stray = await findStrayLink(this.#tx, this.#last?.segment ?? 0);
    if (stray) {
      const { entry_id: entryId, seq } = stray;
      return { ...none, kind: 'inserted', seq, entryId, found: 'A link stands outside every segment.' };
    }
    const lost = await findLost(this.#tx);
    if (lost) {
      return {
        ...none,
        kind: 'deleted',
        entryId: lost.entry_id,
        found: 'An entry is gone that was not sealed yet.',
      };
    }
    let after = BEFORE_ALL;
    for (;;) {
      const { last, stray: placeless } = await findPlaceless(this.#tx, after, ENTRIES_PAGE);
      if (placeless !== null) {
        return {
          ...none,
          kind: 'inserted',
          entryId: placeless,
          found: 'An entry has no place in the chain and does not wait for one.',
        };
      }
      if (last === null) return undefined;
      after = last;
    }
  }
}

/** Twice what a segment holds: enough to see that one holds too much. */
const LINKS_READ_MAX = 20_000;
