import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressFault, domainOf } from './address.ts';

test('a mail goes to one address in the spelling that is stored', () => {
  for (const address of [
    'a@example.com',
    "First.Last+o'tag@example.com",
    'o@xn--bcher-kva.example',
    'مستخدم@example.com',
    'jörg@example.com',
    `${'a'.repeat(64)}@example.com`,
  ])
    assert.equal(addressFault(address), null, address);
  assert.equal(domainOf('a@example.com'), 'example.com');
});

test('what is longer than a mail server takes is refused, in octets', () => {
  for (const address of [
    `${'a'.repeat(65)}@example.com`,
    `${'ä'.repeat(33)}@example.com`,
    `a@${'b'.repeat(60)}.${'c.'.repeat(120)}com`,
    'a'.repeat(1_000_000),
  ])
    assert.equal(addressFault(address), 'too_long');
});

test('anything that is not one plain address is refused, line breaks in every place among it (checklist 51)', () => {
  const bad = [
    ...['', '@', 'a', 'a@', '@example.com', 'a@b', 'a@@example.com', 'a b@example.com', '.a@example.com'],
    ...['a.@example.com', 'a..b@example.com', '"a"@example.com', '"a b"@example.com', 'a@[127.0.0.1]'],
    ...['a@127.0.0.1', 'a@example.1', 'a@-example.com', 'a@example-.com', 'a@exa_mple.com', 'a@example..com'],
    ...['a@example.com.', 'a,b@example.com', 'A <a@example.com>', 'a@example.com, b@example.com'],
    ...['a(x)@example.com', 'a@example.com\u0000', 'a@exa mple.com', 'a@example.com/x', 'a@%65xample.com'],
    // Other spellings of what is stored, and what is not seen.
    ...['a@Example.com', 'a@bücher.example', 'ａ@example.com', 'a\u200b@example.com', 'a\u202e@example.com'],
    ...['jo\u0308rg@example.com', `a@${'b'.repeat(64)}.com`, 'a\u00a0@example.com', 'a\ud800@example.com'],
  ];
  const address = 'ab@example.com';
  for (let at = 0; at <= address.length; at++)
    for (const mark of ['\r\n', '\n', '\r', '\u2028', '\0'])
      bad.push(`${address.slice(0, at)}${mark}${address.slice(at)}`);
  for (const text of bad) assert.equal(addressFault(text), 'malformed', JSON.stringify(text));
});

test('whatever is given, an answer comes, and what passes is one line with one @', () => {
  const any = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(
      fc.oneof(
        any,
        any.map((local) => `${local}@example.com`),
      ),
      (text) => {
        if (addressFault(text) !== null) return;
        assert.match(text, /^[^@\s\p{C}]+@[a-z0-9.-]+$/u);
      },
    ),
  );
});
