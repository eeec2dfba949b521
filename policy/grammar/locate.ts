// From a path back to the line it stands in.
import type { Position } from '../fault.ts';
import type { RawNode } from './node.ts';

/** The place of a path, or of the nearest thing above it that is written down. */
export function locate(root: RawNode, path: string): Position {
  let node = root;
  let at = root.at;
  let rest = path;
  while (rest !== '') {
    const index = /^\[(\d{1,6})\]\.?/.exec(rest);
    if (index) {
      const item = node.kind === 'list' ? node.items[Number(index[1])] : undefined;
      // A single value may stand for a list of one.
      if (!item) return at;
      [node, at, rest] = [item, item.at, rest.slice(index[0].length)];
      continue;
    }
    if (node.kind !== 'map') return at;
    let best: string | undefined;
    for (const key of node.entries.keys()) {
      const fits = rest === key || (rest.startsWith(key) && /^[.[]/.test(rest.slice(key.length)));
      if (fits && (best === undefined || key.length > best.length)) best = key;
    }
    if (best === undefined) return at;
    const entry = node.entries.get(best)!;
    [node, at, rest] = [entry.value, entry.at, rest.slice(best.length).replace(/^\./, '')];
  }
  return at;
}
