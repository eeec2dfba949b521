import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LEGAL_BASIS_KEYS } from './bases.ts';
import {
  BODY_CATEGORIES,
  CATEGORY_GROUP_KEYS,
  CATEGORY_KEYS,
  categoriesWithin,
  isWithin,
} from './categories.ts';
import { FEATURES } from './features.ts';
import { PURPOSE_KEYS } from './purposes.ts';
import { RETENTION_KEY_NAMES } from './retention.ts';

/** The keys of a record in the server's data map, read as text: no package imports the server. */
function keysInDataMap(file: string, record: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '../../server/src/privacy/map', file), 'utf8');
  const body = text.slice(text.indexOf(`export const ${record}`));
  const until = body.slice(0, body.indexOf('\n};') + 1);
  return [...until.matchAll(/^ {2}'?([a-z_.]+)'?:/gm)].map(([, key]) => key!);
}

test('a policy and the data map speak the same closed language', () => {
  const pairs = [
    [CATEGORY_KEYS, keysInDataMap('categories.ts', 'CATEGORIES')],
    [PURPOSE_KEYS, keysInDataMap('purposes.ts', 'PURPOSES')],
    [LEGAL_BASIS_KEYS, keysInDataMap('purposes.ts', 'LEGAL_BASES')],
    [RETENTION_KEY_NAMES, keysInDataMap('purposes.ts', 'RETENTION_KEYS')],
  ] as const;
  for (const [ours, theirs] of pairs) {
    assert.ok(theirs.length > 3);
    assert.deepEqual(ours.toSorted(), theirs.toSorted());
  }
});

test('every group has members, is no category itself, and no category is outside the taxonomy', () => {
  for (const group of CATEGORY_GROUP_KEYS) {
    assert.ok(categoriesWithin(group).length > 0, group);
    assert.ok(!(CATEGORY_KEYS as readonly string[]).includes(group));
  }
  for (const category of CATEGORY_KEYS) assert.match(category, /^(user|system)(\.[a-z_]+)+$/);
});

test('a category is within its parents and not within a longer name', () => {
  assert.ok(isWithin('user.contact.email', 'user.contact') && isWithin('user.name', 'user.name'));
  assert.ok(!isWithin('user.contacts', 'user.contact') && !isWithin('user.contact', 'user.contact.email'));
  assert.deepEqual(categoriesWithin('user.location'), ['user.location.imprecise', 'user.location.precise']);
  for (const body of BODY_CATEGORIES) assert.ok(categoriesWithin('user.content').includes(body));
});

test('what a feature needs can be held', () => {
  for (const { needs } of Object.values(FEATURES)) {
    for (const category of needs) assert.ok(CATEGORY_KEYS.includes(category), category);
  }
});
