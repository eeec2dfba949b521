// An event says that something is true since its commit, by ids. Its name belongs to the context that emits it.
import { assertInvariant } from '../errors.ts';
import type { IdsOnly } from '../ids-only.ts';

export interface EventType<Payload extends IdsOnly> {
  readonly name: string;
  /** Never set: carries the payload's type. */
  readonly payload?: Payload;
}

const declared = new Set<string>();

/** Declares an event once, at module level. The dispatcher of every process takes events of declared names. */
export function declareEvent<Payload extends IdsOnly>(name: string): EventType<Payload> {
  assertInvariant(/^[a-z]+\.[a-z_]+$/.test(name), `an event is named subject.happened, not ${name}`);
  assertInvariant(!declared.has(name), `the event ${name} is declared twice`);
  declared.add(name);
  return { name };
}

export const isDeclared = (name: string): boolean => declared.has(name);
export const declaredEvents = (): readonly string[] => [...declared];
