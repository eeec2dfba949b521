import assert from 'node:assert/strict';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { PASSKEY_TIMEOUT_MS } from '../credentials/passkeys.ts';
import { makeBoundChallenge, readBoundChallenge } from './passkey-challenge.ts';

const secret = randomBytes(32);
const key = {
  mac: (text: string) => createHmac('sha256', secret).update(text).digest(),
  macMatches: (text: string, mac: Buffer) => mac.length === 32 && timingSafeEqual(key.mac(text), mac),
};
const NOW = new Date('2026-11-26T12:00:00Z');
const ADA = '01900000-0000-7000-8000-000000000001';
const answering = (challenge: Buffer) => ({
  response: {
    clientDataJSON: Buffer.from(JSON.stringify({ challenge: challenge.toString('base64url') })).toString(
      'base64url',
    ),
  },
});

test('a challenge is good for its purpose, its person and five minutes', () => {
  const challenge = makeBoundChallenge(key, 'present', ADA, NOW);
  const answer = answering(challenge);
  const read = readBoundChallenge(key, 'present', ADA, answer, NOW);
  assert.deepEqual(read?.challenge, challenge);
  assert.match(read!.id, /^[A-Za-z0-9_-]{22}$/, 'it fits the table of spent challenges');
  assert.equal(read!.expiresAt.getTime(), NOW.getTime() + PASSKEY_TIMEOUT_MS);
  assert.equal(readBoundChallenge(key, 'sign_in', ADA, answer, NOW), null);
  assert.equal(readBoundChallenge(key, 'present', null, answer, NOW), null);
  assert.equal(readBoundChallenge(key, 'present', ADA.replace(/1$/, '2'), answer, NOW), null);
  const late = new Date(NOW.getTime() + PASSKEY_TIMEOUT_MS);
  assert.equal(readBoundChallenge(key, 'present', ADA, answer, late), null);
  assert.notEqual(readBoundChallenge(key, 'present', ADA, answer, new Date(late.getTime() - 1)), null);
});

test('what we did not give out is none, whatever it looks like', () => {
  const challenge = makeBoundChallenge(key, 'sign_in', null, NOW);
  for (let place = 0; place < challenge.length; place++) {
    const altered = Buffer.from(challenge);
    altered[place]! ^= 1;
    assert.equal(readBoundChallenge(key, 'sign_in', null, answering(altered), NOW), null, `octet ${place}`);
    assert.equal(
      readBoundChallenge(key, 'sign_in', null, answering(challenge.subarray(0, place)), NOW),
      null,
    );
  }
  fc.assert(
    fc.property(fc.anything(), fc.string(), (anything, text) => {
      for (const answer of [anything, { response: { clientDataJSON: text } }])
        assert.equal(readBoundChallenge(key, 'sign_in', null, answer, NOW), null);
    }),
  );
});
