// Reader of lists.
import { type Reader, sayPlace, wrongKind } from './reader.ts';

/** A list without repetitions, in the order written. A single value stands for a list of one. */
export function list<T>(of: Reader<T>, countMax: number, countMin = 0): Reader<readonly T[]> {
  const takes = `a list of ${of.takes.replace(/^an? /, '')}`;
  return {
    takes,
    read(node, path, reading) {
      if (node.kind === 'map' || (node.kind === 'scalar' && node.value === null)) {
        return wrongKind(takes, node, path, reading);
      }
      const items = node.kind === 'list' ? node.items : [node];
      if (items.length > countMax || items.length < countMin) {
        return reading.report(
          node.at,
          items.length === 0 ? 'E-MISSING' : 'E-LIMIT',
          path,
          `${sayPlace(path)} has ${items.length} values; it takes ${countMin} to ${countMax}.`,
          items.length < countMin ? 'Add a value.' : 'Shorten the list.',
        );
      }
      const seen = new Set<string>();
      let complete = true;
      const values: T[] = [];
      items.forEach((item, index) => {
        const place = node.kind === 'list' ? `${path}[${index}]` : path;
        const value = of.read(item, place, reading);
        if (value === undefined) {
          complete = false;
          return;
        }
        const identity = JSON.stringify(value);
        if (seen.has(identity)) {
          complete = false;
          reading.report(item.at, 'E-VALUE', place, `${sayPlace(place)} repeats a value.`, 'Keep it once.');
        }
        seen.add(identity);
        values.push(value);
      });
      return complete ? values : undefined;
    },
  };
}
