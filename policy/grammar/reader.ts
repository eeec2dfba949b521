// Readers: what a place of a policy takes, as values that can be put together. A reader turns a node into a typed
// value or reports every fault it finds and gives nothing. The sections are written with these, so that they read
// like the table of the language.
import { byPlace, type Fault, type Position } from '../fault.ts';
import type { FaultCode } from '../refusals.ts';
import { nearest } from './nearest.ts';
import { below, nameOfKind, type RawNode } from './node.ts';
import { FAULTS_MAX } from './parse-yaml.ts';

/** Collects faults of one reading, bounded. */
export class Reading {
  readonly #faults: Fault[] = [];

  report(at: Position, code: FaultCode, path: string, sentence: string, hint: string): undefined {
    const { file, line, column } = at;
    if (this.#faults.length < FAULTS_MAX) {
      this.#faults.push({ code, file, line, column, path, sentence, hint });
    }
    return undefined;
  }

  get faults(): readonly Fault[] {
    return this.#faults.toSorted(byPlace);
  }
}

export interface Reader<T> {
  /** What the place takes, in words that follow "has to be". */
  readonly takes: string;
  /** The value, or undefined once the fault is reported. No reader yields undefined as a value. */
  read(node: RawNode, path: string, reading: Reading): T | undefined;
}

function wrongKind(takes: string, node: RawNode, path: string, reading: Reading): undefined {
  return reading.report(
    node.at,
    'E-TYPE',
    path,
    `${sayPlace(path)} has to be ${takes}, and is ${nameOfKind(node)}.`,
    `Write ${takes}.`,
  );
}

const sayPlace = (path: string): string => (path === '' ? 'The file' : `"${path}"`);

/** Text with something in it and without control characters. */
export function text(lengthMax: number, takes = `text of at most ${lengthMax} characters`): Reader<string> {
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return wrongKind(takes, node, path, reading);
      const value = node.value.trim().normalize('NFC');
      if (value === '' || value.length > lengthMax || /[\p{Cc}\p{Cs}]/u.test(value.replaceAll('\n', ' '))) {
        return reading.report(
          node.at,
          'E-VALUE',
          path,
          `${sayPlace(path)} has to be ${takes}, without control characters.`,
          `Write ${takes}.`,
        );
      }
      return value;
    },
  };
}

/** Text that a function accepts and brings into normal form, or says in words that follow the place what is wrong. */
export function formatted(
  takes: string,
  check: (value: string) => string | { readonly wrong: string },
  code: FaultCode = 'E-VALUE',
): Reader<string> {
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return wrongKind(takes, node, path, reading);
      const checked = check(node.value);
      if (typeof checked === 'string') return checked;
      return reading.report(node.at, code, path, `${sayPlace(path)} ${checked.wrong}.`, `Write ${takes}.`);
    },
  };
}

export function integer(min: number, max: number): Reader<number> {
  const takes = `a whole number from ${min} to ${max}`;
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'number')
        return wrongKind(takes, node, path, reading);
      if (Number.isInteger(node.value) && node.value >= min && node.value <= max) return node.value;
      return reading.report(
        node.at,
        'E-VALUE',
        path,
        `${sayPlace(path)} has to be ${takes}.`,
        `Write ${takes}.`,
      );
    },
  };
}

export const boolean: Reader<boolean> = {
  takes: 'true or false',
  read(node, path, reading) {
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    return wrongKind('true or false', node, path, reading);
  },
};

/** One value and no other: `schema: 1`, `default: false`. `code` says what it means to write another. */
export function exactly<const T extends string | number | boolean>(
  value: T,
  code: FaultCode = 'E-VALUE',
): Reader<T> {
  return {
    takes: `${value}`,
    read(node, path, reading) {
      if (node.kind === 'scalar' && node.value === value) return value;
      return reading.report(
        node.at,
        code,
        path,
        `${sayPlace(path)} can only be ${value}.`,
        `Write ${value}.`,
      );
    },
  };
}

