// A reader says what a place of a policy takes: it turns a node into a typed value, or reports every fault it finds
// and gives nothing. The sections are put together from readers, so that they read like the table of the language.
import { byPlace, type Fault, type Position } from '../fault.ts';
import type { FaultCode } from '../refusals.ts';
import { nameOfKind, type RawNode } from './node.ts';
import { FAULTS_MAX } from './parse-yaml.ts';

/** Collects faults of one reading, bounded. */
export class Reading {
  readonly #faults: Fault[] = [];

  report(at: Position, code: FaultCode, path: string, sentence: string, hint: string): undefined {
    const { file, line, column } = at;
    if (!this.isFull) {
      this.#faults.push({ code, file, line, column, path, sentence, hint });
    }
    return undefined;
  }

  /** Nothing more is taken: whoever looks for hints can stop. */
  get isFull(): boolean {
    return this.#faults.length >= FAULTS_MAX;
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

/** The fault of a node that is of another kind than its place takes. */
export function wrongKind(takes: string, node: RawNode, path: string, reading: Reading): undefined {
  return reading.report(
    node.at,
    'E-TYPE',
    path,
    `${sayPlace(path)} has to be ${takes}, and is ${nameOfKind(node)}.`,
    `Write ${takes}.`,
  );
}

/** A place in a sentence. */
export const sayPlace = (path: string): string => (path === '' ? 'The file' : `"${path}"`);

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
