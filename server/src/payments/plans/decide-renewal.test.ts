import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Standing, stepOf, unpaidAt } from './decide-renewal.ts';

const anchor = new Date('2027-01-31T10:00:00Z');
const standing = (change: Partial<Standing> = {}): Standing => ({
  state: 'active',
  anchor,
  periodEnd: new Date('2027-02-28T10:00:00Z'),
  endsAt: null,
  graceUntil: null,
  isOpen: true,
  ...change,
});
const at = (text: string) => new Date(text);

test('nothing happens within a period, also when a clock was set back', () => {
  for (const now of ['2026-01-01T00:00:00Z', '2027-01-31T10:00:00Z', '2027-02-28T09:59:59.999Z']) {
    assert.deepEqual(stepOf(standing(), at(now)), { kind: 'stay' });
  }
});

test('at the end of a period the next one is due, after a long silence the one of today alone', () => {
  const due = stepOf(standing(), at('2027-02-28T10:00:00Z'));
  assert.ok(due.kind === 'renew');
  assert.deepEqual([due.period.index, due.period.end], [1, at('2027-03-31T10:00:00Z')]);
  const late = stepOf(standing(), at('2027-06-15T00:00:00Z'));
  assert.ok(late.kind === 'renew');
  assert.deepEqual([late.period.index, late.period.start], [4, at('2027-05-31T10:00:00Z')]);
});

test('what was cancelled ends at its end and renews before it; what its workspace left ends at once', () => {
  const endsAt = at('2027-03-31T10:00:00Z');
  assert.equal(stepOf(standing({ endsAt }), at('2027-02-28T10:00:00Z')).kind, 'renew');
  assert.deepEqual(stepOf(standing({ endsAt }), endsAt), { kind: 'end', reason: 'cancelled' });
  assert.deepEqual(stepOf(standing({ endsAt }), at('2028-01-01T00:00:00Z')), {
    kind: 'end',
    reason: 'cancelled',
  });
  assert.deepEqual(stepOf(standing({ isOpen: false }), anchor), { kind: 'end', reason: 'workspace_closed' });
});

test('grace lasts its days from the first try, with a try each day, and then nothing is tried any more', () => {
  const first = at('2027-02-28T10:00:30Z');
  const grace = unpaidAt(standing(), first, 2);
  assert.deepEqual(grace, {
    kind: 'grace',
    graceUntil: at('2027-03-02T10:00:30Z'),
    lookAt: at('2027-03-01T10:00:30Z'),
    isNew: true,
  });
  const inGrace = standing({ state: 'grace', graceUntil: at('2027-03-02T10:00:30Z') });
  assert.equal(stepOf(inGrace, at('2027-03-01T10:00:30Z')).kind, 'renew');
  assert.deepEqual(unpaidAt(inGrace, at('2027-03-01T10:00:31Z'), 2), {
    kind: 'grace',
    graceUntil: at('2027-03-02T10:00:30Z'),
    lookAt: at('2027-03-02T10:00:30Z'),
    isNew: false,
  });
  assert.deepEqual(stepOf(inGrace, at('2027-03-02T10:00:30Z')), { kind: 'end', reason: 'unpaid' });
  assert.deepEqual(unpaidAt(standing(), first, 0), { kind: 'end' });
});
