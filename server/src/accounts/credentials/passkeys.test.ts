import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  authenticationOptions,
  checkAuthentication,
  checkRegistration,
  credentialIdOf,
  makePasskeyChallenge,
  type Passkey,
  type PasskeyFault,
  passkeySite,
  registrationOptions,
} from './passkeys.ts';
import { createSoftwareAuthenticator, type Misbehaviour } from './test/software-authenticator.ts';

const site = passkeySite('https://sms.example.com', 'Sotto')!;
const user = { userHandle: randomBytes(32), label: 'erika' };
const expecting = (userVerificationRequired = true) => ({
  site,
  challenge: makePasskeyChallenge(),
  userVerificationRequired,
});

async function registered(otherwise: Misbehaviour = {}) {
  const authenticator = createSoftwareAuthenticator(site.origin);
  const expected = expecting();
  const answer = authenticator.create(await registrationOptions(expected, user, []), otherwise);
  const outcome = await checkRegistration(expected, answer);
  assert.equal(outcome.state, 'verified');
  return { authenticator, passkey: (outcome as { passkey: Passkey }).passkey };
}

const signIn = (userVerificationRequired = true) => ({
  ...expecting(userVerificationRequired),
  userHandle: user.userHandle,
  userHandleRequired: true,
});

test('a passkey that was registered signs in, and the counter to store grows (checklist 24)', async () => {
  const { authenticator, passkey } = await registered();
  assert.deepEqual(
    { ...passkey, credentialId: passkey.credentialId.length, publicKey: passkey.publicKey.length },
    {
      credentialId: 32,
      publicKey: 77,
      counter: 1,
      transports: ['internal', 'hybrid'],
      backupEligible: false,
      backedUp: false,
    },
  );
  const expected = signIn();
  const answer = authenticator.get(await authenticationOptions(expected));
  assert.deepEqual(credentialIdOf(answer), passkey.credentialId);
  assert.deepEqual(await checkAuthentication(expected, passkey, answer), {
    state: 'verified',
    counter: 2,
    backedUp: false,
    userVerified: true,
  });
});

test('options ask for a passkey that needs no name, no attestation, and the verification wanted', async () => {
  const { passkey } = await registered();
  const expected = expecting();
  const creation = await registrationOptions(expected, user, [passkey]);
  assert.equal(creation.challenge, expected.challenge.toString('base64url'));
  assert.deepEqual(creation.rp, { id: 'sms.example.com', name: 'Sotto' });
  assert.deepEqual(creation.user, {
    id: user.userHandle.toString('base64url'),
    name: 'erika',
    displayName: '',
  });
  assert.equal(creation.attestation, 'none');
  assert.equal(creation.authenticatorSelection?.residentKey, 'required');
  assert.equal(creation.authenticatorSelection?.userVerification, 'required');
  assert.equal(creation.excludeCredentials?.[0]?.id, passkey.credentialId.toString('base64url'));
  const request = await authenticationOptions(expecting(false));
  assert.equal(request.userVerification, 'preferred');
  assert.deepEqual(request.allowCredentials, []);
  assert.equal(expected.challenge.length, 32);
});

test('a registration for another challenge, place or deed, or without the person, is refused (checklist 24)', async () => {
  const table: readonly [Misbehaviour, PasskeyFault][] = [
    [{ challenge: makePasskeyChallenge().toString('base64url') }, 'challenge'],
    [{ challenge: '' }, 'challenge'],
    [{ origin: 'https://sms.example.com.evil.example' }, 'origin'],
    [{ origin: 'http://sms.example.com' }, 'origin'],
    [{ crossOrigin: true }, 'origin'],
    [{ type: 'webauthn.get' }, 'malformed'],
    [{ rpId: 'example.com' }, 'not_verified'],
    [{ userPresent: false }, 'not_verified'],
    [{ userVerified: false }, 'user_verification'],
  ];
  for (const [otherwise, fault] of table) {
    const expected = expecting();
    const options = await registrationOptions(expected, user, []);
    const answer = createSoftwareAuthenticator(site.origin).create(options, otherwise);
    assert.deepEqual(await checkRegistration(expected, answer), { state: 'refused', fault });
  }
});

test('a certificate is refused before anything in it is looked at, and nothing is fetched', async (t) => {
  const fetched = t.mock.method(globalThis, 'fetch', () => Promise.reject(new Error('no')));
  const expected = expecting();
  const options = await registrationOptions(expected, user, []);
  const answer = createSoftwareAuthenticator(site.origin).create(options, { certificate: randomBytes(300) });
  assert.deepEqual(await checkRegistration(expected, answer), { state: 'refused', fault: 'attestation' });
  assert.equal(fetched.mock.callCount(), 0);
});

