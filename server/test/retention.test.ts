// The completeness of retention: everything the data map says is kept is ended by somebody, under the policies that
// ship.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Policy } from '@sotto/policy';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { limitsOf, type RetentionGap, retentionFacts, retentionGaps } from '#privacy/retention';
import { dataMap } from '../src/main/data-map.ts';
import { expiryHandlers } from '../src/main/expiry-handlers.ts';
import { featuresOf } from '../src/main/policy/features.ts';
import { holdsOf } from '../src/main/policy/holds.ts';
import { profileNames, readPolicyFile } from '../src/main/policy/policy-file.ts';

const handlers = expiryHandlers(await openKeyring(openMemoryKeyStore()));
const policyOf = async (name: string) =>
  (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;
const standard = await policyOf('standard');
const limits = limitsOf(standard);

/** Whether anything is written to a column under a policy: of what the policy does not hold a guard keeps it empty. */
function isOn({ table, column }: RetentionGap, policy: Policy): boolean {
  const { feature, columns } = dataMap.tables.get(table)!;
  const features: ReadonlySet<string> = featuresOf(policy);
  const tag = columns[column]!;
  if ('category' in tag && !holdsOf(policy)(tag.category)) return false;
  return feature === undefined || features.has(feature);
}

test('every column that holds something about somebody has a handler that ends it, under the default policy', () => {
  const gaps = retentionGaps(dataMap, handlers, limits).filter((gap) => isOn(gap, standard));
  assert.deepEqual(gaps, []);
});

test('the facts for the gate name every key that something is kept under, with the policy’s own limit', () => {
  const facts = retentionFacts(dataMap, handlers, limits);
  const used = new Set(
    [...dataMap.columns.values()].flatMap((tag) =>
      'retention' in tag && limits.has(tag.retention) ? [tag.retention] : [],
    ),
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
  }
});

test('every profile that ships can be kept', async () => {
  for (const name of profileNames()) {
    const policy = await policyOf(name);
    const open = retentionGaps(dataMap, handlers, limitsOf(policy)).filter((gap) => isOn(gap, policy));
    assert.deepEqual(open, [], name);
  }
});

test('a rule that counts from what the rows do not know is kept by nobody', async () => {
  const { retention } = await policyOf('standard');
  const odd = limitsOf({
    retention: { ...retention, request: { ...retention.request!, for: 'P2D', from: 'read' } },
  });
  assert.equal(retentionFacts(dataMap, handlers, odd).request, undefined);
  const gap = retentionGaps(dataMap, handlers, odd).find(({ key }) => key === 'request')!;
  assert.match(gap.lacks, /stands under "request", whose rule names "read"/);
});
