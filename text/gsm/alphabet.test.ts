import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ABSENT, alphabetOf, countSeptets, DEFAULT_ALPHABET, septetsOf } from './alphabet.ts';
import type { Language } from './languages.ts';
import { LANGUAGES, languageOfIdentifier } from './languages.ts';
import { decodeSeptets, encodeSeptets } from './septets.ts';

const languages = Object.keys(LANGUAGES) as Language[];

/** Positions read off 3GPP TS 23.038 annex A: table, position, code point. */
const VECTORS: readonly [Language | null, 'locking' | 'single', number, number][] = [
  [null, 'locking', 0x00, 0x40],
  [null, 'locking', 0x09, 0xc7],
  [null, 'locking', 0x10, 0x394],
  [null, 'locking', 0x24, 0xa4],
  [null, 'locking', 0x7f, 0xe0],
  [null, 'single', 0x0a, 0x0c],
  [null, 'single', 0x14, 0x5e],
  [null, 'single', 0x3d, 0x7e],
  [null, 'single', 0x65, 0x20ac],
  ['turkish', 'locking', 0x04, 0x20ac],
  ['turkish', 'locking', 0x07, 0x131],
  ['turkish', 'locking', 0x1c, 0x15e],
  ['turkish', 'locking', 0x40, 0x130],
  ['turkish', 'locking', 0x60, 0xe7],
  ['turkish', 'single', 0x47, 0x11e],
  ['turkish', 'single', 0x73, 0x15f],
  ['spanish', 'single', 0x09, 0xe7],
  ['spanish', 'single', 0x55, 0xda],
  ['spanish', 'single', 0x75, 0xfa],
  ['portuguese', 'locking', 0x15, 0x221e],
  ['portuguese', 'locking', 0x17, 0x5c],
  ['portuguese', 'locking', 0x5c, 0xd5],
  ['portuguese', 'locking', 0x7d, 0x60],
  ['portuguese', 'single', 0x05, 0xea],
  ['portuguese', 'single', 0x1f, 0xca],
  ['portuguese', 'single', 0x7f, 0xe2],
  ['bengali', 'locking', 0x60, 0x9ce],
  ['bengali', 'single', 0x19, 0x9e6],
  ['gujarati', 'locking', 0x7f, 0xaf1],
  ['hindi', 'locking', 0x3c, 0x929],
  ['hindi', 'single', 0x26, 0x951],
  ['kannada', 'locking', 0x24, 0xca1],
  ['malayalam', 'single', 0x34, 0xd7f],
  ['oriya', 'single', 0x2a, 0xb5f],
  ['punjabi', 'single', 0x2d, 0xa75],
  ['tamil', 'single', 0x24, 0xbee],
  ['telugu', 'single', 0x22, 0xc6c],
  ['urdu', 'locking', 0x60, 0x654],
  ['urdu', 'single', 0x3f, 0x6d4],
];

test('the tables hold what TS 23.038 prints at sampled positions of every table', () => {
  for (const [language, kind, position, unit] of VECTORS) {
    const alphabet = kind === 'locking' ? alphabetOf(language, null) : alphabetOf(null, language ?? null);
    const table = kind === 'locking' ? alphabet.unitByCode : alphabet.unitByEscapedCode;
    assert.equal(table[position], unit, `${language} ${kind} ${position.toString(16)}`);
  }
});

test('the default alphabet is the 127 characters and 10 extensions of TS 23.038 in their order', () => {
  const printed =
    '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u0000ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ' +
    'ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
  for (let code = 0; code < 128; code++) {
    const expected = code === 0x1b ? ABSENT : printed.charCodeAt(code);
    assert.equal(DEFAULT_ALPHABET.unitByCode[code], expected);
  }
  const escaped = [...DEFAULT_ALPHABET.unitByEscapedCode].filter((unit) => unit !== ABSENT);
  assert.equal(String.fromCharCode(...escaped), '\f^{}\\[~]|€');
});

