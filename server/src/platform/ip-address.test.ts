import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { ADDRESS_BITS, readAddress, readNetwork, shareBits } from './ip-address.ts';

test('every address that Node takes for one is read, and nothing else is', () => {
  const fragments = fc.array(
    fc.constantFrom('::', ':', '.', '0', '1', '01', 'ff', 'FFFF', '255', '256', '%', 'g'),
    {
      maxLength: 18,
    },
  );
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fragments.map((parts) => parts.join('')),
    fc
      .tuple(fc.ipV6(), fc.nat({ max: 40 }))
      .map(([address, at]) => address.slice(0, at) + address.slice(at + 1)),
    fc.string({ maxLength: 50 }),
  );
  fc.assert(
    fc.property(text, (each) => {
      // Node takes a zone identifier along; here whoever asks takes it off first.
      fc.pre(!each.includes('%'));
      assert.equal(readAddress(each) !== null, isIP(each) !== 0, each);
    }),
    { numRuns: 2_000 },
  );
});

test('an address is one number however it is written', () => {
  for (const [one, other] of [
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ] as const)
    assert.equal(readAddress(one), readAddress(other), one);
  assert.equal(readAddress('::1'), 1n);
  assert.equal(readAddress('ffff::'), 0xffffn << 112n);
  assert.notEqual(readAddress('::192.0.2.7'), readAddress('192.0.2.7'));
});

test('octets with a leading zero are refused, for some read them as octal', () => {
  for (const text of ['010.0.0.1', '192.0.2.07', '::ffff:192.0.02.7']) assert.equal(readAddress(text), null);
});

test('a network has at most the bits of its family', () => {
  assert.equal(readNetwork('192.0.2.0/24')?.bits, 120);
  assert.equal(readNetwork('192.0.2.1')?.bits, ADDRESS_BITS);
  assert.equal(readNetwork('::/0')?.bits, 0);
  for (const text of [
    '192.0.2.0/33',
    '::/129',
    '::/-1',
    '::/01',
    '::/',
    '::/1/2',
    '/8',
    '192.0.2/24',
    '::/1e1',
  ])
    assert.equal(readNetwork(text), null, text);
});

test('addresses share bits up to the first that differs', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.nat({ max: 127 }), (address, at) => {
      const other = address ^ (1n << BigInt(127 - at));
      assert.equal(shareBits(address, other, at), true);
      assert.equal(shareBits(address, other, at + 1), false);
      assert.equal(shareBits(address, address, ADDRESS_BITS), true);
    }),
  );
});
