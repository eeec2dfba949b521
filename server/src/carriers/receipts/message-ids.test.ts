import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MessageIdRule, MessageIds } from './message-ids.ts';

/** Whether a receipt's id finds the submission's, and at which place among the candidates. */
function place(rule: MessageIdRule, submitted: string, receipted: string): number {
  const ids = new MessageIds(rule);
  return ids.candidates([receipted]).ids.indexOf(ids.accepted(submitted));
}

test('exact compares as seen, whatever the ids look like', () => {
  assert.equal(place('exact', '00AB', '00AB'), 0);
  assert.equal(place('exact', '00AB', 'ab'), -1);
  assert.deepEqual(new MessageIds('exact').candidates(['10']).ids, ['10']);
});

test('the vector of the field: decimal 0000436949 in the text, hexadecimal 6aad5 in the parameter', () => {
  assert.ok(place('learned', '0000436949', '6aad5') >= 0);
  assert.ok(place('learned', '6aad5', '0000436949') >= 0);
  assert.equal(place('hex_to_dec', '0000436949', '6AAD5'), 0);
  assert.equal(place('dec_to_hex', '6AAD5', '0000436949'), 0);
});

test('zeros in front and case do not matter to numbers', () => {
  assert.equal(place('learned', '0000ABCD', 'abcd'), 0);
  assert.equal(place('learned', 'abcd', '0000ABCD'), 0);
});

test('ids that are no numbers stay as they are', () => {
  const ids = new MessageIds('learned');
  assert.equal(ids.accepted('Msg-00Aa'), 'Msg-00Aa');
  assert.deepEqual(ids.candidates(['Msg-00Aa']), { ids: ['Msg-00Aa'], forms: ['exact'] });
});

test('any id of up to eighteen and more digits survives the change of base in both directions', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 2n ** 96n }),
      fc.boolean(),
      fc.integer({ min: 0, max: 6 }),
      fc.boolean(),
      (value, submittedInHex, zeros, upper) => {
        const spell = (hex: boolean) => {
          const text = '0'.repeat(zeros) + value.toString(hex ? 16 : 10);
          return upper ? text.toUpperCase() : text;
        };
        assert.ok(place('learned', spell(submittedInHex), spell(!submittedInHex)) >= 0);
        assert.ok(
          place(
            submittedInHex ? 'dec_to_hex' : 'hex_to_dec',
            spell(submittedInHex),
            spell(!submittedInHex),
          ) >= 0,
        );
      },
    ),
  );
});

test('the form that matched leads from then on', () => {
  const ids = new MessageIds('learned');
  assert.equal(ids.leading, 'exact');
  const { forms } = ids.candidates(['6aad5']);
  assert.deepEqual(forms, ['exact', 'hex_to_dec']);
  ids.matched('hex_to_dec');
  assert.equal(ids.leading, 'hex_to_dec');
  assert.deepEqual(ids.candidates(['6aad5']), { ids: ['436949', '6aad5'], forms: ['hex_to_dec', 'exact'] });
});

test('a rule that is set is not unlearned', () => {
  const ids = new MessageIds('dec_to_hex');
  ids.matched('exact');
  assert.equal(ids.leading, 'dec_to_hex');
});

test('the parameter’s id comes before the text’s, and none twice', () => {
  const { ids } = new MessageIds('learned').candidates(['6aad5', '0000436949']);
  assert.deepEqual(ids.slice(0, 2), ['6aad5', '436949']);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length <= 6);
});

test('nothing is made of nothing, and texts without bound are not converted', () => {
  const ids = new MessageIds('learned');
  assert.deepEqual(ids.candidates([]).ids, []);
  assert.deepEqual(ids.candidates(['']).ids, []);
  assert.deepEqual(ids.candidates(['9'.repeat(5_000)]).forms, ['exact']);
});