test('no table of any language has a meaning at the escape position, and each has 128 positions', () => {
  for (const language of languages) {
    const alphabet = alphabetOf(language, language);
    assert.equal(alphabet.unitByCode[0x1b], ABSENT, language);
    assert.equal(alphabet.unitByEscapedCode[0x1b], ABSENT, language);
    for (const rows of [LANGUAGES[language].locking, LANGUAGES[language].single]) {
      if (rows !== null) assert.equal(rows.join(' ').split(' ').length, 128, language);
    }
  }
});

test('every character of every table survives encoding and decoding with that table', () => {
  for (const locking of [null, ...languages]) {
    for (const single of [null, ...languages]) {
      const alphabet = alphabetOf(locking, single);
      for (const unit of [...alphabet.unitByCode, ...alphabet.unitByEscapedCode]) {
        if (unit === ABSENT) continue;
        const character = String.fromCharCode(unit);
        assert.equal(decodeSeptets(encodeSeptets(character, alphabet), alphabet), character);
      }
    }
  }
});

test('every locking table keeps digits, small Latin letters, space and line breaks at their default places', () => {
  for (const language of languages) {
    const alphabet = alphabetOf(language, null);
    for (const character of '0123456789abcdefghijklmnopqrstuvwxyz \n\r.,:;?!') {
      assert.equal(septetsOf(character.charCodeAt(0), alphabet), 1, `${language} ${character}`);
    }
  }
});

test('counting says -1 exactly when a character is absent, and counts extensions twice', () => {
  assert.equal(countSeptets('Hello', DEFAULT_ALPHABET), 5);
  assert.equal(countSeptets('{€}', DEFAULT_ALPHABET), 6);
  assert.equal(countSeptets('', DEFAULT_ALPHABET), 0);
  for (const foreign of ['ç', '\t', '`', '“', '😀', '\u001b', '\u0000', '\ud800', '\uffff']) {
    assert.equal(countSeptets(`a${foreign}`, DEFAULT_ALPHABET), -1, JSON.stringify(foreign));
  }
});

test('identifiers name the languages of TS 23.038 §6.2.1.2.4 and reserved ones name none', () => {
  assert.deepEqual(
    Array.from({ length: 15 }, (_, identifier) => languageOfIdentifier(identifier)),
    [null, ...languages, null],
  );
});

/** First code point of the Unicode block of each Indic language, whose tables follow the block. */
const INDIC_BLOCKS: readonly [Language, number][] = [
  ['hindi', 0x0900],
  ['bengali', 0x0980],
  ['punjabi', 0x0a00],
  ['gujarati', 0x0a80],
  ['oriya', 0x0b00],
  ['tamil', 0x0b80],
  ['telugu', 0x0c00],
  ['kannada', 0x0c80],
  ['malayalam', 0x0d00],
];

test('Indic locking tables list their Unicode block in its order, so no letter is out of place', () => {
  for (const [language, block] of INDIC_BLOCKS) {
    const letters = [...alphabetOf(language, null).unitByCode.subarray(0, 0x61)].filter(
      (unit) => unit > 0xff && unit !== ABSENT,
    );
    assert.ok(letters.length > 40, language);
    assert.deepEqual(
      letters,
      letters.toSorted((left, right) => left - right),
      language,
    );
    assert.ok(
      letters.every((unit) => unit > block && unit < block + 0x80),
      language,
    );
  }
});

test('Indic and Urdu single shift tables hold the ten digits of their script in order', () => {
  for (const [language, block] of [...INDIC_BLOCKS, ['urdu', 0x068a] as const]) {
    const shifted = [...alphabetOf(null, language).unitByEscapedCode];
    const digits = shifted.filter((unit) => unit >= block + 0x66 && unit <= block + 0x6f);
    assert.deepEqual(
      digits,
      Array.from({ length: 10 }, (_, digit) => block + 0x66 + digit),
      language,
    );
  }
});

test('no locking table holds a character twice', () => {
  for (const language of [null, ...languages]) {
    const units = [...alphabetOf(language, null).unitByCode].filter((unit) => unit !== ABSENT);
    assert.equal(new Set(units).size, units.length, String(language));
  }
});
