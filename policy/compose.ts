// `policy.extends`: a policy takes another as its base and says what differs. Maps merge key by key, lists and
// plain values replace, nothing (`~`) removes; a statement that changes its kind replaces the old one whole. Id,
// version, date and the list of weakenings are never taken over. Files come from a function: nothing is read here.
import type { Fault, Position } from './fault.ts';
import { nearest } from './grammar/nearest.ts';
import { below, type RawEntry, type RawMap, type RawNode } from './grammar/node.ts';
import type { FaultCode } from './refusals.ts';

/** The text of the policy of that name, or undefined. */
export type PolicyResolver = (name: string) => string | undefined;

/** Policies a policy may rest on, one below the other. */
export const EXTENDS_DEPTH_MAX = 8;

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** What `policy.extends` names, where it stands. */
export interface Extension {
  readonly name: string;
  readonly at: Position;
}

/** The base a file names, if it names one. A name of the wrong kind is left for the grammar to refuse. */
export function extensionOf(root: RawMap): Extension | undefined {
  const heading = root.entries.get('policy')?.value;
  const entry = heading?.kind === 'map' ? heading.entries.get('extends') : undefined;
  if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'string') return undefined;
  return { name: entry.value.value, at: entry.value.at };
}

/** The text of a base, or why there is none. `trail` names the files on the way to here. */
export function resolveBase(
  { name, at }: Extension,
  resolve: PolicyResolver,
  trail: readonly string[],
): { readonly text: string } | { readonly fault: Fault } {
  const refuse = (sentence: string, hint: string) => ({
    fault: { ...at, code: 'E-EXTENDS' satisfies FaultCode, path: 'policy.extends', sentence, hint } as const,
  });
  if (!NAME.test(name)) {
    return refuse(
      'A base is named by small letters, digits and hyphens.',
      'Name a profile, such as standard.',
    );
  }
  if (trail.includes(name)) {
    return refuse(
      `The policy "${name}" extends itself: ${[...trail, name].join(', ')}.`,
      'Remove one "extends".',
    );
  }
  if (trail.length >= EXTENDS_DEPTH_MAX) {
    return refuse(
      `More than ${EXTENDS_DEPTH_MAX} policies rest on one another.`,
      'Extend a profile directly.',
    );
  }
  const text = resolve(name);
  if (text === undefined) {
    const near = nearest(name, PROFILE_NAMES);
    return refuse(
      `There is no policy "${name}" to extend.`,
      near ? `Did you mean "${near}"?` : 'Name a profile.',
    );
  }
  return { text };
}

/** Names for "did you mean"; what exists is the resolver's to say. */
const PROFILE_NAMES = [
  'standard',
  'activation-wallet',
  'activation-dashboard',
  'carrier-messaging',
  'device-app',
  'business-messaging',
];

/** A file laid over its base. Places stay those of the file each value was written in. */
export function merge(base: RawMap, over: RawMap): RawMap {
  const entries = new Map(base.entries);
  entries.delete('weakens');
  const heading = entries.get('policy');
  if (heading?.value.kind === 'map') {
    const inherited = new Map(heading.value.entries);
    for (const key of ['id', 'version', 'effective', 'extends']) inherited.delete(key);
    entries.set('policy', { at: heading.at, value: { ...heading.value, entries: inherited } });
  }
  return mergeMaps({ ...base, entries }, over, '');
}

function mergeMaps(base: RawMap, over: RawMap, path: string): RawMap {
  const entries = new Map<string, RawEntry>(base.entries);
  for (const [key, entry] of over.entries) {
    const place = below(path, key);
    const former = base.entries.get(key);
    if (entry.value.kind === 'scalar' && entry.value.value === null && former) entries.delete(key);
    else entries.set(key, { at: entry.at, value: mergeNodes(former?.value, entry.value, place) });
  }
  return { kind: 'map', at: over.at, entries };
}

function mergeNodes(base: RawNode | undefined, over: RawNode, path: string): RawNode {
  if (base?.kind !== 'map' || over.kind !== 'map' || replacesWhole(base, over, path)) return over;
  return mergeMaps(base, over, path);
}

/** `collect: never` leaves nothing of what was held, and a rule with `for` nothing of one with `until`. */
function replacesWhole(base: RawMap, over: RawMap, path: string): boolean {
  if (path.startsWith('data.')) return isNever(base) || isNever(over);
  if (/^retention\.[a-z_]+$/.test(path)) return over.entries.has('for') || over.entries.has('until');
  return false;
}

function isNever(node: RawMap): boolean {
  const collect = node.entries.get('collect')?.value;
  return collect?.kind === 'scalar' && collect.value === 'never';
}

/** The document without the key that only composition reads. */
export function withoutExtension(root: RawMap): RawMap {
  const heading = root.entries.get('policy');
  if (heading?.value.kind !== 'map' || extensionOf(root) === undefined) return root;
  const entries = new Map(heading.value.entries);
  entries.delete('extends');
  return {
    ...root,
    entries: new Map(root.entries).set('policy', { at: heading.at, value: { ...heading.value, entries } }),
  };
}
