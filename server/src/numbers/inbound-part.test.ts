import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asE164, type InboundPart, PART_LENGTH_MAX, readPart, TEXT_LENGTH_MAX } from './inbound-part.ts';

const part = (changes: Partial<InboundPart> = {}): InboundPart => ({
  connectorId: '01900000-0000-7000-8000-000000000001',
  from: '+4915123456789',
  to: '+4915555500001',
  text: 'hello',
  octets: null,
  concat: null,
  ...changes,
});

describe('reading a part', () => {
  test('a tie that makes no sense is dropped, and the part stands for itself', () => {
    const sound = { reference: 7, bits: 8, total: 3, sequence: 2 } as const;
    assert.deepEqual(readPart(part({ concat: sound }))?.concat, sound);
    for (const concat of [
      { ...sound, total: 0 },
      { ...sound, total: 1, sequence: 1 },
      { ...sound, sequence: 0 },
      { ...sound, sequence: 4 },
      { ...sound, total: 256 },
      { ...sound, total: Number.NaN },
      { ...sound, reference: 256 },
      { ...sound, reference: -1 },
      { ...sound, bits: 16, reference: 65_536 } as const,
      { ...sound, sequence: 1.5 },
    ]) {
      const piece = readPart(part({ concat }));
      assert.equal(piece?.concat, null, JSON.stringify(concat));
      assert.equal(piece?.content, 'hello');
    }
    const wide = { ...sound, bits: 16, reference: 65_535 } as const;
    assert.deepEqual(readPart(part({ concat: wide }))?.concat, wide);
  });

  test('lengths no carrier can have carried are refused, and a part too long to belong to others stands alone', () => {
    assert.equal(readPart(part({ text: 'x'.repeat(TEXT_LENGTH_MAX + 1) })), null);
    assert.equal(readPart(part({ from: 'x'.repeat(65) })), null);
    assert.equal(readPart(part({ text: null, octets: null })), null);
    const concat = { reference: 1, bits: 8, total: 2, sequence: 1 } as const;
    assert.equal(readPart(part({ concat, text: 'x'.repeat(PART_LENGTH_MAX + 1) }))?.concat, null);
    assert.equal(readPart(part({ text: '' }))?.content, '');
  });

  test('a number of ours is known with and without its prefix, and nothing else is taken for one', () => {
    for (const form of ['+4915555500001', '4915555500001', '004915555500001'])
      assert.equal(asE164(form), '+4915555500001');
    for (const form of [
      '',
      '+',
      '12345',
      'Sotto',
      '+0915555500001',
      '++4915555500001',
      '+49 1555 5500001',
      '1'.repeat(16),
    ])
      assert.equal(asE164(form), null, form);
  });
});
