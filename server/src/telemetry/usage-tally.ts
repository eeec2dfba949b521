// Counts in memory, on their way to being about nobody. A group (day, kind, name) is given out only once enough
// different people are in it; until then its people are known by keyed hashes under a key of the day that is never
// written down, and from then on by nothing. What stays small until its day is over joins a wider group, and what is
// small even there is forgotten.
//
//   small --enough people--> open --its day is over--> gone (given out)
//   small --its day is over--> joins the wider group, or is gone (forgotten)
import { createHmac, randomBytes } from 'node:crypto';
import { assertInvariant } from '#platform/errors';
import { knownName, OTHER, type UsageKind, widerName } from './usage-names.ts';

/** The fewest different people behind a count that is stored or passed on. */
export const PEOPLE_MIN = 5;

/** Groups held at once; the closed lists make about 150 a day, and most of these are browser versions. */
const GROUPS_MAX = 5_000;
const HASH_BYTES = 12;
const DAY_MS = 86_400_000;

/** A count of a group that is large enough. */
export interface UsageCount {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly kind: UsageKind;
  readonly name: string;
  readonly uses: number;
}

interface Group {
  readonly day: string;
  readonly kind: UsageKind;
  readonly name: string;
  uses: number;
  /** Hashes of the people in it while it is small; null once there were enough. */
  people: Set<string> | null;
}

/** The UTC day of a moment. */
export const usageDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export class UsageTally {
  readonly #groups = new Map<string, Group>();
  readonly #keys = new Map<string, Buffer>();
  readonly #peopleMin: number;
  #forgotten = 0;

  constructor(peopleMin = PEOPLE_MIN) {
    assertInvariant(peopleMin >= 2, 'a group of one is a person');
    this.#peopleMin = peopleMin;
  }

  /** How many uses were forgotten because too few people stood behind them. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Counts one use by somebody. An unknown name counts as `other`; `subject` is hashed at once and kept nowhere. */
  add(nowMs: number, kind: UsageKind, name: string, subject: string): void {
    const day = usageDay(nowMs);
    const group = this.#group(day, kind, knownName(kind, name));
    group.uses += 1;
    if (group.people === null) return;
    group.people.add(
      createHmac('sha256', this.#key(day)).update(subject).digest('base64url').slice(0, HASH_BYTES),
    );
    if (group.people.size >= this.#peopleMin) group.people = null;
  }

  /**
   * Takes what may be given out: the counts of large groups since they were last taken, and of days that are over all
   * that is left. `nowMs` null closes every day, for a process that ends.
   */
  take(nowMs: number | null): UsageCount[] {
    const today = nowMs === null ? null : usageDay(nowMs);
    const isOver = ({ day }: { readonly day: string }) => today === null || day < today;
    const over = [...this.#groups.values()].filter(isOver);
    // Versions join their browser before small browsers join the rest, or they would be lost in it one by one.
    for (const group of over) if (widerName(group.kind, group.name) !== OTHER) this.#widen(group);
    for (const group of this.#groups.values()) if (isOver(group)) this.#widen(group);
    const taken: UsageCount[] = [];
    for (const [key, group] of this.#groups) {
      if (group.people === null && group.uses > 0) {
        const { day, kind, name, uses } = group;
        taken.push({ day, kind, name, uses });
        group.uses = 0;
      }
      if (!isOver(group)) continue;
      this.#forgotten += group.uses;
      this.#groups.delete(key);
    }
    for (const day of this.#keys.keys()) if (isOver({ day })) this.#keys.delete(day);
    return taken;
  }

  /** Puts back what could not be stored. Its groups were large, so they stay so. */
  putBack(counts: readonly UsageCount[]): void {
    for (const { day, kind, name, uses } of counts) {
      const group = this.#group(day, kind, name);
      group.uses += uses;
      group.people = null;
    }
  }

  /** A small group of a day that is over joins the wider one, which it may make large enough. */
  #widen(small: Group): void {
    const name = widerName(small.kind, small.name);
    if (small.people === null || small.uses === 0 || name === null) return;
    const wider = this.#group(small.day, small.kind, name);
    wider.uses += small.uses;
    for (const person of small.people) wider.people?.add(person);
    if (wider.people !== null && wider.people.size >= this.#peopleMin) wider.people = null;
    small.uses = 0;
    small.people.clear();
  }

  #group(day: string, kind: UsageKind, name: string): Group {
    const key = `${day} ${kind} ${name}`;
    const known = this.#groups.get(key);
    if (known) return known;
    if (this.#groups.size >= GROUPS_MAX && name !== OTHER) return this.#group(day, kind, OTHER);
    const made: Group = { day, kind, name, uses: 0, people: new Set() };
    this.#groups.set(key, made);
    return made;
  }

  #key(day: string): Buffer {
    let key = this.#keys.get(day);
    if (key === undefined) {
      key = randomBytes(32);
      this.#keys.set(day, key);
    }
    return key;
  }
}

/** Midnight UTC at which a day began, in milliseconds. */
export function dayStartMs(day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  assertInvariant(ms % DAY_MS === 0, 'a day is YYYY-MM-DD');
  return ms;
}
