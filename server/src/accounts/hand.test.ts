import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameHand } from './hand.ts';

test('two acts are of one hand when a person or a key is in both, however each was done', () => {
  const session = { personId: 'ada', keyId: null };
  const herKey = { personId: 'ada', keyId: 'key-1' };
  const itsHeir = { personId: null, keyId: 'key-1' };
  for (const [one, other] of [
    [session, session],
    [session, herKey],
    [herKey, itsHeir],
  ] as const) {
    assert.ok(isSameHand(one, other) && isSameHand(other, one));
  }
  for (const other of [{ personId: 'grace', keyId: null }, { personId: null, keyId: 'key-2' }, itsHeir]) {
    assert.ok(!isSameHand(session, other) && !isSameHand(other, session));
  }
});
