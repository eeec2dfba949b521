import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignProxies, undeclaredProxies } from './trusted-proxies.ts';

test('loopback and private networks are the operator’s own, everything else is somebody else’s', () => {
  const own = [
    '127.0.0.1',
    '::1',
    '10.0.0.0/8',
    '10.1.2.0/24',
    '172.31.0.0/16',
    '192.168.1.1',
    'fd00::/8',
    'fe80::1',
  ];
  assert.deepEqual(foreignProxies(own), []);
  const foreign = ['198.51.100.7', '2001:db8::/32', '172.32.0.0/16', '9.0.0.0/8', '2606:4700::/32'];
  assert.deepEqual(foreignProxies([...own, ...foreign]), foreign);
});

test('a block that reaches beyond a private network is not private', () => {
  const wide = ['0.0.0.0/0', '::/0', '10.0.0.0/7', '172.16.0.0/11', 'fc00::/6'];
  assert.deepEqual(foreignProxies(wide), wide);
});

test('what cannot be read as a network is not taken for private', () => {
  const odd = ['999.1.1.1', 'proxy.example.com', '10.0.0.0/40', ''];
  assert.deepEqual(foreignProxies(odd), odd);
});

test('a proxy of somebody else needs a recipient that is configured and declared', () => {
  const proxies = ['127.0.0.1', '198.51.100.0/24'];
  const [unnamed, ...more] = undeclaredProxies(proxies, undefined, ['cdn']);
  assert.deepEqual(more, []);
  assert.equal(unnamed!.proxy, '198.51.100.0/24');
  assert.equal(unnamed!.reason, 'unnamed');
  assert.equal(unnamed!.waysOut.length, 3);
  assert.deepEqual(
    undeclaredProxies(proxies, 'cdn', ['hosting']).map(({ reason }) => reason),
    ['undeclared'],
  );
  assert.deepEqual(undeclaredProxies(proxies, 'cdn', ['hosting', 'cdn']), []);
  assert.deepEqual(undeclaredProxies(['10.0.0.0/8'], undefined, []), [], 'an own proxy is no recipient');
});
