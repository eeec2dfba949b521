import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnsendableTextError } from '../unsendable-text.ts';
import { alphabetOf } from './alphabet.ts';
import { decodeSeptets, encodeSeptets } from './septets.ts';

test('septets stand one in an octet, extensions after an escape', () => {
  assert.deepEqual([...encodeSeptets('@A€[')], [0x00, 0x41, 0x1b, 0x65, 0x1b, 0x3c]);
});

test('a character that the alphabet lacks is refused with its position', () => {
  assert.throws(
    () => encodeSeptets('abç'),
    (error) => error instanceof UnsendableTextError && error.reason === 'unencodable' && error.position === 2,
  );
});

test('an error about a text does not quote the text', () => {
  assert.throws(
    () => encodeSeptets('secret 4711 ç'),
    (error) => error instanceof Error && !error.message.includes('secret') && !error.message.includes('ç'),
  );
});

test('an escape without meaning shows the plain character, a doubled or final one a space', () => {
  assert.equal(decodeSeptets(Uint8Array.of(0x1b, 0x41)), 'A');
  assert.equal(decodeSeptets(Uint8Array.of(0x1b, 0x1b, 0x41)), ' A');
  assert.equal(decodeSeptets(Uint8Array.of(0x41, 0x1b)), 'A ');
});

test('undefined positions of a national table show a space, octets above 0x7F a replacement', () => {
  assert.equal(decodeSeptets(Uint8Array.of(0x0c), alphabetOf('bengali', null)), ' ');
  assert.equal(decodeSeptets(Uint8Array.of(0x80, 0x1b, 0xff)), '\ufffd\ufffd');
});

test('decoding never throws and gives at most one unit an octet, whatever arrives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      assert.ok(decodeSeptets(octets).length <= octets.length);
    }),
  );
});

test('a text longer than one call can carry is decoded whole', () => {
  const text = 'a€'.repeat(6000);
  assert.equal(decodeSeptets(encodeSeptets(text)), text);
});
