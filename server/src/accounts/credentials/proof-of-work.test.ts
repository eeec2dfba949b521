import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { solveChallenge } from '@sotto/sdk';
import fc from 'fast-check';
import { checkWork, makeChallenge, WORK_BITS_MAX, type WorkKey } from './proof-of-work.ts';

const keyed = (secret: string): WorkKey => {
  const mac = (text: string) => createHmac('sha256', secret).update(text).digest();
  return { mac, macMatches: (text, given) => mac(text).equals(given) };
};
const key = keyed('key of a test');
const now = new Date('2026-03-01T12:00:00Z');
const end = new Date('2026-03-01T12:05:00Z');

test('what the SDK solves passes, with the id to remember and its end', async () => {
  for (const bits of [0, 1, 7, 8, 9, 12]) {
    const challenge = makeChallenge(key, 'device_account', bits, end);
    const outcome = checkWork(key, 'device_account', challenge, await solveChallenge(challenge), now);
    assert.deepEqual(outcome, { state: 'solved', id: challenge.split('.')[4], expiresAt: end });
  }
});

test('no two challenges are the same, and a solution is no good for another one', async () => {
  const [one, other] = [makeChallenge(key, 'sign_up', 16, end), makeChallenge(key, 'sign_up', 16, end)];
  assert.notEqual(one, other);
  const solution = await solveChallenge(one);
  assert.equal(checkWork(key, 'sign_up', one, solution, now).state, 'solved');
  // By chance once in 65,536 runs.
  assert.equal(checkWork(key, 'sign_up', other, solution, now).state, 'unsolved');
});

test('another purpose, another key, less work, a later end or another spelling is forged', async () => {
  const challenge = makeChallenge(key, 'sign_up', 4, end);
  const solution = await solveChallenge(challenge);
  const state = (text: string, purpose: 'sign_up' | 'recovery' = 'sign_up', with_ = key) =>
    checkWork(with_, purpose, text, solution, now).state;
  assert.equal(state(challenge, 'recovery'), 'forged');
  assert.equal(state(challenge.replace('sign_up', 'recovery'), 'recovery'), 'forged');
  assert.equal(state(challenge, 'sign_up', keyed('another')), 'forged');
  assert.equal(state(challenge.replace('.4.', '.0.')), 'forged');
  assert.equal(state(challenge.replace('.4.', '.04.')), 'forged');
  assert.equal(state(challenge.replace(/\.1\d{9}\./, '.99999999999.')), 'forged');
  // The last letter of 32 octets in base64 holds two bits that say nothing.
  const last = challenge.at(-1)!;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  assert.equal(state(challenge.slice(0, -1) + letters[letters.indexOf(last) + 1]), 'forged');
});

test('a challenge ends to the second, and wrong numbers do not pass', () => {
  const challenge = makeChallenge(key, 'sign_up', 0, end);
  assert.equal(checkWork(key, 'sign_up', challenge, '0', new Date(end.getTime() - 1)).state, 'solved');
  assert.equal(checkWork(key, 'sign_up', challenge, '0', end).state, 'expired');
  for (const solution of ['', '-1', '01', '1.5', '1e3', ' 1', '9007199254740992', '9'.repeat(1_000_000)])
    assert.equal(checkWork(key, 'sign_up', challenge, solution, now).state, 'unsolved');
  const hard = makeChallenge(key, 'sign_up', WORK_BITS_MAX, end);
  assert.equal(checkWork(key, 'sign_up', hard, '1', now).state, 'unsolved');
  assert.throws(() => makeChallenge(key, 'sign_up', WORK_BITS_MAX + 1, end), RangeError);
});

test('no text makes the check throw or passes', () => {
  const challenge = makeChallenge(key, 'sign_up', 0, end);
  fc.assert(
    fc.property(fc.nat(challenge.length - 1), fc.string({ maxLength: 3 }), fc.string(), (at, text, any) => {
      const altered = challenge.slice(0, at) + text + challenge.slice(at + 1);
      if (altered !== challenge)
        assert.notEqual(checkWork(key, 'sign_up', altered, '0', now).state, 'solved');
      assert.equal(checkWork(key, 'sign_up', any, '0', now).state, 'forged');
    }),
  );
  assert.equal(checkWork(key, 'sign_up', `${'pow1.'.repeat(1_000_000)}`, '0', now).state, 'forged');
});
