import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '#platform/errors';
import { createPasswordHasher, HASH_COST } from './password-hash.ts';
import { readPasswordText } from './password-text.ts';

/** As dear as argon2id lets it be at least: what is tested does not depend on the cost. */
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };
const cheap = createPasswordHasher({ cost: CHEAP });

/** Any UTF-16 units, halves of surrogate pairs included. */
const anyUnits = (maxLength: number) =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

test('a password is hashed with argon2id, 19 MiB, two passes and one lane, and opens by itself alone (checklist 17)', async () => {
  const hasher = createPasswordHasher();
  const phc = await hasher.hash('correct horse battery');
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.deepEqual(HASH_COST, { memoryKib: 19_456, passes: 2, lanes: 1 });
  assert.equal(hasher.needsRehash(phc), false);
  assert.equal(await hasher.verify(phc, 'correct horse battery'), true);
  assert.equal(await hasher.verify(phc, 'correct horse batterz'), false);
});

test('two hashes of one password differ', async () => {
  assert.notEqual(await cheap.hash('correct horse'), await cheap.hash('correct horse'));
});

test('a hash of another cost still opens, and asks to be made again', async () => {
  const phc = await cheap.hash('correct horse');
  const dearer = createPasswordHasher({ cost: { ...CHEAP, passes: 2 } });
  assert.equal(await dearer.verify(phc, 'correct horse'), true);
  assert.equal(dearer.needsRehash(phc), true);
  assert.equal(cheap.needsRehash(phc), false);
});

test('nothing is truncated or trimmed: the 256th character counts, and so do spaces at the ends (checklist 15)', async () => {
  const long = 'y'.repeat(255);
  const phc = await cheap.hash(`${long}a`);
  assert.equal(await cheap.verify(phc, `${long}a`), true);
  assert.equal(await cheap.verify(phc, `${long}b`), false);
  assert.equal(await cheap.verify(phc, long), false);
  const spaced = await cheap.hash('  a b c d ');
  assert.equal(await cheap.verify(spaced, 'a b c d '), false);
  const withNul = await cheap.hash('before\0after');
  assert.equal(await cheap.verify(withNul, 'before\0other'), false);
});

test('one password typed on different keyboards opens: composed, decomposed and full-width letters', async () => {
  const phc = await cheap.hash('Pa\u0308ssword');
  for (const typed of ['P\u00e4ssword', 'Pa\u0308ssword', '\uff30\u00e4\uff53\uff53\uff57\uff4f\uff52\uff44'])
    assert.equal(await cheap.verify(phc, typed), true);
});

test('length is counted in code points, before and after normalisation (checklist 15)', () => {
  const state = (text: string) => readPasswordText(text).state;
  assert.equal(state('1234567'), 'too_short');
  assert.equal(state('12345678'), 'ok');
  assert.equal(state('\u{1f511}'.repeat(7)), 'too_short');
  assert.equal(state('\u{1f511}'.repeat(8)), 'ok');
  assert.equal(state('e\u0301'.repeat(7)), 'too_short', 'a letter with its accent is one');
  assert.equal(state('\ufdfa'), 'too_short', 'one character that becomes eighteen is one');
  assert.equal(state('\u{1f511}'.repeat(256)), 'ok');
  assert.equal(state('a'.repeat(257)), 'too_long');
  assert.equal(state('a'.repeat(10_000_000)), 'too_long');
  assert.equal(state('12345678\ud800'), 'not_unicode');
  fc.assert(
    fc.property(anyUnits(300), (text) => state(text) !== undefined),
    { numRuns: 30 },
  );
});

test('a stored hash that would cost too much or is none of ours is refused without being computed', async () => {
  const good = await cheap.hash('correct horse');
  const hostile = [
    good.replace('m=8', 'm=4194304'),
    good.replace('t=1', 't=99'),
    good.replace('p=1', 'p=64'),
    good.replace('m=8', 'm=08'),
    good.replace('m=8', 'm=1'),
    good.replace('argon2id', 'argon2d'),
    good.replace('v=19', 'v=16'),
    good.slice(0, -1),
    `${good}\n`,
    `${good}$x`,
    '',
    '$'.repeat(100_000),
    '$2b$10$abcdefghijklmnopqrstuu',
  ];
  for (const phc of hostile) {
    assert.equal(await cheap.verify(phc, 'correct horse'), false);
    assert.equal(cheap.needsRehash(phc), true);
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 3 }), async (at, text) => {
      const altered = good.slice(0, at) + text + good.slice(at + 1);
      if (altered !== good) assert.equal(typeof (await cheap.verify(altered, 'correct horse')), 'boolean');
    }),
    { numRuns: 50 },
  );
});

test('no text is nobody’s password, and asking takes a turn like any other', async () => {
  for (const text of ['correct horse', '', 'a'.repeat(5_000), '\ud800'])
    assert.equal(await cheap.verifyNobody(text), false);
  const full = createPasswordHasher({ cost: CHEAP, concurrentMax: 1, waitingMax: 0 });
  const running = full.hash('correct horse');
  await assert.rejects(full.verifyNobody('correct horse'), AppError);
  await running;
});

test('an unknown account costs what a known one does (checklist 18)', async () => {
  const cost = { memoryKib: 2_048, passes: 1, lanes: 1 };
  const hasher = createPasswordHasher({ cost });
  const phc = await hasher.hash('correct horse');
  const spent = async (work: () => Promise<boolean>) => {
    const took: number[] = [];
    for (let run = 0; run < 7; run++) {
      const start = performance.now();
      await work();
      took.push(performance.now() - start);
    }
    return Math.min(...took);
  };
  const known = await spent(() => hasher.verify(phc, 'wrong horse'));
  const unknown = await spent(() => hasher.verifyNobody('wrong horse'));
  const unreadable = await spent(() => hasher.verify('nothing', 'wrong horse'));
  const [least, most] = [Math.min(known, unknown, unreadable), Math.max(known, unknown, unreadable)];
  assert.ok(most < least * 4, `${known} ms, ${unknown} ms, ${unreadable} ms`);
});

test('beyond the bounded queue a call is told to come back, and the others are served', async () => {
  const hasher = createPasswordHasher({ cost: CHEAP, concurrentMax: 2, waitingMax: 3 });
  const calls = await Promise.allSettled(Array.from({ length: 8 }, () => hasher.hash('correct horse')));
  assert.equal(calls.filter(({ status }) => status === 'fulfilled').length, 5);
  for (const call of calls) {
    if (call.status === 'fulfilled') continue;
    assert.ok(call.reason instanceof AppError);
    assert.deepEqual(
      [call.reason.code, call.reason.retryable, call.reason.retryAfterSeconds],
      ['unavailable', true, 2],
    );
  }
  assert.match(await hasher.hash('correct horse'), /^\$argon2id/);
});
