import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extractCode } from './extract-code.ts';
import { fold } from './fold.ts';

const codeOf = (text: string) => extractCode(text)?.code ?? null;

test('separators and a single letter before a hyphen are not part of what a person types', () => {
  assert.equal(codeOf('Your code: 123-456'), '123456');
  assert.equal(codeOf('Your code: 12 34 56'), '123456');
  assert.equal(codeOf('Your code: 1234 5678'), '12345678');
  assert.equal(codeOf('G-123456 is your code'), '123456');
  assert.equal(codeOf('OTP-123456 for sign in'), '123456');
});

test('digits of other scripts come out as ASCII, and the place is where they stand', () => {
  for (const digits of ['١٢٣٤٥٦', '۱۲۳۴۵۶', '१२३४५६', '１２３４５６']) {
    const text = `OTP: ${digits}.`;
    const found = extractCode(text);
    assert.equal(found?.code, '123456');
    assert.equal(text.slice(found?.start, found?.end), digits);
  }
});

test('codes of letters and digits are taken as written, where a word names them', () => {
  assert.equal(codeOf('Security code K7QX2M'), 'K7QX2M');
  assert.equal(codeOf('Security code k7qx2m'), 'k7qx2m');
  assert.equal(codeOf('Security code AX93-77TQ'), 'AX93-77TQ');
  assert.equal(codeOf('Booking reference K7QX2M'), null);
  assert.equal(codeOf('Seat 14C, terminal T2B'), null);
});

test('the word may stand before or after, and the nearest number wins', () => {
  assert.equal(codeOf('4821 is your code'), '4821');
  assert.equal(codeOf('Your code is 4821'), '4821');
  assert.equal(codeOf('For account 20019 ending 4417 the code is 482913'), '482913');
});

test('quantities, dates, times, telephone numbers, references and links are not codes', () => {
  for (const text of [
    'The code costs USD 4821',
    'Your code was bought for 4821 EUR',
    'Password changed on 12/03/2026 at 09:14',
    'Password changed on 21-11-26',
    'Your verification succeeded in 2026',
    'Call +1 202 555 0143 about your code',
    'Call 020 7946 0321 about your code',
    'Code valid for 1440 minutes',
    'Your code is at https://example.com/482913',
    'Use promo code SAVE50',
    'Order 118274 shipped, password not needed',
    'Card *4417 is linked to your password',
    '4821% of codes',
    'Your code is 123456789012',
    'Your code is 123',
  ]) {
    assert.equal(codeOf(text), null, text);
  }
});

test('a year or a date is a code only where a word right beside it says so', () => {
  assert.equal(codeOf('Your code is 2026'), '2026');
  assert.equal(codeOf('We confirmed your password. Happy holidays and a good 2026'), null);
});

test('a bare number is at best a guess, and a text with two equal numbers is not sure', () => {
  assert.equal(extractCode('482913')?.confidence, 'unsure');
  assert.equal(extractCode('Your code is 482913')?.confidence, 'sure');
  assert.equal(extractCode('Your code: 482913, your code: 771204')?.confidence, 'unsure');
  assert.equal(extractCode('Your code: 482913, again your code: 482913')?.confidence, 'sure');
});

test('text that does not speak of codes gives nothing', () => {
  for (const text of ['', ' ', 'Hello', 'See you at room 1204', '🙂', '\ud800 4821']) {
    assert.equal(codeOf(text), null, JSON.stringify(text));
  }
});

test('any text is judged without a throw, and the code is read off its place', () => {
  const pieces = fc.constantFrom(
    ...[
      'code ',
      'رمز ',
      '验证码',
      'is ',
      ': ',
      '123456',
      '4821',
      '12-34',
      'AB12C',
      '€',
      ' ',
      '\n',
      '+',
      '@x.y #1',
    ],
    ...['12/03/2026', '٤٨٢١', 'https://', '.', ',', '%', '\ud83d', '😀', 'card ', '0800 '],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const text = parts.join('');
      const found = extractCode(text);
      if (found === null) return;
      assert.ok(found.start < found.end && found.end <= text.length);
      const shown = fold(text.slice(found.start, found.end)).replace(/[^a-z0-9]/g, '');
      assert.equal(shown, fold(found.code).replace(/[^a-z0-9]/g, ''));
    }),
    { numRuns: 500 },
  );
});

test('cost grows with the text and no faster: long hostile texts take milliseconds', () => {
  for (const piece of [
    '1 ',
    '1.',
    '12-',
    'code 1234 ',
    'a.',
    'card 1234 ',
    '@',
    'x1-',
    '验证码1234,',
    'https://',
  ]) {
    const timed = (units: number) => {
      const text = piece.repeat(Math.ceil(units / piece.length)).slice(0, units);
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 3; run++) {
        const from = performance.now();
        extractCode(text);
        best = Math.min(best, performance.now() - from);
      }
      return best;
    };
    // Far above what was measured (under 10 ms), far below what backtracking would take.
    assert.ok(timed(10_000) < 250, piece);
    assert.ok(timed(1_000_000) < 1_000, `${piece} a hundred times over`);
  }
});
