// What the gate says: a promise that this installation does not keep.
import type { Obligation, Policy } from '../model.ts';
import { compile } from '../obligations/compile.ts';
import type { GateCode } from '../refusals.ts';
import type { Facts } from './facts.ts';

export interface Refusal {
  readonly code: GateCode;
  readonly severity: 'refuse' | 'warn';
  /** Id of the obligation: `prohibit:user.contact.email`. */
  readonly promise: string;
  /** The promise in the words of the public page; where the policy is silent, what silence means. */
  readonly sentence: string;
  /** What was found: counts and names, never values. */
  readonly fact: string;
  /** Change the configuration; change the policy; migrate or repair. */
  readonly waysOut: readonly [string, string, string];
  /** Where in the policy the promise stands; absent when the policy is silent. */
  readonly line?: number;
}

/** What a rule of the gate is given. */
export interface GateContext {
  readonly policy: Policy;
  readonly facts: Facts;
  /** Whether what only exists with a feature exists here. */
  readonly isOn: (feature: string | undefined) => boolean;
}

/** What a rule finds: a refusal whose sentence and line are looked up from the promise. */
export interface Objection extends Pick<Refusal, 'code' | 'promise' | 'fact' | 'waysOut'> {
  readonly severity?: 'warn';
  /** What people may take it that the policy means by not speaking of it. */
  readonly silence?: string;
}
export type Rule = (context: GateContext) => Iterable<Objection>;

/** Names in a sentence, the first few and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
const NAMES_MAX = 5;

/** The same after their number. */
export const counted = (names: readonly string[]): string => `${names.length}, ${listed(names)}`;

/** Obligations by id, for their places. */
export const obligationsById = (policy: Policy): ReadonlyMap<string, Obligation> =>
  new Map(compile(policy).map((obligation) => [obligation.id, obligation]));
