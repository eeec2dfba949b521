import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LIMIT_NAMES, LIMITS, limitsWith, WINDOW_SECONDS_MAX } from './limits.ts';
import { addressPrefix, spelling } from './subject.ts';

test('an IPv4 address counts whole, an IPv6 address by its /64, a mapped one as what it is (checklist 19)', () => {
  assert.equal(addressPrefix('::ffff:192.0.2.1'), addressPrefix('192.0.2.1'));
  assert.equal(addressPrefix('::ffff:c000:201'), addressPrefix('192.0.2.1'));
  assert.notEqual(addressPrefix('192.0.2.1'), addressPrefix('192.0.2.2'));
  assert.equal(addressPrefix('2001:db8::1'), addressPrefix('2001:DB8:0:0:ffff:ffff:ffff:ffff'));
  assert.notEqual(addressPrefix('2001:db8::1'), addressPrefix('2001:db8:0:1::1'));
  assert.equal(addressPrefix('fe80::1%eth0'), addressPrefix('fe80::2%wlan1'));
  // The first /64 of IPv6 and the IPv4 address of the same digits are two subjects.
  assert.notEqual(addressPrefix('::1'), addressPrefix('0.0.0.1'));
});

test('any text that is no address is one subject: no spelling gets around a limit', () => {
  const one = addressPrefix('nonsense');
  for (const text of ['', '01.2.3.4', '1.2.3', '::1::', '192.0.2.1/32', '999.1.1.1'])
    assert.equal(addressPrefix(text), one);
  fc.assert(fc.property(fc.string(), (text) => typeof addressPrefix(text) === 'string'));
});

test('all addresses of a /64 are one subject', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
  fc.assert(
    fc.property(
      fc.tuple(group, group, group, group),
      fc.tuple(group, group, group, group),
      (network, host) => {
        const address = `2001:${network.slice(1).join(':')}:${host.join(':')}`;
        assert.equal(addressPrefix(address), addressPrefix(`2001:${network.slice(1).join(':')}::`));
      },
    ),
  );
});

test('mail addresses that differ in case, width or space alone are one subject', () => {
  const one = spelling('email', 'ada@example.com');
  for (const text of ['Ada@Example.com', ' ada@example.com', 'ａda@example.com'])
    assert.equal(spelling('email', text), one);
  assert.notEqual(spelling('email', 'ada@example.org'), one);
});

test('every limit is told in whole numbers, and is forgotten within a month', () => {
  for (const name of LIMIT_NAMES) {
    const { burst, refillSeconds } = LIMITS[name];
    assert.ok(Number.isInteger(burst) && burst >= 1, name);
    assert.ok(Number.isInteger(refillSeconds) && burst * refillSeconds <= WINDOW_SECONDS_MAX, name);
  }
});

test('an operator changes the numbers of a limit, and neither what it counts nor what it says', () => {
  const limits = limitsWith({ 'sign_in.email': { burst: 3 } });
  assert.deepEqual(limits['sign_in.email'], { ...LIMITS['sign_in.email'], burst: 3 });
  assert.deepEqual(limits['sign_in.address'], LIMITS['sign_in.address']);
});
