import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseStrictJson } from './strict-json.ts';

const RUNS = Math.max(1, Math.round(300 * Number(process.env.SOTTO_SWEEP ?? 1)));
const parse = (text: string) => parseStrictJson(Buffer.from(text));
const refused = (text: string) => {
  const result = parse(text);
  return result.ok ? 'ok' : [result.code, result.field];
};

test('valid JSON reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, noUnicodeString: false }), (text) => {
      fc.pre(!text.includes('__proto__'));
      assert.deepEqual(parse(text), { ok: true, value: JSON.parse(text) });
    }),
    { numRuns: RUNS },
  );
});

test('what JSON.parse refuses is refused', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '[1 2]',
    'undefined',
    '{"a":1}{}',
    '\ufeff{}',
  ]) {
    assert.deepEqual(refused(text), ['invalid_json', null], text);
  }
});

test('what is not UTF-8 is refused, cut sequences and surrogates too', () => {
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    assert.deepEqual(parseStrictJson(body), { ok: false, code: 'invalid_encoding', field: null });
  }
});

describe('a name', () => {
  test('twice in one object is refused by that name, however it is written and wherever it stands (checklist 6)', () => {
    for (const text of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"a" : 1 , "a"\n: 2}',
      '{"b":{"c":[{"a":1,"x":2,"a":3}]}}',
      '{"b":"{","a":1,"c":"}","a":2}',
      '{"b":"\\"","a":1,"c":"\\\\","a":2}',
    ]) {
      assert.deepEqual(refused(text), ['duplicate_field', 'a'], text);
    }
  });

  test('in two objects is two names, and text that looks like a name is none', () => {
    for (const text of [
      '[{"a":1},{"a":2}]',
      '{"a":{"a":1}}',
      '{"a":"a","b":"a"}',
      '{"a":"\\"a\\":"}',
      '["a","a"]',
    ]) {
      assert.equal(refused(text), 'ok', text);
    }
  });

  test('that would reach the prototype is refused, escaped or deep (checklist 7)', () => {
    for (const text of [
      '{"__proto__":1}',
      '{"a":{"__proto__":{}}}',
      '{"\\u005f_proto__":1}',
      '[{"__proto__":1}]',
    ]) {
      assert.deepEqual(refused(text), ['unknown_field', '__proto__'], text);
    }
    assert.equal(refused('{"a":"__proto__"}'), 'ok');
  });

  test('that is duplicated is told at no more than a hundred characters', () => {
    const name = 'n'.repeat(5_000);
    assert.deepEqual(refused(`{"${name}":1,"${name}":2}`), ['duplicate_field', 'n'.repeat(100)]);
  });
});

test('a name is refused exactly when a walk over the tokens finds it twice in one object', () => {
  const name = fc.constantFrom('a', 'b', 'c"', 'd\\', 'e:', '{', 'é');
  type Tree = { pairs: [string, Tree][] } | { items: Tree[] } | { text: string };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.record({ text: name }),
      fc.record({ items: fc.array(tie('tree'), { maxLength: 3 }) }),
      fc.record({ pairs: fc.array(fc.tuple(name, tie('tree')), { maxLength: 4 }) }),
    ),
  }));
  const write = (node: Tree): string =>
    'text' in node
      ? JSON.stringify(node.text)
      : 'items' in node
        ? `[${node.items.map(write).join(' ,')}]`
        : `{${node.pairs.map(([key, value]) => `${JSON.stringify(key)} :${write(value)}`).join(',')}}`;
  const doubled = (node: Tree): boolean =>
    'text' in node
      ? false
      : 'items' in node
        ? node.items.some(doubled)
        : new Set(node.pairs.map(([key]) => key)).size < node.pairs.length ||
          node.pairs.some(([, value]) => doubled(value));
  fc.assert(
    fc.property(tree, (node) => {
      const result = parse(write(node));
      assert.equal(result.ok ? 'ok' : result.code, doubled(node) ? 'duplicate_field' : 'ok');
    }),
    { numRuns: RUNS },
  );
});

test('sixteen levels are read, seventeen are not (checklist 14)', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(refused(nested(16)), 'ok');
  assert.deepEqual(refused(nested(17)), ['invalid_json', null]);
  assert.deepEqual(refused(nested(200_000)), ['invalid_json', null]);
});

test('random octets are refused or read, and never thrown at the caller', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      const result = parseStrictJson(Buffer.from(octets));
      assert.equal(typeof result.ok, 'boolean');
    }),
    { numRuns: RUNS },
  );
});

test('a body made to be slow takes time in proportion to its length', () => {
  const bodies = [
    JSON.stringify({ a: '\\'.repeat(500_000) }),
    JSON.stringify({ a: '"'.repeat(500_000) }),
    JSON.stringify(Array.from({ length: 100_000 }, () => '\\"')),
    `[${'{"a":1},'.repeat(100_000)}1]`,
  ];
  const started = performance.now();
  for (const body of bodies) assert.equal(refused(body), 'ok');
  assert.ok(performance.now() - started < 2_000, 'four megabytes in all');
});
