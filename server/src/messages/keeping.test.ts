import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import {
  contentBeganAt,
  contentEndedAt,
  KEPT_FOR_EVER,
  type LifeFacts,
  lifeEndedAt,
  messageKeeping,
  scheduleBounds,
} from './keeping.ts';

const DAY_MS = 86_400_000;
const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);
const life = (change: Partial<LifeFacts>): LifeFacts => ({
  createdAt: at(0),
  validUntil: at(24),
  closedAt: null,
  segments: 2,
  queued: 0,
  parts: 2,
  finished: 2,
  lastFinishedAt: at(2),
  ...change,
});

test('a life ends with its last part, however it ended', () => {
  assert.deepEqual(lifeEndedAt(life({}), at(3)), at(2));
});

test('a life ends when it was closed without a carrier', () => {
  const closed = { parts: 0, finished: 0, lastFinishedAt: null, closedAt: at(1) };
  assert.deepEqual(lifeEndedAt(life(closed), at(3)), at(1));
});

test('no life ends while a part waits, nor while an outcome may still come', () => {
  assert.equal(lifeEndedAt(life({ queued: 1, parts: 1, finished: 1 }), at(48)), null);
  assert.equal(lifeEndedAt(life({ finished: 1 }), at(23)), null);
});

test('where no outcome came, a life ends with the validity, and a later receipt does not prolong it', () => {
  assert.deepEqual(lifeEndedAt(life({ finished: 1 }), at(25)), at(24));
  assert.deepEqual(lifeEndedAt(life({ lastFinishedAt: at(30) }), at(31)), at(24));
});

test('counted from the creation it is the creation, once nothing waits', () => {
  assert.deepEqual(contentBeganAt('created', life({ finished: 0 }), at(1)), at(0));
  assert.equal(contentBeganAt('created', life({ queued: 1 }), at(1)), null);
});

test('content is past exactly at its limit, and never where nothing bounds it', () => {
  const keeping = messageKeeping(limitsFrom({ message_content: ['P1D', 'delivered'] }));
  assert.equal(contentEndedAt(keeping, life({}), new Date(at(26).getTime() - 1)), null);
  assert.deepEqual(contentEndedAt(keeping, life({}), at(26)), at(26));
  assert.deepEqual(contentEndedAt(keeping, life({}), at(99)), at(26));
  assert.equal(contentEndedAt(KEPT_FOR_EVER, life({}), at(9_999)), null);
});

test('nothing is scheduled further ahead than its content lasts, nor lives longer than what counts from acceptance', () => {
  const bounds = (...said: Parameters<typeof limitsFrom>) =>
    scheduleBounds(messageKeeping(limitsFrom(...said)));
  assert.deepEqual(bounds({ message_content: ['P3D', 'delivered'], message_record: ['P1M', 'created'] }), {
    aheadMaxMs: 3 * DAY_MS,
    lifeMaxMs: 28 * DAY_MS,
  });
  assert.deepEqual(bounds({ message_content: ['P2D', 'created'], message_record: ['P1M', 'created'] }), {
    aheadMaxMs: 2 * DAY_MS,
    lifeMaxMs: 2 * DAY_MS,
  });
  assert.equal(scheduleBounds(KEPT_FOR_EVER).aheadMaxMs, 366 * DAY_MS);
});
