// One difference between two policies.
import type { Obligation } from '../model.ts';

export interface PolicyChange {
  /** Id of the obligation that came, went or changed. */
  readonly obligation: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Where in the newer policy it stands, or stood in the older. */
  readonly path: string;
  /** People have to be told before it takes effect. */
  readonly material: boolean;
  /** Less is promised than before: a base may not be extended so without saying it. */
  readonly weaker: boolean;
  /** What changed, for a reader. */
  readonly reason: string;
}

/** A finding of a comparison, before it is tied to its obligation. */
export interface Verdict {
  readonly material: boolean;
  readonly weaker: boolean;
  readonly reason: string;
  /** Where exactly, below the obligation's path. */
  readonly path?: string;
}

/** Worse for people: they are told. */
export const worse = (reason: string, path?: string): Verdict => ({
  material: true,
  weaker: true,
  reason,
  ...(path ? { path } : {}),
});
/** Different, and people are told, but not less. */
export const notable = (reason: string): Verdict => ({ material: true, weaker: false, reason });
/** Less, and of a kind that people are not told one by one. */
export const lesser = (reason: string): Verdict => ({ material: false, weaker: true, reason });
/** Better, or of no consequence for people. */
export const harmless = (reason: string): Verdict => ({ material: false, weaker: false, reason });

/** What the second list has and the first has not. */
export const addedTo = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  after.filter((item) => !before.includes(item));

export type ObligationOf<K extends Obligation['kind']> = Extract<Obligation, { readonly kind: K }>;
