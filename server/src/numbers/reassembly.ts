// Where a part of a long text belongs. Pure. References are eight bits wide as often as not, so they wrap and collide:
// what ties parts together is a claim, and a part that contradicts it begins a set of its own.
//
//   open --last part--> closed, complete
//   open --24 hours, or too many open sets--> closed, incomplete
//   closed --15 minutes--> forgotten
import type { ContentForm } from './inbound-part.ts';

/** A set of parts under one tie, as far as it is known. */
export interface PartSet {
  readonly id: string;
  readonly total: number;
  readonly closed: boolean;
  /** By sequence number. Whether the stored part has this content, which is opened only when asked. */
  readonly parts: Map<number, (content: string) => boolean>;
}

export type Placement =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'join'; readonly set: PartSet }
  | { readonly kind: 'begin' };

/**
 * Places a part among the sets of its tie, newest first:
 * - known there already with the same content: a repeat, also of a set that is closed;
 * - else it fills the gap in the newest open set that has one, for after a wrap the newest is the one being sent;
 * - else the reference is used again, and a new set begins.
 */
export function placePart(sets: readonly PartSet[], sequence: number, content: string): Placement {
  if (sets.some((set) => set.parts.get(sequence)?.(content))) return { kind: 'duplicate' };
  const set = sets.find((each) => !each.closed && !each.parts.has(sequence));
  return set === undefined ? { kind: 'begin' } : { kind: 'join', set };
}

/** Stands for every run of parts that did not arrive. */
const GAP = '…';

/** The content of a set from its parts in order of their numbers; each run of missing parts is one ellipsis. */
export function joinParts(form: ContentForm, total: number, parts: ReadonlyMap<number, string>): string {
  let joined = '';
  let missing = false;
  for (let sequence = 1; sequence <= total; sequence++) {
    const part = parts.get(sequence);
    if (part !== undefined) joined += part;
    else if (!missing && form === 'text') joined += GAP;
    missing = part === undefined;
  }
  return joined;
}

/** How content is stored: text in UTF-8, octets as they are. A surrogate without its other half is replaced. */
export const wholeBytes = (form: ContentForm, content: string): Buffer =>
  form === 'text' ? Buffer.from(content.toWellFormed(), 'utf8') : Buffer.from(content, 'latin1');

/** How a part is stored: a surrogate pair may be cut between two parts, which UTF-8 cannot write. */
export const partBytes = (form: ContentForm, content: string): Buffer =>
  Buffer.from(content, form === 'text' ? 'utf16le' : 'latin1');

export const partContent = (form: ContentForm, bytes: Buffer): string =>
  bytes.toString(form === 'text' ? 'utf16le' : 'latin1');
