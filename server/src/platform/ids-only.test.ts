import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from './ids.ts';
import { idsOnlyJson } from './ids-only.ts';

test('ids, words, counts, times and flags travel in a payload', () => {
  const payload = {
    message_id: newId(),
    public_id: 'msg_01jd3r8w5vf2kq9m4c7x1zt0ha',
    message_ids: [newId(), newId()],
    lane: 'otp',
    attempt: 3,
    final: true,
    nothing: null,
    at: '2026-11-21T09:30:00.123Z',
    day: '2026-11-21',
    absent: undefined,
  };
  assert.deepEqual(JSON.parse(idsOnlyJson('test', payload)), JSON.parse(JSON.stringify(payload)));
});

test('a phone number, an address, a key or a sentence does not, whatever its field and form', () => {
  const personal = fc.oneof(
    fc.stringMatching(/^\+?[1-9]\d{6,14}$/),
    fc.emailAddress(),
    fc.stringMatching(/^sk_live_[A-Za-z0-9]{24}$/),
    fc.constantFrom('Your code is 482913', 'two words', 'línea', 'a\nb'),
  );
  fc.assert(
    fc.property(personal, fc.boolean(), (value, listed) => {
      assert.throws(
        () => idsOnlyJson('test', { field: listed ? ['fine', value] : value }),
        /ids only, field holds/,
      );
    }),
  );
});

test('an object inside a payload, or one beyond the size of a batch, is refused', () => {
  assert.throws(() => idsOnlyJson('test', { deep: { id: newId() } }), /ids only/);
  idsOnlyJson('test', { ids: Array.from({ length: 10_000 }, newId) });
  assert.throws(() => idsOnlyJson('test', { ids: Array.from({ length: 20_000 }, newId) }), /too large/);
});
