// Certificates the fakes make are what they were ordered to be, as Node reads them; and their signatures prove nothing else.
import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { makeCertificate } from './certificates.ts';
import { claimsOf, signJws } from './jws.ts';

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

test('a certificate says whose it is, who issued it, whether it may issue, and when it is valid', () => {
  const [issuer, subject, other] = [ec(), ec(), ec()];
  for (const toMs of [Date.UTC(2030, 0, 2, 3, 4, 5), Date.UTC(2049, 11, 31), Date.UTC(2077, 5, 6)]) {
    for (const isCa of [true, false]) {
      const made = new X509Certificate(
        makeCertificate({
          subject: 'Subject',
          issuer: 'Issuer',
          publicKey: subject.publicKey,
          signingKey: issuer.privateKey,
          fromMs: Date.UTC(2020, 0, 1),
          toMs,
          isCa,
          marks: ['1.2.840.113635.100.6.11.1'],
        }),
      );
      assert.deepEqual([made.subject, made.issuer, made.ca], ['CN=Subject', 'CN=Issuer', isCa]);
      assert.deepEqual(
        [made.validFromDate.getTime(), made.validToDate.getTime()],
        [Date.UTC(2020, 0, 1), toMs],
      );
      assert.ok(made.verify(issuer.publicKey));
      assert.ok(!made.verify(other.publicKey));
      assert.ok(made.publicKey.equals(subject.publicKey));
      assert.ok(made.raw.includes(Buffer.from('060a2a864886f76364060b01', 'hex')), 'the mark is in it');
    }
  }
});

test('claims are read of what its key signed, and of nothing else', () => {
  const [rsa, other] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const jws = signJws({ kid: 'k' }, { iss: 'i' }, rsa!.privateKey);
  assert.deepEqual(claimsOf(jws, rsa!.publicKey), { iss: 'i' });
  assert.equal(claimsOf(jws, other!.publicKey), null);
  const [header, , signature] = jws.split('.');
  assert.equal(claimsOf(`${header}.e30.${signature}`, rsa!.publicKey), null);
  for (const text of ['', 'a.b.c', '..']) assert.equal(claimsOf(text, rsa!.publicKey), null);
});
