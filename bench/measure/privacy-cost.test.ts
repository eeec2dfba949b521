import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPLACEMENTS } from '../plain/replacements.ts';
import { costOf, type FoundForms, faultsOfBuild, type PrivacyPair } from './privacy-cost.ts';
import type { Throughput } from './throughput.ts';

const run = (perSecond: number, server: number | null): Throughput => ({
  system: 'sotto',
  shape: 'singles',
  accepted: 1_000,
  completed: 1_000,
  perSecond,
  acceptedPerSecond: perSecond,
  drainSeconds: 0,
  accept: { count: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 },
  duplicates: 0,
  failedRequests: 0,
  cpuSeconds: { server, database: 1, smsc: 1, load: 1 },
  lost: 0,
  mischarged: 0,
});
const pair = (full: number, plain: number, server: number | null = 3): PrivacyPair => ({
  first: 'full',
  full: run(full, server),
  plain: run(plain, 1),
});

test('the share is of pairs, whose runs had the same machine, and not of all runs', () => {
  const { share, processorTime } = costOf([pair(80, 100), pair(40, 50), pair(160, 200)]);
  assert.ok(Math.abs(share.value - 0.8) < 1e-9 && Math.abs(share.low! - 0.8) < 1e-9);
  assert.equal(processorTime!.value, 2);
});

test('processor time that one run does not tell is not told at all', () => {
  assert.equal(costOf([pair(80, 100), pair(80, 100, null)]).processorTime, null);
});

const replaced = REPLACEMENTS.map(({ module }) => module);
const sealed: FoundForms = {
  forms: { messages: 10, plainTexts: 0, plainRecipients: 0, plainIndexes: 0 },
  filesWithText: 0,
  keys: 7,
  replaced: [],
};
const plain: FoundForms = {
  forms: { messages: 10, plainTexts: 10, plainRecipients: 10, plainIndexes: 10 },
  filesWithText: 2,
  keys: 0,
  replaced,
};

test('each build is taken for what it is, and never for the other', () => {
  assert.deepEqual(faultsOfBuild('full', sealed), []);
  assert.deepEqual(faultsOfBuild('plain', plain), []);
  assert.equal(faultsOfBuild('full', plain).length, 5);
  assert.equal(faultsOfBuild('plain', sealed).length, 5 + REPLACEMENTS.length);
});

test('one clear value makes a full build none, and one sealed value or module a plain one', () => {
  const forms = { ...sealed.forms, plainRecipients: 1 };
  assert.deepEqual(faultsOfBuild('full', { ...sealed, forms }), ['1 of 10 plainRecipients']);
  assert.deepEqual(faultsOfBuild('full', { ...sealed, filesWithText: 1 }), ['1 files hold the text']);
  const oneSealed = { ...plain.forms, plainTexts: 9 };
  assert.deepEqual(faultsOfBuild('plain', { ...plain, forms: oneSealed }), ['9 of 10 plainTexts']);
  assert.deepEqual(faultsOfBuild('plain', { ...plain, replaced: replaced.slice(1) }), [
    `${replaced[0]} was not replaced`,
  ]);
});

test('a run without messages shows nothing of either build', () => {
  const empty = { messages: 0, plainTexts: 0, plainRecipients: 0, plainIndexes: 0 };
  assert.deepEqual(faultsOfBuild('full', { ...sealed, forms: empty }), ['there are no messages']);
  assert.deepEqual(faultsOfBuild('plain', { ...plain, forms: empty }), ['there are no messages']);
});
