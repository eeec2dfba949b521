import assert from 'node:assert/strict';
import { test } from 'node:test';
import { svgOf, tlvOf } from './qr-code.ts';

const stamp = {
  sellerName: 'Bobs Records',
  sellerTaxId: '310122393500003',
  issuedAt: new Date('2022-04-25T15:30:00Z'),
  total: '1000.00',
  tax: '150.00',
};

test('the code of a simplified tax invoice is the one in the authority’s own example', () => {
  assert.equal(
    tlvOf(stamp),
    'AQxCb2JzIFJlY29yZHMCDzMxMDEyMjM5MzUwMDAwMwMUMjAyMi0wNC0yNVQxNTozMDowMFoEBzEwMDAuMDAFBjE1MC4wMA==',
  );
});

test('lengths are octets of UTF-8, and what does not fit into one octet is refused', () => {
  const octets = Buffer.from(tlvOf({ ...stamp, sellerName: 'مثال' }), 'base64');
  assert.deepEqual([octets[0], octets[1], octets.subarray(2, 10).toString()], [1, 8, 'مثال']);
  assert.throws(() => tlvOf({ ...stamp, sellerName: 'م'.repeat(128) }), RangeError);
});

test('the drawing is a square with a margin of four modules and no style that a strict page refuses', () => {
  const svg = svgOf(tlvOf(stamp), 'QR');
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1]);
  const points = [...svg.matchAll(/M(\d+) (\d+)h1/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.ok(points.length > 100);
  assert.ok(points.flat().every((at) => at >= 4 && at < size - 4));
  assert.deepEqual(points[0], [4, 4], 'the finder pattern is in the corner');
  assert.doesNotMatch(svg, /style|script|href/);
});
