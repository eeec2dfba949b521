// Readers of maps whose keys are many: words of a closed list, or chosen by the operator.
import { below } from './node.ts';
import { type Reader, sayPlace, wrongKind } from './reader.ts';
import { suggest } from './values.ts';

/** A map whose keys are words of a closed list, with one reader for all values. */
export function record<K extends string, V>(
  keys: readonly K[],
  of: Reader<V>,
): Reader<{ readonly [P in K]?: V }> {
  return entriesOf<V, { readonly [P in K]?: V }>(
    of,
    keys.length,
    (key) => (keys as readonly string[]).includes(key),
    (key) => suggest(key, keys),
  );
}

/** A map whose keys the operator chooses, in a form. */
export function keyed<V>(
  keys: { readonly form: RegExp; readonly says: string },
  of: Reader<V>,
  countMax: number,
): Reader<{ readonly [key: string]: V }> {
  return entriesOf<V, { readonly [key: string]: V }>(
    of,
    countMax,
    (key) => keys.form.test(key),
    () => `Keys here are ${keys.says}.`,
  );
}

function entriesOf<V, T extends object>(
  of: Reader<V>,
  countMax: number,
  fits: (key: string) => boolean,
  hintFor: (key: string) => string,
): Reader<T> {
  return {
    takes: 'a map',
    read(node, path, reading) {
      if (node.kind !== 'map') return wrongKind('a map', node, path, reading);
      const values: [string, V][] = [];
      let complete = true;
      for (const [key, entry] of node.entries) {
        if (!fits(key)) {
          complete = false;
          if (reading.isFull) break;
          reading.report(
            entry.at,
            'E-UNKNOWN-KEY',
            below(path, key),
            `${sayPlace(path)} has no key "${key.slice(0, 60)}".`,
            hintFor(key),
          );
          continue;
        }
        const value = of.read(entry.value, below(path, key), reading);
        if (value === undefined) complete = false;
        else values.push([key, value]);
      }
      if (values.length > countMax) {
        return reading.report(
          node.at,
          'E-LIMIT',
          path,
          `${sayPlace(path)} has more than ${countMax} keys.`,
          'Shorten it.',
        );
      }
      return complete ? (Object.fromEntries(values) as T) : undefined;
    },
  };
}
