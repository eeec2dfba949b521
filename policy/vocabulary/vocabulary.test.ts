import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BODY_CATEGORIES,
  CATEGORY_GROUP_KEYS,
  CATEGORY_KEYS,
  categoriesWithin,
  isWithin,
} from './categories.ts';
import { FEATURES } from './features.ts';

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
