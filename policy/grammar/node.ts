// A policy file as a tree of plain nodes, each with its place. YAML's own nodes stay behind `parse-yaml.ts`.
import type { Position } from '../fault.ts';

export type RawNode = RawMap | RawList | RawScalar;

export interface RawMap {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, RawEntry>;
}

export interface RawEntry {
  /** Where the key stands. */
  readonly at: Position;
  readonly value: RawNode;
}

export interface RawList {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly RawNode[];
}

export interface RawScalar {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
}

/** What a node is called in a sentence. */
export function nameOfKind(node: RawNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  return { string: 'text', number: 'a number', boolean: 'true or false' }[typeof node.value as 'string'];
}

/** `a.b` below `a`; keys that hold dots stand in quotes, so that a path names one place only. */
export const below = (path: string, key: string): string =>
  path === '' ? key : `${path}.${/^[\w-]+(\.[\w-]+)*$/.test(key) ? key : JSON.stringify(key)}`;
