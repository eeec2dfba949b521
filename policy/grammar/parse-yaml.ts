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
  const faults: Fault[] = [];
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report = (at: Position, code: FaultCode, path: string, sentence: string, hint: string) => {
    if (faults.length < FAULTS_MAX) faults.push({ ...at, code, path, sentence, hint });
  };
  const start = { file, line: 1, column: 1 };

  if (text.length > FILE_LENGTH_MAX) {
    report(
      start,
      'E-LIMIT',
      '',
      `The file has ${text.length} characters; ${FILE_LENGTH_MAX} are the most.`,
      'Shorten it, or extend another policy.',
    );
    return { faults };
  }

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
  for (const error of document.errors) {
    const exhausted = error.code === 'RESOURCE_EXHAUSTION';
    report(
      position(error.pos[0]),
      exhausted ? 'E-LIMIT' : 'E-SYNTAX',
      '',
      exhausted ? 'The file is nested too deeply.' : `This is not valid YAML: ${lowerFirst(error.message)}.`,
      'Correct the YAML here; what follows may be misread until then.',
    );
    if (exhausted) return { faults };
  }
  if (document.directives?.yaml.explicit) {
    report(
      start,
      'E-SYNTAX',
      '',
      'A policy has no %YAML directive.',
      'Remove the line; YAML 1.2 is understood.',
    );
  }

  let nodes = 0;
  const convert = (node: unknown, path: string, depth: number, fallback: Position): RawNode | undefined => {
    const at = placeOf(node, position) ?? fallback;
    nodes += 1;
    if (depth > DEPTH_MAX || nodes > NODES_MAX) {
      if (depth > DEPTH_MAX || nodes === NODES_MAX + 1) {
        report(at, 'E-LIMIT', path, 'The file is nested too deeply or has too many values.', 'Shorten it.');
      }
      return undefined;
    }
    if (isAlias(node) || hasAnchor(node)) {
      report(
        at,
        'E-SYNTAX',
        path,
        'A policy has no anchors and aliases.',
        'Write the value out where it stands.',
      );
      return undefined;
    }
    if (hasTag(node)) {
      report(at, 'E-SYNTAX', path, 'A policy has no tags.', 'Write the value without the tag.');
      return undefined;
    }
    if (isMap(node)) {
      const entries = new Map<string, RawEntry>();
      for (const pair of node.items) {
        if (!isPair(pair)) continue;
        const keyAt = placeOf(pair.key, position) ?? at;
        const key =
          isScalar(pair.key) && !hasAnchor(pair.key) && !hasTag(pair.key) ? pair.key.value : undefined;
        if (typeof key !== 'string' || key === '' || key.length > KEY_LENGTH_MAX) {
          report(keyAt, 'E-SYNTAX', path, 'A key is plain text.', 'Write a name before the colon.');
          continue;
        }
        const keyPath = below(path, key);
        const first = entries.get(key);
        if (first) {
          report(
            keyAt,
            'E-DUPLICATE-KEY',
            keyPath,
            `The key "${key}" stands here a second time.`,
            `Keep one of them; the first is in line ${first.at.line}.`,
          );
          continue;
        }
        const value = convert(pair.value, keyPath, depth + 1, keyAt);
        if (value) entries.set(key, { at: keyAt, value });
      }
      return { kind: 'map', at, entries };
    }
    if (isSeq(node)) {
      const items = node.items.map((item, index) => convert(item, `${path}[${index}]`, depth + 1, at));
      return { kind: 'list', at, items: items.filter((item) => item !== undefined) };
    }
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      report(at, 'E-VALUE', path, 'A number is finite.', 'Write a whole number.');
      return undefined;
    }
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) {
      report(at, 'E-TYPE', path, 'This is no plain value.', 'Write text, a number, true or false.');
      return undefined;
    }
    return { kind: 'scalar', at, value: value as string | number | boolean | null };
  };

  const root = convert(document.contents, '', 0, start);
  return root && document.errors.length === 0 ? { root, faults } : { faults };
}

function placeOf(node: unknown, position: (offset: number) => Position): Position | undefined {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range ? position(range[0]) : undefined;
}

const hasAnchor = (node: unknown): boolean =>
  typeof (node as { anchor?: unknown } | null)?.anchor === 'string' &&
  (node as { anchor: string }).anchor !== '';
const hasTag = (node: unknown): boolean => typeof (node as { tag?: unknown } | null)?.tag === 'string';

/** A parser's sentence without its end, so that it fits into ours, and bounded. */
const lowerFirst = (text: string): string =>
  `${text.slice(0, 1).toLowerCase()}${text.slice(1, 160)}`.replace(/[.\s]+$/, '');
