import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findBidiControls, stripBidiControls } from './bidi-controls.ts';

const CONTROLS = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';

test('every control of Unicode Standard Annex #9 is found by name and position', () => {
  assert.deepEqual(
    findBidiControls(CONTROLS).map((control) => control.name),
    ['ALM', 'LRM', 'RLM', 'LRE', 'RLE', 'PDF', 'LRO', 'RLO', 'LRI', 'RLI', 'FSI', 'PDI'],
  );
  assert.deepEqual(findBidiControls('Ba\u202eknaB'), [{ position: 2, name: 'RLO' }]);
});

test('the engine knows no further control: the table equals the Bidi_Control property', () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const character = String.fromCharCode(unit);
    const isControl = /^\p{Bidi_Control}$/u.test(character);
    assert.equal(findBidiControls(character).length, isControl ? 1 : 0, unit.toString(16));
  }
});

test('stripping removes controls and nothing else, and twice is the same as once', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abc שלום', ...CONTROLS), maxLength: 60 });
  fc.assert(
    fc.property(text, (mixed) => {
      const stripped = stripBidiControls(mixed);
      assert.equal(stripped, [...mixed].filter((character) => !CONTROLS.includes(character)).join(''));
      assert.equal(stripBidiControls(stripped), stripped);
    }),
  );
  assert.equal(stripBidiControls('\u200d\u200c'), '\u200d\u200c');
});
