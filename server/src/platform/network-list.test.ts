import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { networkList } from './network-list.ts';

test('an empty list allows every address', () => {
  assert.equal(networkList([]).allows('192.0.2.1'), true);
  assert.equal(networkList([]).allows('2001:db8::1'), true);
});

test('an IPv4 network allows its addresses in plain and in IPv4-mapped form, and no others', () => {
  const list = networkList(['192.0.2.0/24']);
  for (const inside of ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.7', '::ffff:c000:207'])
    assert.equal(list.allows(inside), true, inside);
  for (const outside of ['192.0.3.0', '192.0.1.255', '::ffff:192.0.3.1', '::192.0.2.7', '2001:db8::1'])
    assert.equal(list.allows(outside), false, outside);
});

test('a network written in IPv4-mapped form allows plain IPv4 addresses', () => {
  const list = networkList(['::ffff:192.0.2.0/120']);
  assert.equal(list.allows('192.0.2.9'), true);
  assert.equal(list.allows('::ffff:192.0.2.9'), true);
  assert.equal(list.allows('192.0.3.9'), false);
});

test('an IPv6 network allows its addresses however they are written', () => {
  const list = networkList(['2001:db8:1::/48']);
  for (const inside of [
    '2001:db8:1::1',
    '2001:0DB8:0001:0:0:0:0:1',
    '2001:db8:1:ffff:ffff:ffff:ffff:ffff%eth0',
  ])
    assert.equal(list.allows(inside), true, inside);
  assert.equal(list.allows('2001:db8:2::1'), false);
  assert.equal(list.allows('192.0.2.1'), false);
});

test('text that is no address is never on a list', () => {
  const list = networkList(['0.0.0.0/0', '::/0']);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }).filter((text) => !/^[\d.:a-fA-F]+(%.*)?$/.test(text)),
      (text) => !list.allows(text),
    ),
  );
  for (const text of ['', '192.0.2', '192.0.2.256', '192.0.2.1/24', 'localhost'])
    assert.equal(list.allows(text), false, text);
});

test('every IPv4 network agrees with arithmetic on its bits', () => {
  const octets = fc.tuple(...Array.from({ length: 4 }, () => fc.nat({ max: 255 })));
  const value = (o: readonly number[]) => o.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  fc.assert(
    fc.property(octets, octets, fc.nat({ max: 32 }), (network, address, bits) => {
      const shift = BigInt(32 - bits);
      const expected = value(network) >> shift === value(address) >> shift;
      assert.equal(networkList([`${network.join('.')}/${bits}`]).allows(address.join('.')), expected);
    }),
  );
});

test('a list covers a network only when one of its own contains all of it', () => {
  const list = networkList(['192.0.2.0/24', '2001:db8::/32']);
  for (const inside of [
    '192.0.2.0/24',
    '192.0.2.128/25',
    '192.0.2.1',
    '2001:db8:5::/48',
    '::ffff:192.0.2.0/120',
  ])
    assert.equal(list.covers(inside), true, inside);
  for (const wider of ['192.0.0.0/16', '192.0.3.0/24', '0.0.0.0/0', '2001::/16', '::/0', '::ffff:0:0/96'])
    assert.equal(list.covers(wider), false, wider);
  assert.equal(networkList([]).covers('0.0.0.0/0'), true);
});

test('text that is no network is refused', () => {
  for (const text of ['', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/', '::/129', '192.0.2.0/24/1', 'all'])
    assert.throws(() => networkList([text]), RangeError, text);
});
