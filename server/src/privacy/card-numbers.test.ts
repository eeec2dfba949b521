import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { holdsCardNumber, withoutCardNumbers } from './card-numbers.ts';

/** Numbers that the networks publish for tests. */
const CARDS = [
  '4111111111111111',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '30569309025904',
  '6011111111111117',
  '3530111333300000',
  '6200000000000005',
  '6759649826438453',
];

test('a card number is found however it is set, and in digits of any script', () => {
  for (const card of CARDS) {
    const grouped = card.match(/.{1,4}/g)!;
    for (const written of [
      card,
      grouped.join(' '),
      grouped.join('-'),
      grouped.join('.'),
      grouped.join('\u00a0'),
      grouped.join('\u2013'),
      grouped.join('\u200b'),
      `Card: ${card}, please`,
      `(${card})`,
      `1234 ${grouped.join(' ')} 12/29 123`,
      `${card} ${card}`,
      `\u0628\u0637\u0627\u0642\u062a\u064a ${card}.`,
      [...card].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join(''),
      [...card].map((digit) => String.fromCodePoint(0x0966 + Number(digit))).join(' '),
      [...card].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
      [...card].map((digit) => String.fromCodePoint(0x1d7ec + Number(digit))).join(''),
    ]) {
      assert.ok(holdsCardNumber(written), written);
      const masked = withoutCardNumbers(written);
      assert.ok(!holdsCardNumber(masked) && masked.includes(`•••• ${card.slice(-4)}`), masked);
    }
  }
});

test('what is none is left as it is', () => {
  for (const text of [
    '',
    'Hello.',
    // One digit off: the check digit is wrong.
    '4111111111111112',
    '+491512345678901',
    '+4111111111111111',
    // Longer than any, and part of a word.
    '41111111111111111111111',
    'ref4111111111111111',
    'x4111111111111111',
    '2026-11-26 14:15:16.123456',
    '0197f3e0-6f1c-7a7e-8f00-000000000001',
    'DE89 3704 0044 0532 0130 00',
    '1234567890123456',
    '0000000000000000',
    '192.168.100.200 255.255.255.255',
    // Two spaces are no setting of one number.
    '4111  1111  1111  1111',
  ]) {
    assert.equal(holdsCardNumber(text), false, text);
    assert.equal(withoutCardNumbers(text), text);
  }
});

test('masking leaves everything around the numbers, and takes its time in line with the length', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...CARDS), fc.string({ unit: 'binary' }))), (parts) => {
      const text = parts.join(' \n ');
      const masked = withoutCardNumbers(text);
      assert.equal(holdsCardNumber(masked), false);
      if (!holdsCardNumber(text)) assert.equal(masked, text);
    }),
  );
  // The worst a pattern of repetition could meet: digits that never end in a number.
  const started = performance.now();
  for (const text of [
    '1 '.repeat(100_000),
    '4'.repeat(200_000),
    '4\u200b'.repeat(100_000),
    '4- '.repeat(60_000),
  ])
    assert.equal(holdsCardNumber(text), false);
  assert.ok(performance.now() - started < 5_000);
});
