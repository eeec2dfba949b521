import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isLoopbackAddress, isPublicAddress } from './address-rules.ts';

test('addresses of the public Internet may be called', () => {
  for (const address of [
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '223.255.255.255',
  ]) {
    assert.ok(isPublicAddress(address), address);
  }
  for (const address of ['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888']) {
    assert.ok(isPublicAddress(address), address);
  }
});

test('every special-purpose network is refused at its first and last address', () => {
  const networks: [string, string][] = [
    ['0.0.0.0', '0.255.255.255'],
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['169.254.0.0', '169.254.169.254'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.0.0.0', '192.0.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['192.88.99.0', '192.88.99.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['198.51.100.0', '198.51.100.255'],
    ['203.0.113.0', '203.0.113.255'],
    ['224.0.0.0', '255.255.255.255'],
    ['::', '::1'],
    ['64:ff9b::', '64:ff9b::ffff:ffff'],
    ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
    ['100::', '100::ffff:ffff:ffff:ffff'],
    ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ];
  for (const [first, last] of networks) {
    assert.ok(!isPublicAddress(first), first);
    assert.ok(!isPublicAddress(last), last);
  }
});

test('no spelling of an embedded IPv4 address gets through', () => {
  const spellings = [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1%eth0',
    '2606:4700::1%lo',
  ];
  for (const address of spellings) assert.ok(!isPublicAddress(address), address);
});

test('an embedded IPv4 address is refused whatever it is', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      for (const prefix of ['::ffff:', '::', '64:ff9b::']) assert.ok(!isPublicAddress(prefix + address));
    }),
  );
});

test('what is no address is not public, and nothing is both public and loopback', () => {
  for (const text of ['', 'localhost', '127.1', '0x7f.0.0.1', '1.1.1.1.', '1.1.1.1:80', '[::1]']) {
    assert.ok(!isPublicAddress(text), text);
    assert.ok(!isLoopbackAddress(text), text);
  }
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      assert.ok(!(isPublicAddress(address) && isLoopbackAddress(address)));
    }),
  );
  assert.ok(isLoopbackAddress('127.9.9.9') && isLoopbackAddress('::1') && !isLoopbackAddress('::2'));
});
