import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '#platform/ids';
import { type AcceptedFacts, acceptedAnswer, type RefusedFacts, readFacts, writeFacts } from './answers.ts';
import { runs } from './test/arrange.ts';

const accepted = fc.record<AcceptedFacts>(
  {
    id: fc.constant(newId()),
    scheduled: fc.boolean(),
    from: fc.option(fc.string()),
    encoding: fc.constantFrom('gsm7', 'ucs2'),
    segments: fc.integer({ min: 1, max: 10 }),
    priceMicros: fc.bigInt({ min: 0n, max: 1_000_000_000_000n }),
    currency: fc.constant('EUR'),
    createdAt: fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
    test: fc.boolean(),
  },
  { noNullPrototype: true },
);
const refused = fc.record<RefusedFacts>(
  {
    code: fc.constantFrom('invalid_number', 'insufficient_funds', 'text_too_long'),
    field: fc.option(fc.string()),
    detail: fc.option(fc.string()),
  },
  { noNullPrototype: true },
);

test('what is kept under a key reads back as it was written, so that the repeated answer is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(accepted, refused), { maxLength: 20 }), (facts) => {
      assert.deepEqual(readFacts(writeFacts(facts)), facts);
    }),
    { numRuns: runs(200) },
  );
});

test('an answer shows the price of all segments, and the status the message has', () => {
  const facts: AcceptedFacts = {
    id: newId(),
    scheduled: false,
    from: null,
    encoding: 'gsm7',
    segments: 2,
    priceMicros: 15_000n,
    currency: 'EUR',
    createdAt: new Date('2026-11-21T12:00:00.123Z'),
    test: false,
  };
  const answer = acceptedAnswer(facts, '+4915550123456');
  assert.deepEqual(
    [answer.status, answer.to, answer.price, answer.created_at],
    ['accepted', '+4915550123456', { amount: '0.015', currency: 'EUR' }, '2026-11-21T12:00:00.123Z'],
  );
  assert.equal(acceptedAnswer({ ...facts, scheduled: true }, '+4915550123456').status, 'scheduled');
  assert.equal(acceptedAnswer({ ...facts, test: true }, '+4915550123456').status, 'delivered');
});