test('a sign-in for another challenge, place, deed or account, or without the person, is refused (checklist 24)', async () => {
  const { authenticator, passkey } = await registered();
  const table: readonly [Misbehaviour, PasskeyFault][] = [
    [{ challenge: makePasskeyChallenge().toString('base64url') }, 'challenge'],
    [{ origin: 'https://evil.example' }, 'origin'],
    [{ crossOrigin: true }, 'origin'],
    [{ type: 'webauthn.create' }, 'malformed'],
    [{ rpId: 'evil.example' }, 'not_verified'],
    [{ userPresent: false }, 'not_verified'],
    [{ userVerified: false }, 'user_verification'],
    [{ backupEligible: true }, 'not_verified'],
    [{ userHandle: randomBytes(32).toString('base64url') }, 'user_handle'],
    [{ userHandle: null }, 'user_handle'],
  ];
  for (const [otherwise, fault] of table) {
    const expected = signIn();
    const answer = authenticator.get(await authenticationOptions(expected), otherwise);
    assert.deepEqual(await checkAuthentication(expected, passkey, answer), { state: 'refused', fault });
  }
  const lenient = { ...signIn(false), userHandleRequired: false };
  const answer = authenticator.get(await authenticationOptions(lenient), {
    userVerified: false,
    userHandle: null,
  });
  assert.equal((await checkAuthentication(lenient, passkey, answer)).state, 'verified');
});

test('a counter that does not grow is refused, unless the authenticator never counts', async () => {
  const { authenticator, passkey } = await registered({ counter: 7 });
  const outcome = async (stored: number, counter: number) => {
    const expected = signIn();
    const answer = authenticator.get(await authenticationOptions(expected), { counter });
    return checkAuthentication(expected, { ...passkey, counter: stored }, answer);
  };
  for (const counter of [0, 6, 7])
    assert.deepEqual(await outcome(7, counter), { state: 'refused', fault: 'counter' });
  assert.equal((await outcome(7, 8)).state, 'verified');
  assert.equal((await outcome(0, 0)).state, 'verified');
});

test('an answer by another key is not verified, and raises no alarm about the counter', async () => {
  const { authenticator, passkey } = await registered();
  const other = (await registered()).passkey;
  const expected = signIn();
  const answer = authenticator.get(await authenticationOptions(expected), { counter: 0 });
  const stored = { ...passkey, publicKey: other.publicKey, counter: 9 };
  assert.deepEqual(await checkAuthentication(expected, stored, answer), {
    state: 'refused',
    fault: 'not_verified',
  });
  assert.deepEqual(await checkAuthentication(expected, other, answer), {
    state: 'refused',
    fault: 'malformed',
  });
});

test('no answer makes a check throw, and none that was altered passes', async () => {
  const { authenticator, passkey } = await registered();
  const expected = signIn();
  const creation = authenticator.create(await registrationOptions(expected, user, []));
  const again = await checkRegistration(expected, creation);
  assert.equal(again.state, 'verified');
  const stored = (again as { passkey: Passkey }).passkey;
  const answer = authenticator.get(await authenticationOptions(expected));
  for (const garbage of [null, undefined, 7, '', [], {}, { id: 'a' }, { ...answer, response: null }]) {
    assert.equal((await checkRegistration(expected, garbage)).state, 'refused');
    assert.equal((await checkAuthentication(expected, passkey, garbage)).state, 'refused');
    assert.equal(credentialIdOf(garbage), null);
  }
  const flipped = (text: string, at: number) => {
    const octets = Buffer.from(text, 'base64url');
    octets[at % octets.length]! ^= 1 + (at % 255);
    return octets.toString('base64url');
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature', 'userHandle'),
      fc.nat(),
      async (field, at) => {
        const response = { ...answer.response, [field]: flipped(answer.response[field as 'signature'], at) };
        assert.equal((await checkAuthentication(expected, stored, { ...answer, response })).state, 'refused');
      },
    ),
    // A length in the signature's frame, which a reader of signatures may overlook.
    { numRuns: 60, examples: [['signature', 1]] },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.nat(), async (octets, cut) => {
      const original = creation.response.attestationObject;
      for (const attestationObject of [
        Buffer.from(octets).toString('base64url'),
        original.slice(0, cut % (original.length - 1)),
      ]) {
        const response = { ...creation.response, attestationObject };
        assert.equal((await checkRegistration(expected, { ...creation, response })).state, 'refused');
      }
    }),
    { numRuns: 60 },
  );
});

test('the site is the host of the public URL, and none is where browsers make no passkeys', () => {
  assert.deepEqual(passkeySite('https://SMS.example.com:8443/', 'Sotto'), {
    id: 'sms.example.com',
    origin: 'https://sms.example.com:8443',
    name: 'Sotto',
  });
  assert.equal(passkeySite('http://localhost:3000', 'Sotto')?.id, 'localhost');
  for (const url of ['http://sms.example.com', 'http://127.0.0.1:3000', 'https://[::1]:3000'])
    assert.equal(passkeySite(url, 'Sotto'), null);
});
