// What is believed to be Apple's: a table of everything that is not, each otherwise than the real thing in one respect.
import assert from 'node:assert/strict';
import {
  createHash,
  createHmac,
  generateKeyPairSync,
  sign as signOctets,
  X509Certificate,
} from 'node:crypto';
import { test } from 'node:test';
import { type FakeChain, fakeAppStore, fakeChain } from '@sotto/simulator';
import { APPLE_ROOT_SHA256, openSigned } from './signed-data.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
const store = fakeAppStore();
const roots = new Set([store.rootSha256]);
const payload = { signedDate: now, hello: 'world' };
const genuine = store.sign(payload);

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const under = async (chain: FakeChain, of: object = payload) => openSigned(store.sign(of, chain), roots);
/** A chain of another root that is believed here as well, so that what is refused is its fault and not its root. */
async function openedUnder(
  faults: Parameters<typeof fakeChain>[0],
  of: object = payload,
  change: (chain: FakeChain) => FakeChain = (chain) => chain,
) {
  const chain = fakeChain(faults, now);
  return openSigned(store.sign(of, change(chain)), new Set([chain.rootSha256]));
}

test('what is signed under three certificates of a pinned root is opened', async () => {
  assert.deepEqual(await openSigned(genuine, roots), payload);
  assert.deepEqual(await openedUnder({}), payload);
});

/** Apple Root CA - G3, as apple.com/certificateauthority gives it. */
const APPLE_ROOT = [
  'MIICQzCCAcmgAwIBAgIILcX8iNLFS5UwCgYIKoZIzj0EAwMwZzEbMBkGA1UEAwwSQXBwbGUgUm9vdCBDQSAtIEczMSYwJAYD',
  'VQQLDB1BcHBsZSBDZXJ0aWZpY2F0aW9uIEF1dGhvcml0eTETMBEGA1UECgwKQXBwbGUgSW5jLjELMAkGA1UEBhMCVVMwHhcN',
  'MTQwNDMwMTgxOTA2WhcNMzkwNDMwMTgxOTA2WjBnMRswGQYDVQQDDBJBcHBsZSBSb290IENBIC0gRzMxJjAkBgNVBAsMHUFw',
  'cGxlIENlcnRpZmljYXRpb24gQXV0aG9yaXR5MRMwEQYDVQQKDApBcHBsZSBJbmMuMQswCQYDVQQGEwJVUzB2MBAGByqGSM49',
  'AgEGBSuBBAAiA2IABJjpLz1AcqTtkyJygRMc3RCV8cWjTnHcFBbZDuWmBSp3ZHtfTjjTuxxEtX/1H7YyYl3J6YRbTzBPEVoA',
  '/VhYDKX1DyxNB0cTddqXl5dvMVztK517IDvYuVTZXpmkOlEKMaNCMEAwHQYDVR0OBBYEFLuw3qFYM4iapIqZ3r6966/ayySr',
  'MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49BAMDA2gAMGUCMQCD6cHEFl4aXTQY2e3v9GwOAEZL',
  'uN+yRhHFD/3meoyhpmvOwgPUnPWTxnS4at+qIxUCMG1mihDK1A3UT82NQz60imOlM27jbdoXt2QfyFMm+YhidDkLF1vLUagM',
  '6BgD56KyKA==',
].join('');

test('the root that is pinned by default is Apple’s, which signed itself and holds until 2039', () => {
  const root = new X509Certificate(Buffer.from(APPLE_ROOT, 'base64'));
  assert.equal(createHash('sha256').update(root.raw).digest('hex'), APPLE_ROOT_SHA256);
  assert.match(root.subject, /^CN=Apple Root CA - G3$/m);
  assert.ok(root.verify(root.publicKey));
  assert.equal(root.validToDate.getUTCFullYear(), 2039);
});

test('a chain of another root, without a mark, out of its time or wrongly issued is refused', async () => {
  assert.equal(await openSigned(genuine, new Set([APPLE_ROOT_SHA256])), null, 'another root');
  assert.equal(await openSigned(genuine, new Set()), null, 'no root');
  assert.equal(await openedUnder({ leafMark: false }), null, 'leaf without its mark');
  assert.equal(await openedUnder({ intermediateMark: false }), null, 'intermediate without its mark');
  assert.equal(await openedUnder({ intermediateIsCa: false }), null, 'intermediate that may not issue');
  assert.equal(await openedUnder({ leafIsCa: true }), null, 'leaf that may issue others');
  assert.equal(await openedUnder({ leafIssuer: 'Somebody Else' }), null, 'leaf that names another issuer');
  assert.equal(await openedUnder({ foreignLeaf: true }), null, 'leaf signed by somebody else');
  assert.equal(await openedUnder({ leafToMs: now - DAY_MS }), null, 'leaf that has ended');
  assert.equal(await openedUnder({ leafFromMs: now + DAY_MS }), null, 'leaf that has not begun');
});

