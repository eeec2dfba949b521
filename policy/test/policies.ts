// Policies for tests: the shipped ones as text and read, and changed in one place.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import type { Policy } from '../model.ts';
import { readPolicy } from '../read-policy.ts';

const FOLDER = join(import.meta.dirname, '../../policies');

export const PROFILES = [
  'standard',
  'activation-wallet',
  'activation-dashboard',
  'carrier-messaging',
  'device-app',
  'business-messaging',
] as const;
export type Profile = (typeof PROFILES)[number];

export const profileText = (name: Profile): string => readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');

/** Resolves the shipped profiles, and whatever else is given. */
export const resolving =
  (others: Readonly<Record<string, string>> = {}) =>
  (name: string): string | undefined =>
    Object.hasOwn(others, name)
      ? others[name]
      : (PROFILES as readonly string[]).includes(name)
        ? profileText(name as Profile)
        : undefined;

/** Reads a text that has to be right. */
export function mustRead(text: string, others: Readonly<Record<string, string>> = {}): Policy {
  const read = readPolicy(text, resolving(others));
  assert.ok(
    read.ok,
    read.ok ? '' : read.faults.map((f) => `${f.line} ${f.code} ${f.path}: ${f.sentence}`).join('\n'),
  );
  return read.policy;
}

/** Reads a text that has to be wrong, and gives what is wrong with it. */
export function mustRefuse(text: string, others: Readonly<Record<string, string>> = {}): readonly Fault[] {
  const read = readPolicy(text, resolving(others));
  assert.ok(!read.ok, 'the policy was read, and should have been refused');
  return read.faults;
}

export const profile = (name: Profile): Policy => mustRead(profileText(name));

/** A text with one passage replaced, which has to occur exactly once. */
export function edited(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, `"${from}" does not occur exactly once`);
  return text.replace(from, () => to);
}

/** A policy with the value at a place replaced, or removed when it is undefined. */
export function changed(policy: Policy, path: readonly (string | number)[], value: unknown): Policy {
  const copy = structuredClone(policy);
  let place = copy as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) {
    assert.ok(typeof place[key] === 'object' && place[key] !== null, `${path.join(' ')} leads nowhere`);
    place = place[key] as Record<string | number, unknown>;
  }
  const last = path.at(-1)!;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}
