import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  afterClosing,
  afterRequester,
  afterStaff,
  DAY_MS,
  placeInLine,
  REOPENING_DAYS,
  type Standing,
} from './ticket-states.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 26) + ms);
const fresh = (dueMs = 1_000): Standing => ({
  state: 'waiting_for_staff',
  firstReply: 'waiting',
  firstReplyDueAt: at(dueMs),
  firstRepliedAt: null,
  replyDueAt: at(dueMs),
  placeInLine: placeInLine(at(dueMs)),
  closedAt: null,
});
const reopened = (standing: Standing, nowMs: number, dueMs: number): Standing => {
  const to = afterRequester(standing, at(nowMs), at(dueMs));
  assert.ok(to !== 'ended');
  return to;
};

test('an answer at the due moment is in time, one a millisecond later is not', () => {
  assert.equal(afterStaff(fresh(), at(1_000)).firstReply, 'met');
  assert.equal(afterStaff(fresh(), at(1_001)).firstReply, 'missed');
});

test('a customer who writes again before the answer moves nothing', () => {
  const standing = fresh();
  assert.equal(afterRequester(standing, at(500), at(9_999)), standing);
});

test('closing and opening again buys no time for a first answer that is owed', () => {
  const again = reopened(afterClosing(fresh(), at(10)), 20, 5_000);
  assert.deepEqual([again.firstReply, again.replyDueAt], ['waiting', at(1_000)]);
  const missed = afterClosing(fresh(), at(2_000));
  assert.equal(missed.firstReply, 'missed');
});

test('a reply opens a closed ticket until its time for that has passed', () => {
  const closed = afterClosing(afterStaff(fresh(), at(5)), at(10));
  const lastMs = 10 + REOPENING_DAYS * DAY_MS;
  assert.equal(reopened(closed, lastMs, lastMs + 9).state, 'waiting_for_staff');
  assert.equal(afterRequester(closed, at(lastMs + 1), at(lastMs + 9)), 'ended');
});

test('places in the line sort by when an answer is due, and no two are the same', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.nat(2 ** 40), (one, other) => {
      const [first, second] = [placeInLine(new Date(one)), placeInLine(new Date(other))];
      assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      assert.notEqual(first, second);
      if (one !== other) assert.equal(first < second, one < other);
    }),
  );
});

test('whatever happens, a ticket is in the line exactly while it waits for staff, and its first answer is judged once', () => {
  const steps = fc.array(fc.constantFrom('customer', 'staff', 'close'), { maxLength: 12 });
  fc.assert(
    fc.property(steps, (happened) => {
      let standing = fresh(5 * DAY_MS);
      happened.forEach((what, index) => {
        const now = at((index + 1) * DAY_MS);
        const before = standing;
        if (what === 'customer') standing = reopened(standing, (index + 1) * DAY_MS, (index + 2) * DAY_MS);
        else if (standing.state !== 'closed')
          standing = what === 'staff' ? afterStaff(standing, now) : afterClosing(standing, now);
        assert.equal(standing.placeInLine !== null, standing.state === 'waiting_for_staff');
        assert.equal(standing.replyDueAt !== null, standing.state === 'waiting_for_staff');
        assert.equal(standing.closedAt !== null, standing.state === 'closed');
        if (before.firstReply === 'met' || before.firstReply === 'missed')
          assert.equal(standing.firstReply, before.firstReply);
      });
    }),
  );
});