test('certificates are judged by the time of what they signed, not by ours', async () => {
  const ended = { leafFromMs: now - 20 * DAY_MS, leafToMs: now - 10 * DAY_MS };
  const then = { ...payload, signedDate: now - 15 * DAY_MS };
  assert.deepEqual(await openedUnder(ended, then), then);
  assert.equal(await openedUnder(ended, { ...payload, signedDate: now - 9 * DAY_MS }), null);
});

test('a chain of two, four or none, in another order or with another’s certificate in it is refused', async () => {
  const other = fakeChain({}, now);
  const [leaf, intermediate, root] = store.chain.x5c as [string, string, string];
  const chains: readonly (readonly string[])[] = [
    [],
    [leaf],
    [leaf, intermediate],
    [leaf, root],
    [leaf, intermediate, root, root],
    [root, intermediate, leaf],
    [leaf, root, intermediate],
    [leaf, leaf, root],
    [leaf, intermediate, other.x5c[2]!],
    [leaf, other.x5c[1]!, root],
    [other.x5c[0]!, intermediate, root],
    [leaf, intermediate, intermediate],
    ['', '', ''],
    [leaf, intermediate, 'AAAA'],
    [leaf, intermediate, root.slice(0, -40)],
  ];
  const forged = { key: other.key, rootSha256: '', x5c: [other.x5c[0]!, other.x5c[1]!, root] };
  assert.equal(await under(forged), null, 'a whole chain of somebody’s with the pinned root behind it');
  for (const x5c of chains)
    assert.equal(await under({ ...store.chain, x5c }), null, x5c.join(' ').slice(0, 80));
});

test('another algorithm than ES256 is refused, though its signature be right', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const leafKey = new X509Certificate(Buffer.from(store.chain.x5c[0]!, 'base64')).publicKey;
  const tried = {
    none: () => '',
    HS256: (input: string) =>
      createHmac('sha256', leafKey.export({ type: 'spki', format: 'pem' }))
        .update(input)
        .digest('base64url'),
    RS256: (input: string) => signOctets('sha256', Buffer.from(input), rsa.privateKey).toString('base64url'),
  };
  for (const [alg, signature] of Object.entries(tried)) {
    const input = `${encoded({ alg, x5c: store.chain.x5c })}.${encoded(payload)}`;
    assert.equal(await openSigned(`${input}.${signature(input)}`, roots), null, alg);
  }
  const [, body, signature] = genuine.split('.');
  for (const head of [{ alg: 'ES256' }, { alg: 'ES256', x5c: store.chain.x5c, crit: ['exp'], exp: 1 }, {}])
    assert.equal(await openSigned(`${encoded(head)}.${body}.${signature}`, roots), null);
});

test('a payload, header or signature that was altered or exchanged is refused', async () => {
  const [head, body, signature] = genuine.split('.') as [string, string, string];
  const other = store.sign({ ...payload, hello: 'moon' }).split('.') as [string, string, string];
  const mine = encoded({ ...payload, hello: 'mine' });
  for (const altered of [
    [head, mine, signature],
    [head, other[1], signature],
    [head, body, other[2]],
    [head, body, ''],
    [head, body, Buffer.alloc(64).toString('base64url')],
    [head, '', signature],
  ])
    assert.equal(await openSigned(altered.join('.'), roots), null);
});

test('what is cut anywhere, or is something else altogether, is refused and never throws', async () => {
  for (let at = 0; at < genuine.length; at += 97)
    assert.equal(await openSigned(genuine.slice(0, at), roots), null, String(at));
  for (const junk of ['', '.', '..', '...', 'x', `${genuine}.x`, 'é.é.é', 'e30.e30.e30', '\u0000'.repeat(9)])
    assert.equal(await openSigned(junk, roots), null, junk.slice(0, 20));
});

test('what says no time, or one that is none, is refused', async () => {
  for (const signedDate of [undefined, null, 'now', -1, 1.5, Number.MAX_VALUE])
    assert.equal(await openSigned(store.sign({ ...payload, signedDate }), roots), null);
  assert.equal(await openSigned(store.sign([]), roots), null);
});
