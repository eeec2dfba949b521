// "Did you mean": the nearest word of a list to one that is not in it.

const LENGTH_MAX = 60;

/** The candidate that a typing error away, if one is; ties go to the first. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LENGTH_MAX) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = distanceBelow(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  // `email` for `user.contact.email`: the last part of a longer key.
  return best ?? candidates.find((candidate) => candidate.endsWith(`.${lower}`));
}

/** The edits from one word to the other; `limit` or more counts as `limit`. */
function distanceBelow(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + change));
    }
    previous = row;
  }
  return Math.min(previous[b.length]!, limit);
}
