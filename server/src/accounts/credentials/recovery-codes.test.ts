import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  findRecoveryCode,
  hashRecoveryCodes,
  makeRecoveryCodes,
  normalizeRecoveryCode,
  RECOVERY_CODES,
} from './recovery-codes.ts';

const mac = (code: string) => createHmac('sha256', 'key of a test').update(code).digest();
const olderMac = (code: string) => createHmac('sha256', 'key of an epoch before').update(code).digest();
const macs = (code: string) => [mac(code), olderMac(code)];

test('ten different codes of sixty bits are made, in groups without letters that look alike (checklist 23)', () => {
  const codes = Array.from({ length: 50 }, makeRecoveryCodes).flat();
  assert.equal(RECOVERY_CODES, 10);
  assert.equal(new Set(codes).size, 500);
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  assert.equal(new Set(codes.join('').replaceAll('-', '')).size, 32, 'the whole alphabet is drawn from');
});

test('a code opens however it is typed: lower case, spaces, other hyphens, O for 0 and l for 1', () => {
  assert.equal(normalizeRecoveryCode('10aB-cdeF-ghJk'), '10ABCDEFGHJK');
  for (const typed of [
    '10abcdefghjk',
    ' 10AB CDEF GHJK\n',
    '10AB\u2013CDEF\u2013GHJK',
    'lOab-cdef-ghjk',
    'i0abcdefghjk',
  ])
    assert.equal(normalizeRecoveryCode(typed), '10ABCDEFGHJK');
});

test('a used code opens nothing, and using one leaves the others (checklist 23)', () => {
  const codes = makeRecoveryCodes();
  const unused = hashRecoveryCodes(codes, mac);
  const place = findRecoveryCode(codes[3]!.toLowerCase(), unused, macs);
  assert.equal(place, 3);
  unused.splice(place!, 1);
  assert.equal(findRecoveryCode(codes[3]!, unused, macs), null);
  assert.equal(findRecoveryCode(codes[4]!, unused, macs), 3);
});

test('a code hashed under an epoch before still opens', () => {
  const codes = makeRecoveryCodes();
  assert.equal(findRecoveryCode(codes[9]!, hashRecoveryCodes(codes, olderMac), macs), 9);
});

test('no other text opens anything or throws', () => {
  const unused = hashRecoveryCodes(makeRecoveryCodes(), mac);
  for (const text of [
    '',
    '----',
    'UUUU-UUUU-UUUU',
    '10AB-CDEF-GHJ',
    '10AB-CDEF-GHJKM',
    '0'.repeat(1_000_000),
  ])
    assert.equal(findRecoveryCode(text, unused, macs), null);
  fc.assert(
    fc.property(fc.string({ maxLength: 70 }), (text) => findRecoveryCode(text, unused, macs) === null),
  );
  assert.equal(findRecoveryCode('10AB-CDEF-GHJK', [Buffer.alloc(0)], macs), null);
});
