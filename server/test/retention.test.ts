// The completeness of retention: everything the data map says is kept is ended by somebody, under the policies that
// ship.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { limitsOf, refuseUnbounded, retentionFacts, retentionGaps } from '#privacy/retention';
import { dataMap } from '../src/main/data-map.ts';
import { expiryHandlers } from '../src/main/expiry-handlers.ts';
import { readPolicyInForce } from '../src/main/policy-in-force.ts';

const handlers = expiryHandlers(await openKeyring(openMemoryKeyStore()));
const standard = readPolicyInForce('standard');
const limits = limitsOf(standard);

test('every column that holds something about somebody has a handler that ends it, under the default policy', () => {
  assert.deepEqual(retentionGaps(dataMap, handlers, limits), []);
  refuseUnbounded(dataMap, handlers, limits);
});

test('the facts for the gate name every key that something is kept under, with the policy’s own limit', () => {
  const facts = retentionFacts(dataMap, handlers, limits);
  const used = new Set(
    [...dataMap.columns.values()].flatMap((tag) => ('retention' in tag ? [tag.retention] : [])),
  );
  assert.deepEqual(new Set(Object.keys(facts)), used);
  for (const key of used) assert.equal(facts[key], limits.get(key)!.duration);
});

test('without the handlers of any one table the start is refused, and its key is no fact', () => {
  for (const left of handlers) {
    const rest = handlers.filter(
      ({ key, table, takesAlong = [] }) =>
        key !== left.key || (table !== left.table && !takesAlong.includes(left.table)),
    );
    const gaps = retentionGaps(dataMap, rest, limits);
    assert.ok(gaps.some(({ key, table }) => key === left.key && table === left.table));
    assert.equal(retentionFacts(dataMap, rest, limits)[left.key], undefined);
    assert.throws(() => refuseUnbounded(dataMap, rest, limits), /E-RET-UNBOUNDED/);
  }
});

test('every profile that ships can be kept', () => {
  const profiles = readdirSync(resolve(import.meta.dirname, '../../policies'))
    .filter((name) => name.endsWith('.yaml') && name !== 'promises.yaml')
    .map((name) => name.slice(0, -'.yaml'.length));
  assert.ok(profiles.includes('standard'));
  for (const name of profiles) refuseUnbounded(dataMap, handlers, limitsOf(readPolicyInForce(name)));
});

test('a policy that is not there, and one with a fault, are refused with what is wrong', () => {
  assert.throws(() => readPolicyInForce('no-such-profile'), /There is no policy "no-such-profile"/);
  assert.throws(() => readPolicyInForce(resolve(import.meta.dirname, '../package.json')), /faults/);
});

test('a policy whose rule counts from what the rows do not know is refused by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-policy-'));
  const file = join(folder, 'odd.yaml');
  const text = readFileSync(resolve(import.meta.dirname, '../../policies/standard.yaml'), 'utf8');
  writeFileSync(file, text.replace('request: { for: P2D, from: created', 'request: { for: P2D, from: read'));
  try {
    assert.throws(
      () => refuseUnbounded(dataMap, handlers, limitsOf(readPolicyInForce(file))),
      /E-RET-UNBOUNDED: platform\.idempotency\.scope stands under "request", whose rule names "read"/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
