// Many octet strings looked for at once (S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", 1994): a
// window as long as the shortest pattern moves over the text, and by its last octets one sees how far it may move.
// Hundreds of forms are looked for in an installation of some hundred megabytes.

type Search = (text: Buffer, found: Set<number>) => void;

interface Pattern {
  readonly at: number;
  readonly octets: Buffer;
}

/** Octets at the end of the window that decide; a pattern has at least as many. */
const BLOCK = 3;
const HASH_BITS = 18;

/** Finds which of the patterns, by place, a text contains. Patterns have at least three octets. */
export function createPatternSearch(patterns: readonly Buffer[]): (text: Buffer) => ReadonlySet<number> {
  if (patterns.some(({ length }) => length < BLOCK))
    throw new RangeError(`a pattern has at least ${BLOCK} octets`);
  // One short pattern would make the steps short for all: those of about one length are looked for together.
  const byLength = Map.groupBy(
    patterns.map((octets, at) => ({ at, octets })),
    ({ octets }) => Math.floor(Math.log2(octets.length)),
  );
  const searches = [...byLength.values()].map(searchFor);
  return (text) => {
    const found = new Set<number>();
    for (const search of searches) search(text, found);
    return found;
  };
}

const hash = (first: number, second: number, third: number): number =>
  ((first << 10) ^ (second << 5) ^ third) & ((1 << HASH_BITS) - 1);

const hashAt = (octets: Buffer, end: number): number =>
  hash(octets[end - 2]!, octets[end - 1]!, octets[end]!);

function searchFor(patterns: readonly Pattern[]): Search {
  const window = Math.min(...patterns.map(({ octets }) => octets.length), 256);
  const step = new Uint8Array(1 << HASH_BITS).fill(window - BLOCK + 1);
  const candidates = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    for (let end = BLOCK - 1; end < window; end++) {
      const block = hashAt(pattern.octets, end);
      step[block] = Math.min(step[block]!, window - 1 - end);
    }
    const last = hashAt(pattern.octets, window - 1);
    candidates.set(last, [...(candidates.get(last) ?? []), pattern]);
  }
  return (text, found) => {
    for (let end = window - 1; end < text.length; ) {
      const block = hash(text[end - 2]!, text[end - 1]!, text[end]!);
      const steps = step[block]!;
      if (steps > 0) {
        end += steps;
        continue;
      }
      const begin = end - window + 1;
      for (const { at, octets } of candidates.get(block)!) {
        if (octets[0] === text[begin] && octets.equals(text.subarray(begin, begin + octets.length)))
          found.add(at);
      }
      end += 1;
    }
  };
}