/** A word of a closed list. */
export function choice<const T extends string>(words: readonly T[]): Reader<T> {
  const takes = words.length > 8 ? `one of ${words.length} known words` : `one of ${words.join(', ')}`;
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return wrongKind(takes, node, path, reading);
      const value = node.value;
      const known = words.find((word) => word === value);
      if (known !== undefined) return known;
      return reading.report(
        node.at,
        'E-VALUE',
        path,
        `${sayPlace(path)} has no value "${value.slice(0, 60)}".`,
        suggest(value, words),
      );
    },
  };
}

function suggest(word: string, words: readonly string[]): string {
  const near = nearest(word, words);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return words.length > 24
    ? 'The documentation lists what can stand here.'
    : `It can be: ${words.join(', ')}.`;
}

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

interface RequiredField<T> {
  readonly presence: 'required';
  readonly reader: Reader<T>;
  /** The code and the words for its absence, where a better one exists than E-MISSING. */
  readonly missing?: { readonly code: FaultCode; readonly hint: string };
}
interface DefaultedField<T> {
  readonly presence: 'defaulted';
  readonly reader: Reader<T>;
  readonly value: T;
}
interface OptionalField<T> {
  readonly presence: 'optional';
  readonly reader: Reader<T>;
}
type Field<T> = RequiredField<T> | DefaultedField<T> | OptionalField<T>;

export const required = <T>(reader: Reader<T>, missing?: RequiredField<T>['missing']): RequiredField<T> => ({
  presence: 'required',
  reader,
  ...(missing ? { missing } : {}),
});
export const defaulted = <T>(reader: Reader<T>, value: T): DefaultedField<T> => ({
  presence: 'defaulted',
  reader,
  value,
});
export const optional = <T>(reader: Reader<T>): OptionalField<T> => ({ presence: 'optional', reader });

/** One field for each key of the type; a key the type may lack is optional here, and no other. */
type FieldsOf<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalField<Exclude<T[K], undefined>>
    : RequiredField<T[K]> | DefaultedField<T[K]>;
};

/** A map with these keys and no others. */
export function map<T extends object>(fields: FieldsOf<T>, takes = 'a map'): Reader<T> {
  const known = Object.keys(fields);
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'map')
        return wrongKind(`a map with the keys ${known.join(', ')}`, node, path, reading);
      const values: [string, unknown][] = [];
      let complete = true;
      for (const [key, entry] of node.entries) {
        if (!known.includes(key)) {
          complete = false;
          reading.report(
            entry.at,
            'E-UNKNOWN-KEY',
            below(path, key),
            `${path === '' ? 'A policy' : `"${path}"`} has no key "${key.slice(0, 60)}".`,
            suggest(key, known),
          );
        }
      }
      for (const [key, field] of Object.entries(fields) as [string, Field<unknown>][]) {
        const entry = node.entries.get(key);
        if (entry) {
          const value = field.reader.read(entry.value, below(path, key), reading);
          if (value === undefined) complete = false;
          else values.push([key, value]);
        } else if (field.presence === 'defaulted') {
          values.push([key, field.value]);
        } else if (field.presence === 'required') {
          complete = false;
          reading.report(
            node.at,
            field.missing?.code ?? 'E-MISSING',
            below(path, key),
            `${sayPlace(path)} needs the key "${key}".`,
            field.missing?.hint ?? `Add "${key}": ${field.reader.takes}.`,
          );
        }
      }
      return complete ? (Object.fromEntries(values) as T) : undefined;
    },
  };
}

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

/** Chooses the reader by the node: `cookies` is a word or a map, a retention rule has `for` or `until`. */
export function dependingOn<T>(takes: string, choose: (node: RawNode) => Reader<T>): Reader<T> {
  return {
    takes,
    read: (node, path, reading) => choose(node).read(node, path, reading),
  };
}

/** Reads, then looks at the whole; `check` reports what does not fit together and may change the value. */
export function refined<T, U = T>(
  reader: Reader<T>,
  check: (value: T, at: Position, path: string, reading: Reading) => U | undefined,
): Reader<U> {
  return {
    takes: reader.takes,
    read(node, path, reading) {
      const value = reader.read(node, path, reading);
      return value === undefined ? undefined : check(value, node.at, path, reading);
    },
  };
}
