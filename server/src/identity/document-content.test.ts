import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityDocumentBytesMax } from '@sotto/contract/identity-checks';
import fc from 'fast-check';
import { judgeContent, mediaTypeOf } from './document-content.ts';
import { jpegWith, pdfWith, pngWith } from './test/documents.ts';

const INSIDE = Buffer.from('something in the middle');
const judged = (octets: Buffer) => judgeContent(octets.toString('base64')).outcome;

test('a whole PDF, PNG or JPEG is known by what it begins and ends with', () => {
  assert.equal(mediaTypeOf(pdfWith(INSIDE)), 'application/pdf');
  assert.equal(mediaTypeOf(Buffer.from('%PDF-2.0\n%%EOF')), 'application/pdf');
  assert.equal(mediaTypeOf(Buffer.from('%PDF-1.4\r\n%%EOF\r\n')), 'application/pdf');
  assert.equal(mediaTypeOf(pngWith(INSIDE)), 'image/png');
  assert.equal(mediaTypeOf(jpegWith(INSIDE)), 'image/jpeg');
});

test('a document cut short at any octet is none', () => {
  for (const whole of [pdfWith(INSIDE), pngWith(INSIDE), jpegWith(INSIDE)]) {
    // The line end of a PDF may be missing.
    const shortest = whole.at(-1) === 0x0a ? whole.length - 1 : whole.length;
    for (let length = 0; length < shortest; length++)
      assert.equal(mediaTypeOf(whole.subarray(0, length)), null, `${length} of ${whole.length}`);
  }
});

test('two files in one, a page, a script and an archive are no documents', () => {
  const zip = Buffer.from('504b0304140000000000', 'hex');
  const page = Buffer.from('<html><script>alert(1)</script></html>');
  for (const whole of [pdfWith(INSIDE), pngWith(INSIDE), jpegWith(INSIDE)]) {
    for (const other of [zip, page, Buffer.from(' ')]) {
      assert.equal(mediaTypeOf(Buffer.concat([other, whole])), null, 'before it');
      assert.equal(mediaTypeOf(Buffer.concat([whole, other])), null, 'behind it');
    }
  }
  for (const text of [
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'GIF89a',
    'MZ',
    '%PDF-',
    '%PDF-9.9\n%%EOF',
    '%!PS',
  ])
    assert.equal(judged(Buffer.from(text)), 'no_document', text);
});

test('content has one spelling: another alphabet, blanks, lines, missing or spare characters are refused', () => {
  const good = pdfWith(INSIDE).toString('base64');
  assert.equal(judgeContent(good).outcome, 'taken');
  const spellings = [
    good.replaceAll('=', ''),
    `${good}=`,
    ` ${good}`,
    `${good.slice(0, 8)}\n${good.slice(8)}`,
    `data:application/pdf;base64,${good}`,
    good.replace(/.$/, ''),
    `${good.slice(0, 4)}*${good.slice(5)}`,
    '../../../etc/passwd',
    'AB==',
    '====',
    '',
  ];
  for (const spelling of spellings)
    assert.ok(spelling === good || judgeContent(spelling).outcome !== 'taken', spelling.slice(0, 20));
});

test('a document of the most octets is taken, and of one more is not', () => {
  const frame = pdfWith(Buffer.alloc(0)).length;
  assert.equal(judged(pdfWith(Buffer.alloc(identityDocumentBytesMax - frame, 0x20))), 'taken');
  assert.equal(judged(pdfWith(Buffer.alloc(identityDocumentBytesMax - frame + 1, 0x20))), 'too_long');
});

test('no octets make it throw, and what is taken is what was sent', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(pdfWith, pngWith, jpegWith),
      (inside, wrap) => {
        assert.notEqual(judged(Buffer.from(inside)), 'too_long');
        const octets = wrap(Buffer.from(inside));
        const found = judgeContent(octets.toString('base64'));
        assert.ok(found.outcome === 'taken' && found.octets.equals(octets));
      },
    ),
  );
  fc.assert(fc.property(fc.string(), (text) => assert.notEqual(judgeContent(text).outcome, 'taken')));
});
