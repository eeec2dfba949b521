import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MessageStatus } from '@sotto/contract/message';
import fc from 'fast-check';
import { foldStatus, isFinalPart, type MessageFacts, mayBecome, type PartState } from './status.ts';
import { runs } from './test/arrange.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const STATES: readonly PartState[] = [
  'submitted',
  'unknown',
  'delivered',
  'undeliverable',
  'expired',
  'rejected',
  'cancelled',
];

const fold = (parts: readonly PartState[], facts: Partial<MessageFacts> = {}): MessageStatus =>
  foldStatus({
    segments: Math.max(1, parts.length),
    scheduledAt: null,
    closedAs: null,
    queued: 0,
    claimed: 0,
    parts: parts.map((status) => ({ status, submittedAt: NOW, finishedAt: null, errorCode: null })),
    now: NOW,
    ...facts,
  });

describe('before any part is at a carrier', () => {
  test('a message is scheduled until its time, then accepted, and submitting once a part is claimed', () => {
    const later = new Date(NOW.getTime() + 1);
    assert.equal(fold([], { queued: 1, scheduledAt: later }), 'scheduled');
    assert.equal(fold([], { queued: 1, scheduledAt: NOW }), 'accepted');
    assert.equal(fold([], { queued: 1 }), 'accepted');
    assert.equal(fold([], { queued: 1, claimed: 1 }), 'submitting');
  });

  test('it ends as it was closed', () => {
    for (const closedAs of ['cancelled', 'expired', 'rejected'] as const) {
      assert.equal(fold([], { closedAs }), closedAs);
    }
    assert.equal(fold([], { closedAs: 'tested' }), 'delivered', 'a test message shows as delivered');
  });
});

describe('a message of several parts', () => {
  const table: readonly [PartState[], MessageStatus][] = [
    [['submitted', 'delivered'], 'submitted'],
    [['submitted', 'rejected'], 'submitted'],
    [['delivered', 'delivered'], 'delivered'],
    [['delivered', 'undeliverable'], 'partially_delivered'],
    [['delivered', 'rejected'], 'partially_delivered'],
    [['delivered', 'unknown'], 'partially_delivered'],
    [['unknown', 'undeliverable'], 'unknown'],
    [['undeliverable', 'expired'], 'undeliverable'],
    [['expired', 'rejected'], 'expired'],
    [['rejected', 'cancelled'], 'rejected'],
    [['cancelled', 'cancelled'], 'cancelled'],
  ];
  for (const [parts, status] of table) {
    test(`${parts.join(' and ')} is ${status}, in either order`, () => {
      assert.equal(fold(parts), status);
      assert.equal(fold([...parts].reverse()), status);
    });
  }

  test('is submitting while a part waits, whatever the others say', () => {
    for (const state of STATES) {
      assert.equal(fold([state], { segments: 2, queued: 1 }), 'submitting');
    }
  });

  test('is never delivered when a part never left', () => {
    assert.equal(fold(['delivered'], { segments: 2, closedAs: 'expired' }), 'partially_delivered');
    assert.equal(fold(['undeliverable'], { segments: 2, closedAs: 'expired' }), 'undeliverable');
    assert.equal(fold(['rejected'], { segments: 2, closedAs: 'expired' }), 'expired');
  });
});

/** How far along a status is: a later one never has less. */
const PROGRESS: Record<MessageStatus, number> = {
  scheduled: 0,
  accepted: 1,
  submitting: 2,
  submitted: 3,
  unknown: 4,
  partially_delivered: 5,
  delivered: 6,
  undeliverable: 6,
  expired: 6,
  rejected: 6,
  cancelled: 6,
};

test('a status never moves back, whatever receipts come in whatever order', () => {
  const receipts = fc.array(
    fc.record({
      part: fc.nat({ max: 9 }),
      says: fc.constantFrom<PartState>('delivered', 'undeliverable', 'expired', 'rejected', 'unknown'),
    }),
    { maxLength: 30 },
  );
  const started = fc.array(fc.constantFrom<PartState>('submitted', 'unknown', 'rejected'), {
    minLength: 1,
    maxLength: 10,
  });
  fc.assert(
    fc.property(started, receipts, (parts, told) => {
      const now = [...parts];
      let status = fold(now);
      for (const { part, says } of told) {
        const at = part % now.length;
        if (mayBecome(now[at]!, says)) now[at] = says;
        const next = fold(now);
        assert.ok(PROGRESS[next] >= PROGRESS[status], `${status} became ${next}`);
        if (PROGRESS[status] === 6) assert.equal(next, status, 'a final status stays');
        status = next;
      }
    }),
    { numRuns: runs(1_000) },
  );
});

test('a final part stays as it is, an open one may only go on', () => {
  for (const from of STATES) {
    for (const to of STATES) {
      const expected =
        (from === 'submitted' && to !== 'submitted') || (from === 'unknown' && isFinalPart(to));
      assert.equal(mayBecome(from, to), expected, `${from} to ${to}`);
    }
  }
});
