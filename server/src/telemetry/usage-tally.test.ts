import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { operations } from '@sotto/contract';
import fc from 'fast-check';
import { knownName, USAGE_KINDS, type UsageKind, widerName } from './usage-names.ts';
import { PEOPLE_MIN, UsageTally } from './usage-tally.ts';

const NOON = Date.UTC(2026, 2, 10, 12);
const TOMORROW = NOON + 86_400_000;

const lines = (counts: readonly { day: string; kind: string; name: string; uses: number }[]) =>
  counts.map(({ day, kind, name, uses }) => `${day} ${kind} ${name} ${uses}`).sort();

function use(tally: UsageTally, kind: UsageKind, name: string, people: number, first = 0): void {
  for (let at = first; at < first + people; at++) tally.add(NOON, kind, name, `person-${at}`);
}

test('a group is given out once enough different people are in it, and then with all its uses', () => {
  const tally = new UsageTally();
  for (let again = 0; again < 50; again++) use(tally, 'feature', 'messages.send', PEOPLE_MIN - 1);
  assert.deepEqual(tally.take(NOON), [], 'however often, four people are too few');
  use(tally, 'feature', 'messages.send', 1, 99);
  assert.deepEqual(lines(tally.take(NOON)), [
    `2026-03-10 feature messages.send ${50 * (PEOPLE_MIN - 1) + 1}`,
  ]);
  use(tally, 'feature', 'messages.send', 1);
  assert.deepEqual(lines(tally.take(NOON)), ['2026-03-10 feature messages.send 1'], 'then only what is new');
  assert.deepEqual(tally.take(NOON), []);
});

test('what stayed small when its day is over joins a wider group, or is forgotten and counted as such', () => {
  const tally = new UsageTally();
  use(tally, 'browser', 'firefox/133', 3);
  use(tally, 'browser', 'firefox/132', 3, 3);
  use(tally, 'browser', 'opera/114', 1, 50);
  use(tally, 'system', 'linux', 2);
  use(tally, 'page', '/v1/messages/{id}', PEOPLE_MIN);
  assert.deepEqual(lines(tally.take(NOON)), ['2026-03-10 page /v1/messages/{id} 5']);
  assert.deepEqual(lines(tally.take(TOMORROW)), ['2026-03-10 browser firefox 6']);
  assert.equal(tally.forgotten, 3, 'one opera, two linux');
  assert.deepEqual(tally.take(null), []);
});

test('one person in two small groups is one person in the wider one', () => {
  const tally = new UsageTally();
  use(tally, 'browser', 'chrome/130', 4);
  use(tally, 'browser', 'chrome/131', 4);
  assert.deepEqual(tally.take(TOMORROW), []);
  assert.equal(tally.forgotten, 8);
});

test('a process that ends gives out what is large and forgets the rest', () => {
  const tally = new UsageTally();
  use(tally, 'device', 'phone', PEOPLE_MIN);
  use(tally, 'device', 'tablet', 1);
  assert.deepEqual(lines(tally.take(null)), ['2026-03-10 device phone 5']);
  assert.equal(tally.forgotten, 1);
});

test('what could not be stored is put back and given out again, once', () => {
  const tally = new UsageTally();
  use(tally, 'device', 'phone', PEOPLE_MIN);
  const taken = tally.take(TOMORROW);
  tally.putBack(taken);
  assert.deepEqual(tally.take(TOMORROW), taken);
  assert.deepEqual(tally.take(TOMORROW), []);
});

test('a concrete path, a query and any other text count as other', () => {
  const concrete = [
    '/v1/messages/msg_01jd0000000000000000000000',
    '/v1/messages?limit=10&to=+4915550001111',
    '/v1/messages/{id}?x=1',
    '+4915550001111',
    'ada@example.com',
    '__proto__',
    '',
  ];
  for (const kind of USAGE_KINDS)
    for (const name of concrete) assert.equal(knownName(kind, name), 'other', `${kind} ${name}`);
  for (const name of ['firefox/0', 'firefox/1000', 'firefox/1/2', 'ada/13', 'firefox/133 '])
    assert.equal(knownName('browser', name), 'other');
  assert.equal(knownName('browser', 'firefox/133'), 'firefox/133');
  for (const { id, path } of operations) {
    assert.equal(knownName('feature', id), id);
    assert.equal(knownName('page', path), path);
  }
});

test('the way to wider groups ends at other, from every name', () => {
  assert.equal(widerName('browser', 'firefox/133'), 'firefox');
  assert.equal(widerName('browser', 'firefox'), 'other');
  assert.equal(widerName('page', '/v1/messages/{id}'), 'other');
  assert.equal(widerName('page', 'other'), null);
});

test('whoever does whatever, no count has fewer than enough people behind it and no use is invented', () => {
  const step = fc.record({
    kind: fc.constantFrom<UsageKind>('feature', 'browser'),
    name: fc.constantFrom(
      'messages.send',
      'messages.list',
      'firefox/133',
      'firefox/132',
      'opera/1',
      'nonsense',
    ),
    person: fc.integer({ min: 0, max: 8 }),
    day: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const tally = new UsageTally(3);
      const sorted = steps.toSorted((a, b) => a.day - b.day);
      const given: { day: string; kind: string; name: string; uses: number }[] = [];
      for (const { kind, name, person, day } of sorted) {
        const now = NOON + day * 86_400_000;
        tally.add(now, kind, name, `p${person}`);
        if (person === 0) given.push(...tally.take(now));
      }
      given.push(...tally.take(null));
      const total = given.reduce((sum, { uses }) => sum + uses, 0);
      assert.equal(total + tally.forgotten, steps.length);
      for (const { day, kind } of given) {
        const people = new Set(
          sorted
            .filter((one) => one.kind === kind && day === `2026-03-${10 + one.day}`)
            .map(({ person }) => person),
        );
        assert.ok(people.size >= 3);
      }
    }),
  );
});

test('who was there is not in memory: neither while a group is small nor after', () => {
  const tally = new UsageTally();
  const subject = '203.0.113.77';
  tally.add(NOON, 'device', 'phone', subject);
  assert.ok(!inspect(tally, { depth: 10, showHidden: true }).includes(subject));
});
