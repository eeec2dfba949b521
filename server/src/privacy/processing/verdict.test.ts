import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PURPOSE_KEYS } from '@sotto/policy/vocabulary/purposes';
import { type BasisOfPurpose, objectability, verdictOn, type Wishes } from './verdict.ts';

const bases: BasisOfPurpose = {
  service: 'contract',
  legal: 'legal_obligation',
  reliability: 'legitimate_interest',
  marketing: 'consent',
  analytics: 'consent',
};
const nothing: Wishes = { restricted: false, objectedTo: new Set(), consented: false };

test('a restriction leaves storage, legal claims and the stops of others, and nothing else', () => {
  const left = PURPOSE_KEYS.filter(
    (purpose) => verdictOn(purpose, bases, { ...nothing, restricted: true, consented: true }) === 'allowed',
  );
  assert.deepEqual(left, ['suppression', 'legal', 'operations']);
  assert.equal(verdictOn('service', bases, { ...nothing, restricted: true }), 'restricted');
});

test('an objection ends its own purpose alone, consent or not', () => {
  const wishes: Wishes = { restricted: false, objectedTo: new Set(['marketing']), consented: true };
  assert.equal(verdictOn('marketing', bases, wishes), 'objected');
  assert.equal(verdictOn('reliability', bases, wishes), 'allowed');
});

test('a purpose that rests on consent is refused until consent stands; other bases need none', () => {
  assert.equal(verdictOn('analytics', bases, nothing), 'no_consent');
  assert.equal(verdictOn('analytics', bases, { ...nothing, consented: true }), 'allowed');
  assert.equal(verdictOn('service', bases, nothing), 'allowed');
  assert.equal(verdictOn('improve', bases, nothing), 'allowed');
});

test('the right to object is against interests, and against marketing whatever it rests on', () => {
  assert.equal(objectability('reliability', bases), 'objectable');
  assert.equal(objectability('improve', bases), 'objectable');
  assert.equal(objectability('marketing', bases), 'objectable');
  assert.equal(objectability('marketing', { marketing: 'contract' }), 'objectable');
  assert.equal(objectability('analytics', bases), 'withdraw_consent');
  assert.equal(objectability('service', bases), 'no_right');
  assert.equal(objectability('legal', bases), 'no_right');
});
