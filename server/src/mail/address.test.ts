import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainOf, parseAddress } from './address.ts';

const refusedFor = (text: string) => {
  const parsed = parseAddress(text);
  return parsed.outcome === 'refused' ? parsed.reason : parsed.address;
};

test('an address is stored with its domain in lower case and in ASCII', () => {
  for (const [text, address] of [
    ['a@example.com', 'a@example.com'],
    ['First.Last+tag@EXAMPLE.com', 'First.Last+tag@example.com'],
    ['o@bücher.example', 'o@xn--bcher-kva.example'],
    ['o@xn--bcher-kva.example', 'o@xn--bcher-kva.example'],
    ['o@مثال.example', 'o@xn--mgbh0fb.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])
    assert.equal(refusedFor(text!), address);
  assert.equal(domainOf('a@example.com'), 'example.com');
});

test('what is longer than a mail server takes is refused', () => {
  assert.equal(refusedFor(`${'a'.repeat(65)}@example.com`), 'too_long');
  assert.equal(refusedFor(`a@${'b'.repeat(60)}.${'c.'.repeat(120)}com`), 'too_long');
  assert.equal(refusedFor(`${'a'.repeat(30)}@${`${'b'.repeat(50)}ü.`.repeat(4)}de`), 'too_long');
  assert.equal(refusedFor(`a@${'b'.repeat(64)}.com`), 'malformed');
});

test('what reads as another address than it is is refused', () => {
  for (const text of [
    'a@p\u0430ypal.example', // a Cyrillic letter among Latin ones
    'a@ｅxample.com', // full width
    'a@ex\u00adample.com', // an invisible hyphen
    'p\u0430ul@example.com',
    'jos\u00e9@example.com',
    'a@gοοgle.example', // Greek letters
  ])
    assert.match(refusedFor(text), /lookalike|malformed/, text);
});

test('anything that is not one plain address is refused, line breaks in every place among it', () => {
  const bad = [
    ...['', '@', 'a', 'a@', '@example.com', 'a@b', 'a@@example.com', 'a b@example.com', '.a@example.com'],
    ...['a.@example.com', 'a..b@example.com', '"a"@example.com', '"a b"@example.com', 'a@[127.0.0.1]'],
    ...['a@127.0.0.1', 'a@example.1', 'a@-example.com', 'a@example-.com', 'a@exa_mple.com', 'a@example..com'],
    ...['a@example.com.', 'a,b@example.com', 'A <a@example.com>', 'a@example.com, b@example.com'],
    ...['a(x)@example.com', 'a@example.com\u0000', 'a@exa mple.com', 'a@example.com/x', 'a@%65xample.com'],
  ];
  const address = 'ab@example.com';
  for (let at = 0; at <= address.length; at++)
    for (const mark of ['\r\n', '\n', '\r', '\u2028', '\0'])
      bad.push(`${address.slice(0, at)}${mark}${address.slice(at)}`);
  for (const text of bad) assert.equal(refusedFor(text), 'malformed', JSON.stringify(text));
});

test('whatever is given, an answer comes, and a valid one is one line of ASCII that reads the same again', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .tuple(fc.string(), fc.string({ unit: 'grapheme' }))
          .map(([local, domain]) => `${local}@${domain}.example`),
      ),
      (text) => {
        const parsed = parseAddress(text);
        if (parsed.outcome === 'refused') return;
        assert.match(parsed.address, /^[\x21-\x7e]+@[a-z0-9.-]+$/);
        assert.deepEqual(parseAddress(parsed.address), parsed);
      },
    ),
  );
});
