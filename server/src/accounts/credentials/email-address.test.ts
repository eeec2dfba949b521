import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EmailFault, readEmailAddress } from './email-address.ts';

const read = (typed: string) => {
  const reading = readEmailAddress(typed);
  return reading.state === 'ok' ? reading.email : reading.fault;
};

test('an address is read into one spelling: lower case for the index, A-labels for the domain, NFC', () => {
  assert.deepEqual(read('Erika.Muster+news@Example.COM'), {
    address: 'Erika.Muster+news@example.com',
    index: 'erika.muster+news@example.com',
    domain: 'example.com',
    needsSmtpUtf8: false,
  });
  const cases: readonly [string, string][] = [
    ["o'brien@example.com", "o'brien@example.com"],
    ['a@b.co', 'a@b.co'],
    ['1@1.example', '1@1.example'],
    ['user@m\u00fcnchen.example', 'user@xn--mnchen-3ya.example'],
    ['user@M\u00dcNCHEN.example', 'user@xn--mnchen-3ya.example'],
    ['user@mu\u0308nchen.example', 'user@xn--mnchen-3ya.example'],
    ['user@xn--mnchen-3ya.example', 'user@xn--mnchen-3ya.example'],
    ['Jo\u0308rg@example.com', 'j\u00f6rg@example.com'],
    ['\u0645\u0633\u062a\u062e\u062f\u0645@example.com', '\u0645\u0633\u062a\u062e\u062f\u0645@example.com'],
    ['user@\u043f\u043e\u0447\u0442\u0430.\u0440\u0444', 'user@xn--80a1acny.xn--p1ai'],
    ['\u0436\u0435\u043d\u044f@example.com', '\u0436\u0435\u043d\u044f@example.com'],
    ['user@\u043f\u043e\u0448\u0442\u0430.\u0443\u043a\u0440', 'user@xn--80a1acn3a.xn--j1amh'],
    ['ivan.\u0436\u0435\u043d\u044f@example.com', 'ivan.\u0436\u0435\u043d\u044f@example.com'],
    ['\u7528\u6237@\u4f8b\u5b50.example', '\u7528\u6237@xn--fsqu00a.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ];
  for (const [typed, index] of cases) {
    const email = read(typed);
    assert.ok(typeof email === 'object', `${typed}: ${email}`);
    assert.equal(email.index, index);
    assert.equal(email.needsSmtpUtf8, /[^\0-\x7f]/.test(typed.split('@')[0]!));
  }
});

test('what is malformed, over-long, invisible or made to be mistaken is refused with its reason', () => {
  const label = 'a'.repeat(63);
  const table: Readonly<Record<EmailFault, readonly string[]>> = {
    malformed: [
      '',
      '@',
      'a',
      'a@',
      '@b.co',
      'a@b',
      'a@@b.co',
      'a@b@c.co',
      '.a@b.co',
      'a.@b.co',
      'a..b@b.co',
      'a@.b.co',
      'a@b..co',
      'a@b.co.',
      'a@-b.co',
      'a@b-.co',
      'a@b_c.co',
      'a@127.0.0.1',
      'a@0x7f.1',
      'a@[127.0.0.1]',
      'a@b.123',
      'a@ab--c.co',
      'a@xn--.co',
      'a@xn--a.co',
      'a@xn--zzzzzzzzzzz.co',
      `a@${'a'.repeat(64)}.co`,
      '"ab"@b.co',
      'a(comment)@b.co',
      'Erika<a@b.co>',
      'a;b@b.co',
      'a,b@b.co',
      'a:b@b.co',
      'a\\b@b.co',
      '<script>@b.co',
      'a@b.co?subject=x',
      'a@b.co%0d%0aBcc:x',
      'a@b\u3002co',
    ],
    too_long: [
      `${'a'.repeat(65)}@example.com`,
      `${'\u00e4'.repeat(33)}@example.com`,
      `${'a'.repeat(64)}@${label}.${label}.${label}`,
      'a'.repeat(1_000_000),
    ],
    invisible: [
      ' a@b.co',
      'a@b.co ',
      'a b@b.co',
      'a@b.co\r\nBcc: x@y.co',
      'a@b.co\n',
      'a\0@b.co',
      'a\t@b.co',
      'a\u00a0@b.co',
      'a\u200b@b.co',
      'a\u200d@b.co',
      'a\u00ad@b.co',
      'a\u034f@b.co',
      'a\u202e@b.co',
      '\u2066a\u2069@b.co',
      'a@b\u200f.co',
      'a\ufeff@b.co',
      'a\ud800@b.co',
      'a\ue000@b.co',
      'a\u3164@b.co',
    ],
    confusable: [
      'p\u0430ypal@example.com',
      'user@p\u0430ypal.example',
      'user@xn--pypal-4ve.example',
      'user@\u0440\u0430\u0443\u0440\u0430\u04cf.example',
      '\u0440\u0430\u0443\u0440\u0430\u04cf@example.com',
      'g\u03bfogle@example.com',
      'a\u0561@example.com',
      '\uff41dmin@example.com',
      'of\ufb01ce@example.com',
      'user@\uff45xample.com',
    ],
  };
  for (const [fault, texts] of Object.entries(table))
    for (const typed of texts) assert.equal(read(typed), fault, JSON.stringify(typed.slice(0, 80)));
});

test('reading what was read changes nothing, and the case of what was typed neither', () => {
  const piece = fc.stringMatching(/^[A-Za-z0-9\u00c0-\u024f\u0400-\u045f\u0620-\u064a]{1,12}$/);
  fc.assert(
    fc.property(piece, piece, piece, (local, label, top) => {
      const email = read(`${local}@${label}.${top}`);
      if (typeof email === 'string') return;
      const again = read(email.address);
      assert.deepEqual(again, email);
      const lower = read(email.index);
      assert.ok(typeof lower === 'object');
      assert.equal(lower.index, email.index);
    }),
    { numRuns: 300 },
  );
});

test('no text makes reading throw, and what passes has no octet that ends a header or a command', () => {
  const units = fc
    .array(fc.oneof(fc.nat(0xffff), fc.nat(0x7f)), { maxLength: 30 })
    .map((list) => String.fromCharCode(...list));
  fc.assert(
    fc.property(units, units, (local, domain) => {
      for (const typed of [local, `${local}@${domain}`, `a${local}@example.com`, `a@${domain}.com`]) {
        const email = read(typed);
        if (typeof email === 'object') assert.doesNotMatch(email.address, /[\s<>()"\\,;:\p{C}]/u);
      }
    }),
    { numRuns: 500 },
  );
});
