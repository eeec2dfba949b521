import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isKeyKind, makeToken, readTokenKind, shownParts, TOKEN_KINDS } from './token.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test('a new token says its kind and passes its own checksum (checklist 35)', () => {
  for (const kind of TOKEN_KINDS) {
    const token = makeToken(kind);
    assert.match(token, new RegExp(`^sotto_${kind}_[0-9A-Za-z]{42}$`));
    assert.equal(readTokenKind(token), kind);
  }
});

test('any one character mistyped, and any two neighbours exchanged, are refused without a look-up', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TOKEN_KINDS),
      fc.nat({ max: 41 }),
      fc.constantFrom(...ALPHABET),
      (kind, at, letter) => {
        const token = makeToken(kind);
        const start = token.lastIndexOf('_') + 1 + at;
        const mistyped = token.slice(0, start) + letter + token.slice(start + 1);
        if (mistyped !== token) assert.equal(readTokenKind(mistyped), null);
        const swapped =
          token.slice(0, start) + (token[start + 1] ?? '') + token[start] + token.slice(start + 2);
        if (swapped !== token && start + 1 < token.length) assert.equal(readTokenKind(swapped), null);
      },
    ),
  );
});

test('a token of one kind does not pass as another kind', () => {
  for (const kind of TOKEN_KINDS) {
    const token = makeToken(kind);
    for (const other of TOKEN_KINDS) {
      if (other !== kind) assert.equal(readTokenKind(token.replace(`_${kind}_`, `_${other}_`)), null);
    }
  }
});

test('API keys are tokens of three kinds, and no other token is one', () => {
  assert.deepEqual(TOKEN_KINDS.filter(isKeyKind), ['live', 'test', 'admin']);
});

test('no text makes reading a token throw, and none is taken for a token by chance', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => readTokenKind(text) === null));
  const token = makeToken('live');
  for (const text of ['', ` ${token}`, `${token}\n`, `${token}0`, token.slice(0, -1), 'x'.repeat(1_000_000)])
    assert.equal(readTokenKind(text), null);
});

test('tokens are drawn evenly from the whole alphabet (checklist 25)', () => {
  const counts = new Map<string, number>();
  for (let drawn = 0; drawn < 2_000; drawn++) {
    for (const letter of makeToken('live').slice(11, 47)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  const expected = (2_000 * 36) / 62;
  assert.equal(counts.size, 62);
  const chiSquared = [...counts.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
  // 61 degrees of freedom: a fair draw exceeds 130 about once in a million runs.
  assert.ok(chiSquared < 130, `chi squared ${chiSquared}`);
});

test('what is shown of a token is four characters at each end of its random part and checksum', () => {
  const token = makeToken('admin');
  const { firstFour, lastFour } = shownParts(token);
  assert.equal(firstFour, token.slice('sotto_admin_'.length, 'sotto_admin_'.length + 4));
  assert.equal(lastFour, token.slice(-4));
});
