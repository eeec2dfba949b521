import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openKeyring } from './cached-keyring.ts';
import { openMemoryKeyStore } from './memory-key-store.ts';
import { isSignedBy, publicKeyOf, signWith } from './signing.ts';

describe('signatures', () => {
  test('are those of RFC 8032, section 7.1, test 2', () => {
    const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');
    const publicKey = publicKeyOf(seed);
    assert.equal(
      publicKey.toString('hex'),
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    );
    const signature = signWith(seed, Buffer.from('72', 'hex'));
    assert.equal(
      signature.toString('hex'),
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    assert.ok(isSignedBy(publicKey, Buffer.from('72', 'hex'), signature));
    assert.ok(!isSignedBy(publicKey, Buffer.from('73', 'hex'), signature));
    assert.ok(!isSignedBy(publicKey, Buffer.from('72', 'hex'), signature.subarray(0, 63)));
  });

  test('hold in every process of the installation, after an epoch too, and in no other installation', async () => {
    const store = openMemoryKeyStore();
    const first = await openKeyring(store);
    const content = Buffer.from('the head of a segment');
    const signature = first.sign(content);
    const later = await openKeyring(store, { indexEpochs: [2, 1] });
    assert.ok(later.isSigned(content, signature));
    assert.ok(later.isSigned(content, later.sign(content)));
    assert.equal(later.sign(content).epoch, 2);
    assert.ok(!first.isSigned(content, later.sign(content)), 'an epoch that is not in use proves nothing');
    assert.deepEqual(
      later.signingKeys().map(({ epoch }) => epoch),
      [2, 1],
    );
    const stranger = await openKeyring(openMemoryKeyStore());
    assert.ok(!stranger.isSigned(content, signature));
  });

  test('pseudonyms are the same for one value, differ between columns, and are no other keyed hash', async () => {
    const store = openMemoryKeyStore();
    const keyring = await openKeyring(store);
    const again = await openKeyring(store);
    const pseudonym = keyring.pseudonym('privacy.audit_entry.object', 'workspace|1');
    assert.deepEqual(again.pseudonym('privacy.audit_entry.object', 'workspace|1'), pseudonym);
    assert.notDeepEqual(keyring.pseudonym('privacy.audit_entry.object', 'workspace|2'), pseudonym);
    assert.notDeepEqual(keyring.pseudonym('privacy.audit_entry.actor', 'workspace|1'), pseudonym);
    assert.notDeepEqual(keyring.mac('privacy.audit_entry.object', 'workspace|1'), pseudonym);
  });
});
