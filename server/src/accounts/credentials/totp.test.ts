import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkTotp, makeTotpSecret, totpCode, totpSecretText, totpStep, totpUri } from './totp.ts';

const rfcSecret = Buffer.from('12345678901234567890');
const at = (seconds: number) => new Date(seconds * 1_000);

test('codes are those of RFC 6238 appendix B for SHA-1, in six digits, and of RFC 4226 appendix D', () => {
  // The appendix gives eight digits; six are the last of them.
  const vectors: readonly [number, string][] = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ];
  for (const [seconds, code] of vectors)
    assert.equal(totpCode(rfcSecret, totpStep(at(seconds))), code.slice(2));
  const hotp = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
  hotp.forEach((code, counter) => {
    assert.equal(totpCode(rfcSecret, counter), code);
  });
});

test('a code passes in its own step and one on either side, no further (checklist 22)', () => {
  const now = at(1_800_000_015);
  const outcomes = [-2, -1, 0, 1, 2].map((drift) => {
    const code = totpCode(rfcSecret, totpStep(now) + drift);
    return checkTotp(rfcSecret, code, now, null).state;
  });
  assert.deepEqual(outcomes, ['wrong', 'right', 'right', 'right', 'wrong']);
});

test('a step is used once, and none before it passes afterwards (checklist 22)', () => {
  const now = at(1_800_000_015);
  const step = totpStep(now);
  const first = checkTotp(rfcSecret, totpCode(rfcSecret, step), now, null);
  assert.deepEqual(first, { state: 'right', step });
  assert.deepEqual(checkTotp(rfcSecret, totpCode(rfcSecret, step), now, step), { state: 'used' });
  assert.deepEqual(checkTotp(rfcSecret, totpCode(rfcSecret, step - 1), now, step), { state: 'used' });
  const next = checkTotp(rfcSecret, totpCode(rfcSecret, step + 1), now, step);
  assert.deepEqual(next, { state: 'right', step: step + 1 });
});

test('digits of other scripts, other lengths and any other text are wrong and throw nothing', () => {
  const code = totpCode(rfcSecret, 0);
  assert.equal(checkTotp(rfcSecret, `${code.slice(0, 3)} ${code.slice(3)}`, at(0), null).state, 'right');
  const arabic = [...code].map((digit) => String.fromCharCode(0x660 + Number(digit))).join('');
  for (const text of [
    '',
    code.slice(1),
    `${code}0`,
    `${code}\n`,
    arabic,
    '-12345',
    '1e5',
    '9'.repeat(1_000_000),
  ])
    assert.equal(checkTotp(rfcSecret, text, at(0), null).state, 'wrong');
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      if (!/\d/.test(text)) assert.equal(checkTotp(rfcSecret, text, at(59), null).state, 'wrong');
      else checkTotp(rfcSecret, text, at(59), null);
    }),
  );
});

test('a secret has 160 random bits and is written in the base32 of RFC 4648', () => {
  assert.equal(makeTotpSecret().length, 20);
  assert.notDeepEqual(makeTotpSecret(), makeTotpSecret());
  assert.equal(totpSecretText(rfcSecret), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const rfc4648 = {
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [text, encoded] of Object.entries(rfc4648))
    assert.equal(totpSecretText(Buffer.from(text)), encoded);
});

test('the URI says the secret, the issuer and the label given, and nothing breaks out of it', () => {
  const uri = totpUri(rfcSecret, 'Sotto: test', 'a&secret=b#/?\r\n:c\ud800');
  const url = new URL(uri);
  assert.equal(url.protocol, 'otpauth:');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Sotto  test',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  assert.equal(decodeURIComponent(url.pathname), '/Sotto  test:a&secret=b#/?\r\n c\ufffd');
});
