import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinStewards } from '../map/complete-map.ts';
import { clear, closedJson, operations } from '../map/tags.ts';
import { retentionFacts, retentionGaps } from './coverage.ts';
import { type ExpiryHandler, rowsExpired } from './handler.ts';
import { limitsOf } from './limit.ts';

const under = (retention: 'request' | 'usage') =>
  clear({
    category: 'user.telemetry',
    purposes: ['service'],
    basis: 'contract',
    retention,
    dispose: 'erase',
  });

const map = joinStewards([
  {
    schema: 'shop',
    tables: {
      visit: {
        about: [{ column: 'id', leadsTo: 'visitor' }],
        columns: { id: operations, page: under('request'), facts: closedJson({ depth: under('usage') }) },
      },
      line: { about: [{ column: 'visit', leadsTo: 'shop.visit' }], columns: { visit: under('request') } },
    },
  },
]);
const limits = limitsOf({
  retention: {
    request: { for: 'P2D', from: 'created', then: 'erase' },
    usage: { for: 'P6M', from: 'created', then: 'erase' },
  },
});
const handler = (change: Partial<ExpiryHandler>): ExpiryHandler => ({
  key: 'request',
  table: 'shop.visit',
  columns: 'row',
  counts: ['created'],
  expire: async () => rowsExpired(0, 1),
  standing: async () => ({ oldest: null, overdue: 0, held: 0 }),
  ...change,
});
const whole = [handler({ takesAlong: ['shop.line'] }), handler({ key: 'usage', columns: ['facts'] })];

test('columns, leaves of documents and tables that go along are covered by their handlers', () => {
  assert.deepEqual(retentionGaps(map, whole, limits), []);
  assert.deepEqual(retentionFacts(map, whole, limits), { request: 'P2D', usage: 'P6M' });
});

test('a column that nothing ends is named, and its key is no fact', () => {
  const gaps = retentionGaps(map, [whole[0]!, handler({ key: 'usage', columns: ['page'] })], limits);
  assert.deepEqual(
    gaps.map(({ table, column, key }) => [table, column, key]),
    [['shop.visit', 'facts', 'usage']],
  );
  assert.deepEqual(retentionFacts(map, [whole[0]!], limits), { request: 'P2D' });
});

test('a handler of another key does not end a column', () => {
  const [gap] = retentionGaps(map, [handler({ key: 'ip', takesAlong: ['shop.line'] }), whole[1]!], limits);
  assert.match(gap!.lacks, /nothing ends it/);
});

test('a key the policy has no rule for is a gap, whatever handlers there are', () => {
  const without = limitsOf({ retention: { usage: { for: 'P6M', from: 'created', then: 'erase' } } });
  const gaps = retentionGaps(map, whole, without);
  assert.deepEqual(
    gaps.map(({ table, column }) => `${table}.${column}`),
    ['shop.visit.page', 'shop.line.visit'],
  );
  assert.match(gaps[0]!.lacks, /the policy has no rule/);
});

test('a rule that counts from an event the rows do not know is a gap', () => {
  const read = limitsOf({
    retention: {
      request: { for: 'P2D', from: 'read', then: 'erase' },
      usage: { until: 'account_closed', ceiling: 'P6M', then: 'erase' },
    },
  });
  const gaps = retentionGaps(map, whole, read);
  assert.match(gaps.find(({ key }) => key === 'request')!.lacks, /names "read"/);
  assert.match(gaps.find(({ key }) => key === 'usage')!.lacks, /names "last_activity"/);
});
