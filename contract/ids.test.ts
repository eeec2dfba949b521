import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check } from './check.ts';
import { decodeId, decodeIdOctets, encodeId, idPattern, idPrefixes, idSchema } from './ids.ts';

// Vectors of the TypeID specification 0.3 (spec/valid.yml).
const vectors = [
  ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
  ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
  ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
  ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
  ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
  ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
  ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
] as const;

const uuid = fc.uuid();

test('the vectors of the TypeID specification hold in both directions', () => {
  for (const [suffix, text] of vectors) {
    assert.equal(encodeId('msg', text), `msg_${suffix}`);
    assert.equal(decodeId('msg', `msg_${suffix}`), text);
  }
});

test('every UUID survives the way out and back, as text and as octets', () => {
  fc.assert(
    fc.property(uuid, fc.constantFrom(...Object.values(idPrefixes)), (text, prefix) => {
      const id = encodeId(prefix, text);
      assert.equal(decodeId(prefix, id), text);
      const octets = decodeIdOctets(prefix, id);
      assert.ok(octets);
      assert.equal(encodeId(prefix, octets), id);
      assert.equal(encodeId(prefix, text.toUpperCase()), id);
      assert.match(id, idPattern(prefix));
    }),
  );
});

test('ids sort as their UUIDs sort, so that time order is kept', () => {
  fc.assert(
    fc.property(uuid, uuid, (a, b) => {
      assert.equal(encodeId('msg', a) < encodeId('msg', b), a < b);
    }),
  );
});

test('an id has one spelling: any other text is no id, and the schema agrees', () => {
  const id = encodeId('msg', '01890a5d-ac96-774b-bcce-b302099a8057');
  const wrong = [
    '',
    'msg_',
    id.toUpperCase(),
    id.replace('msg', 'wrk'),
    id.replace('_', '-'),
    `${id}0`,
    id.slice(0, -1),
    `msg_8${id.slice(5)}`,
    `msg_${id.slice(4, -1)}i`,
    `msg_${id.slice(4, -1)}l`,
    `msg_${id.slice(4, -1)}u`,
    `msg_${id.slice(4, -1)}é`,
    ` ${id}`,
    `${id}\n`,
  ];
  for (const text of wrong) {
    assert.equal(decodeId('msg', text), null, JSON.stringify(text));
    assert.equal(check(idSchema('msg'), text).ok, false, JSON.stringify(text));
  }
  assert.equal(check(idSchema('msg'), id).ok, true);
});

test('any text decodes exactly when the pattern allows it', () => {
  const near = fc.string({
    unit: fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyzilou_8'),
    minLength: 25,
    maxLength: 27,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        near.map((text) => `msg_${text}`),
        fc.string(),
      ),
      (text) => {
        assert.equal(decodeId('msg', text) !== null, idPattern('msg').test(text));
      },
    ),
  );
});

test('what is no UUID is refused with a range error, for our own code made it', () => {
  for (const bad of ['', 'x', '01890a5d-ac96-774b-bcce-b302099a805', '01890a5dac96774bbcceb302099a8057']) {
    assert.throws(() => encodeId('msg', bad), RangeError);
  }
  assert.throws(() => encodeId('msg', new Uint8Array(15)), RangeError);
});

test('no two kinds of thing share a prefix', () => {
  const prefixes = Object.values(idPrefixes);
  assert.equal(new Set(prefixes).size, prefixes.length);
  for (const prefix of prefixes) assert.match(prefix, /^[a-z]{3}$/);
});
