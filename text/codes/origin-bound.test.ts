import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extractCode } from './extract-code.ts';
import { findOriginBoundCode } from './origin-bound.ts';

test('the last line binds the code to its site', () => {
  const text = '747723 is your ExampleCo code.\n\n@example.com #747723';
  assert.deepEqual(findOriginBoundCode(text), { code: '747723', origin: 'example.com', start: 46, end: 52 });
  assert.deepEqual(extractCode(text), {
    code: '747723',
    origin: 'example.com',
    start: 46,
    end: 52,
    confidence: 'origin-bound',
  });
});

test('an embedded page is named with @, or with % as an earlier draft had it', () => {
  for (const mark of ['@', '%']) {
    const found = findOriginBoundCode(`x\n@example.com #747723 ${mark}shop.example`);
    assert.equal(found?.origin, 'example.com');
    assert.equal(found?.embeddedOrigin, 'shop.example');
    assert.equal(found?.code, '747723');
  }
});

test('what follows the known fields is left for the future, and a text of that line alone will do', () => {
  assert.equal(findOriginBoundCode('@example.com #A1b2 $later')?.code, 'A1b2');
  assert.equal(findOriginBoundCode('@example.com #747723\r\n')?.code, '747723');
  assert.equal(findOriginBoundCode('@Example.COM:8443 #747723')?.origin, 'example.com:8443');
});

test('the bound code wins over any other number of the text', () => {
  assert.equal(extractCode('Your code is 111111\n@example.com #222222')?.code, '222222');
});

test('lines that are not in the form bind nothing', () => {
  for (const text of [
    '',
    '\n',
    'write to a@example.com #747723',
    '@example.com 747723',
    '@example.com #',
    '@ #747723',
    '@exa mple.com #747723',
    '@-._ #747723',
    '@example.com  #747723',
    `@example.com #${'1'.repeat(65)}`,
    '@example.com #747723\nand more',
    `@${'a'.repeat(300)}.com #747723`,
  ]) {
    assert.equal(findOriginBoundCode(text), null, JSON.stringify(text.slice(0, 40)));
  }
});

test('the place of a bound code is where it stands', () => {
  const line = fc.tuple(
    fc.constantFrom('', 'text\n', 'two\nlines\n\n'),
    fc.constantFrom('example.com', 'a.b.example'),
    fc.string({ unit: fc.constantFrom(...'0123456789ABC-'), minLength: 1, maxLength: 10 }),
    fc.constantFrom('', ' @shop.example', '\n', '  '),
  );
  fc.assert(
    fc.property(line, ([before, host, code, after]) => {
      const text = `${before}@${host} #${code}${after}`;
      const found = findOriginBoundCode(text);
      assert.equal(found?.code, code);
      assert.equal(text.slice(found?.start, found?.end), code);
    }),
  );
});
