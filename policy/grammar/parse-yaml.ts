// YAML 1.2 text into plain nodes with places. The plain kind of YAML only: one document, no anchors, aliases, tags
// or directives, since a policy is read by people and each of these says something other than what stands there.
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Fault, Position } from '../fault.ts';
import type { FaultCode } from '../refusals.ts';
import { below, type RawEntry, type RawNode } from './node.ts';

/** Characters a file may have; the largest profile has about a tenth. */
export const FILE_LENGTH_MAX = 131_072;
const DEPTH_MAX = 12;
const NODES_MAX = 10_000;
const KEY_LENGTH_MAX = 200;
/** Faults reported of one file; who has more mends these first. */
export const FAULTS_MAX = 100;

export interface ParsedFile {
  /** Absent when nothing of the file could be read. */
  readonly root?: RawNode;
  readonly faults: readonly Fault[];
}

/** Reads one file. Never throws for any text. `file` is the name in its faults. */
export function parseYaml(text: string, file: string): ParsedFile {
  const start = { file, line: 1, column: 1 };
  if (text.length > FILE_LENGTH_MAX) {
    const sentence = `The file has ${text.length} characters; ${FILE_LENGTH_MAX} are the most.`;
    return {
      faults: [
        { ...start, code: 'E-LIMIT', path: '', sentence, hint: 'Shorten it, or extend another policy.' },
      ],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    strict: true,
    // Found below, with the place of both; the library's own search is quadratic.
    uniqueKeys: false,
    prettyErrors: false,
    // Anything less, and several documents in one file pass in silence.
    logLevel: 'error',
    lineCounter: lines,
  });
  const builder = new TreeBuilder(file, lines);
  for (const error of document.errors) {
    if (error.code === 'RESOURCE_EXHAUSTION') {
      builder.report(
        builder.position(error.pos[0]),
        'E-LIMIT',
        '',
        'The file is nested too deeply.',
        'Shorten it.',
      );
      return { faults: builder.faults };
    }
    builder.report(
      builder.position(error.pos[0]),
      'E-SYNTAX',
      '',
      `This is not valid YAML: ${lowerFirst(error.message)}.`,
      'Correct the YAML here; what follows may be misread until then.',
    );
  }
  if (document.directives?.yaml.explicit) {
    builder.report(
      start,
      'E-SYNTAX',
      '',
      'A policy has no %YAML directive.',
      'Remove the line; YAML 1.2 is understood.',
    );
  }
  const root = builder.build(document.contents, '', 0, start);
  return root && document.errors.length === 0 ? { root, faults: builder.faults } : { faults: builder.faults };
}

/** Turns YAML's nodes into plain ones and collects what is not of the plain kind. */
class TreeBuilder {
  readonly faults: Fault[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  #nodes = 0;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  report(at: Position, code: FaultCode, path: string, sentence: string, hint: string): undefined {
    if (this.faults.length < FAULTS_MAX) this.faults.push({ ...at, code, path, sentence, hint });
    return undefined;
  }

  build(node: unknown, path: string, depth: number, fallback: Position): RawNode | undefined {
    const at = this.#placeOf(node) ?? fallback;
    this.#nodes += 1;
    if (depth > DEPTH_MAX || this.#nodes > NODES_MAX) {
      // Of too many values one report is enough.
      if (this.#nodes > NODES_MAX + 1) return undefined;
      return this.report(
        at,
        'E-LIMIT',
        path,
        'The file is nested too deeply or has too many values.',
        'Shorten it.',
      );
    }
    if (isAlias(node) || hasAnchor(node)) {
      return this.report(
        at,
        'E-SYNTAX',
        path,
        'A policy has no anchors and aliases.',
        'Write the value out where it stands.',
      );
    }
    if (hasTag(node)) {
      return this.report(at, 'E-SYNTAX', path, 'A policy has no tags.', 'Write the value without the tag.');
    }
    if (isMap(node)) return this.#map(node.items, at, path, depth);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.build(item, `${path}[${index}]`, depth + 1, at));
      return { kind: 'list', at, items: items.filter((item) => item !== undefined) };
    }
    return this.#scalar(isScalar(node) ? node.value : null, at, path);
  }

  #map(pairs: readonly unknown[], at: Position, path: string, depth: number): RawNode {
    const entries = new Map<string, RawEntry>();
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const keyAt = this.#placeOf(pair.key) ?? at;
      const key =
        isScalar(pair.key) && !hasAnchor(pair.key) && !hasTag(pair.key) ? pair.key.value : undefined;
      if (typeof key !== 'string' || key === '' || key.length > KEY_LENGTH_MAX) {
        this.report(keyAt, 'E-SYNTAX', path, 'A key is plain text.', 'Write a name before the colon.');
        continue;
      }
      const keyPath = below(path, key);
      const first = entries.get(key);
      if (first) {
        this.report(
          keyAt,
          'E-DUPLICATE-KEY',
          keyPath,
          `The key "${key}" stands here a second time.`,
          `Keep one of them; the first is in line ${first.at.line}.`,
        );
        continue;
      }
      const value = this.build(pair.value, keyPath, depth + 1, keyAt);
      if (value) entries.set(key, { at: keyAt, value });
    }
    return { kind: 'map', at, entries };
  }

  #scalar(value: unknown, at: Position, path: string): RawNode | undefined {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.report(at, 'E-VALUE', path, 'A number is finite.', 'Write a whole number.');
    }
    const plain = value === null || typeof value === 'string' || typeof value === 'number';
    if (plain || typeof value === 'boolean') return { kind: 'scalar', at, value };
    return this.report(at, 'E-TYPE', path, 'This is no plain value.', 'Write text, a number, true or false.');
  }

  #placeOf(node: unknown): Position | undefined {
    const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
    return range ? this.position(range[0]) : undefined;
  }
}

const hasAnchor = (node: unknown): boolean =>
  typeof (node as { anchor?: unknown } | null)?.anchor === 'string' &&
  (node as { anchor: string }).anchor !== '';
const hasTag = (node: unknown): boolean => typeof (node as { tag?: unknown } | null)?.tag === 'string';

/** A parser's sentence without its end, so that it fits into ours, and bounded. */
const lowerFirst = (text: string): string =>
  `${text.slice(0, 1).toLowerCase()}${text.slice(1, 160)}`.replace(/[.\s]+$/, '');
