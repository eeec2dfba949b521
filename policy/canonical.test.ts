import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Document, isMap, isScalar, parseDocument, visit } from 'yaml';
import { canonicalForm, policyHash } from './canonical.ts';
import { changed, edited, mustRead, profileText } from './test/policies.ts';

const text = profileText('standard');
const standard = mustRead(text);

/** The same document with its keys in another order, other quotes, other layout and comments. */
function rewritten(seed: readonly number[]): string {
  const document = parseDocument(text);
  let at = 0;
  const next = () => seed[at++ % seed.length]!;
  visit(document, {
    Map(_, node) {
      node.flow = next() % 2 === 0 && !node.items.some(({ value }) => isMap(value) && !value.flow);
      node.items = node.items
        .map((item) => ({ item, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item);
    },
    Scalar(key, node) {
      if (isScalar(node) && typeof node.value === 'string' && key !== 'key')
        node.type = next() % 2 === 0 ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
      if (next() % 5 === 0) node.comment = ' a remark';
    },
  });
  return document.toString({ indent: 2 + (next() % 3), lineWidth: 60 + (next() % 80) });
}

test('order of keys, comments, layout and quotes do not change the canonical form', () => {
  const form = canonicalForm(standard);
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 40, maxLength: 60 }), (seed) => {
      const other = rewritten(seed);
      assert.notEqual(other, text);
      assert.equal(canonicalForm(mustRead(other)), form);
    }),
    { numRuns: 12 },
  );
});

test('other spellings of a duration and a base taken over do not change the hash', async () => {
  const hash = await policyHash(standard);
  assert.match(hash, /^sha256:[0-9a-f]{64}$/);
  assert.equal(await policyHash(mustRead(edited(text, 'P60M', 'P5Y'))), hash);
  const whole = new Document({ policy: { ...standard.policy, extends: 'standard' } }).toString();
  assert.equal(await policyHash(mustRead(whole)), hash);
});

test('whatever is said differently changes the hash', async () => {
  const hash = await policyHash(standard);
  for (const [path, value] of [
    [['policy', 'version'], '1.0.1'],
    [['retention', 'ip', 'for'], 'P31D'],
    [['backups', 'encrypted'], false],
    [['recipients', 'hosting', 'name'], 'Another'],
    [['data', 'user.name'], undefined],
    [
      ['changes', 'notice'],
      ['email', 'page'],
    ],
  ] as const) {
    assert.notEqual(await policyHash(changed(standard, path, value)), hash, path.join(' '));
  }
});
