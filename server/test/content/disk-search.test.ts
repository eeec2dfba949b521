// The search finds what it looks for: a planted canary in each form, at every seam, in any kind of file. Without this,
// finding nothing would say nothing.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodePart, segment } from '@sotto/text';
import { numberForms, textForms } from './canary-forms.ts';
import { searchDisk } from './disk-search.ts';

const CANARY = 'Quittenbrot7f3a9c2e';
const NUMBER = '+4915558031415';
let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-search-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const plant = (name: string, ...octets: (Buffer | string)[]) => {
  const own = join(folder, name);
  mkdirSync(join(own, 'deep/er'), { recursive: true });
  const all = octets.map((each) => Buffer.from(each));
  writeFileSync(join(own, 'deep/er/file'), Buffer.concat([randomBytes(1_000), ...all, randomBytes(1_000)]));
  return own;
};
const finds = (own: string, forms = textForms(CANARY)) =>
  searchDisk([own], forms).hits.map(({ form }) => form);

test('each form is found where it was planted, and named', () => {
  for (const [at, { name, octets }] of textForms(CANARY).entries())
    assert.ok(finds(plant(`form-${at}`, octets)).includes(name), name);
  for (const [at, { name, octets }] of numberForms(NUMBER).entries())
    assert.ok(finds(plant(`number-${at}`, octets), numberForms(NUMBER)).includes(name), name);
});

test('forms that others make are found too, whatever stands before them', () => {
  for (let shift = 0; shift < 8; shift++) {
    const before = '.'.repeat(shift);
    const text = `${before}${CANARY}, and more`;
    const gsm = (packed: boolean) =>
      Buffer.from(encodePart(segment(text), 0, { concatenation: 'elsewhere', packed }).octets);
    const made: Record<string, Buffer | string> = {
      packed: gsm(true),
      unpacked: gsm(false),
      ucs2: Buffer.from(encodePart(segment(`${text} щ`), 0, { concatenation: 'elsewhere' }).octets),
      base64: Buffer.from(text).toString('base64'),
      base64OfUcs2: Buffer.from(text, 'utf16le').toString('base64'),
      hex: Buffer.from(text).toString('hex'),
      json: JSON.stringify({ text }),
    };
    for (const [name, octets] of Object.entries(made))
      assert.ok(finds(plant(`made-${name}-${shift}`, octets)).length > 0, `${name} at ${shift}`);
  }
});

test('a canary is found wherever pieces meet', () => {
  for (let at = 0; at < 80; at++) {
    const own = join(folder, `seam-${at}`);
    writeFileSync(own, Buffer.concat([Buffer.alloc(at), Buffer.from(CANARY), Buffer.alloc(80 - at)]));
    const { hits, bytes } = searchDisk([own], textForms(CANARY).slice(0, 1), 32);
    assert.equal(hits.length, 1, `at ${at}`);
    assert.equal(bytes, 80 + CANARY.length);
  }
});

test('a part of a canary, another one, and random octets are not found', () => {
  const own = plant('nothing', CANARY.slice(0, -1), 'Quittenbrot00000000', randomBytes(200_000));
  assert.deepEqual(finds(own), []);
  assert.equal(searchDisk([own], textForms(CANARY)).files, 1);
});

test('a canary that could not be told from chance is refused', () => {
  assert.throws(() => textForms('short'), RangeError);
  assert.throws(() => textForms('Quittenbröt7f3a9c2e'), RangeError);
});
