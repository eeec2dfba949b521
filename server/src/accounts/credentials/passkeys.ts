// Passkeys (Web Authentication Level 3): what the browser is asked, and what it answers. Challenges are the caller's to
// keep for five minutes and to use once; everything else the specification asks of a relying party (§7.1, §7.2) is
// here. Attestation is not asked for: it would tell makes and models of devices, and the library would fetch
// revocation lists from addresses that the sender's certificates name.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import * as z from 'zod';
import { isDerSignature } from './ecdsa-signature.ts';

/** Whom passkeys are made for. */
export interface PasskeySite {
  /** The RP id: the host of the public URL. */
  readonly id: string;
  readonly origin: string;
  /** Shown by the browser. */
  readonly name: string;
}

/** What a table holds of one passkey. */
export interface Passkey {
  readonly credentialId: Buffer;
  /** In COSE (RFC 9052), as the authenticator gave it. */
  readonly publicKey: Buffer;
  /** 0 for ever where the authenticator does not count. */
  readonly counter: number;
  /** How browsers reach it: `internal`, `usb`, `hybrid`. Hints, told by the browser. */
  readonly transports: readonly string[];
  /** Whether it may be on several devices; never changes. */
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/**
 * Why an answer is refused. `counter` comes from an answer that is otherwise right: the passkey may have been copied.
 * `user_verification`: nobody unlocked the authenticator though it was required.
 */
export type PasskeyFault =
  | 'malformed'
  | 'challenge'
  | 'origin'
  | 'attestation'
  | 'user_verification'
  | 'user_handle'
  | 'counter'
  | 'not_verified';

type Refused = { readonly state: 'refused'; readonly fault: PasskeyFault };

export const PASSKEY_TIMEOUT_MS = 300_000;
const CHALLENGE_OCTETS = 32;
/** §4: a credential id has at most 1,023 octets. */
const CREDENTIAL_ID_OCTETS_MAX = 1_023;
/** An RSA key of 4,096 bits has some 530; larger ones cost time. */
const PUBLIC_KEY_OCTETS_MAX = 1_024;
const ALGORITHMS = [-7, -8, -257];

/** Read when a passkey is first used: it brings whole libraries of certificates, which no start should wait for. */
const library = () => import('@simplewebauthn/server');

/** The site of a public URL; null where no browser makes passkeys: an address, or plain http beyond this machine. */
export function passkeySite(publicUrl: string, name: string): PasskeySite | null {
  const { hostname, origin, protocol } = new URL(publicUrl);
  // URLs spell addresses of both versions in one form each.
  if (/^\[|^[\d.]+$/.test(hostname)) return null;
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');
  return protocol === 'https:' || local ? { id: hostname, origin, name } : null;
}

/** A new challenge. The caller keeps it, bound to whom it was given and for what, and takes it once. */
export const makePasskeyChallenge = (): Buffer => randomBytes(CHALLENGE_OCTETS);

/** What the caller knows of an answer it waits for. */
export interface PasskeyExpectation {
  readonly site: PasskeySite;
  readonly challenge: Buffer;
  /** Whether the authenticator must have been unlocked, as for platform roles (ASVS 5.0 V6.3.3). */
  readonly userVerificationRequired: boolean;
}

/**
 * What `navigator.credentials.create` is given. `userHandle` is 16 to 64 random octets of the account, told back at
 * sign-in; it and `label` are kept by the authenticator, so neither may say more than the person wants.
 */
export async function registrationOptions(
  { site, challenge, userVerificationRequired }: PasskeyExpectation,
  user: { readonly userHandle: Buffer; readonly label: string },
  existing: readonly Passkey[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpID: site.id,
    rpName: site.name,
    userName: user.label,
    userID: new Uint8Array(user.userHandle),
    challenge: new Uint8Array(challenge),
    timeout: PASSKEY_TIMEOUT_MS,
    attestationType: 'none',
    // Kept on the authenticator, so that nobody has to say who they are first.
    authenticatorSelection: {
      residentKey: 'required',
      userVerification: userVerificationRequired ? 'required' : 'preferred',
    },
    excludeCredentials: existing.map(descriptor),
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** What `navigator.credentials.get` is given. Without passkeys the browser offers whatever it has for the site. */
export async function authenticationOptions(
  { site, challenge, userVerificationRequired }: PasskeyExpectation,
  allowed: readonly Passkey[] = [],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: site.id,
    challenge: new Uint8Array(challenge),
    timeout: PASSKEY_TIMEOUT_MS,
    userVerification: userVerificationRequired ? 'required' : 'preferred',
    allowCredentials: allowed.map(descriptor),
  });
}

const descriptor = ({ credentialId, transports }: Passkey) => ({
  id: credentialId.toString('base64url'),
  transports: [...transports],
});

const octets = (max: number) =>
  z
    .string()
    .max(Math.ceil((max * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/);
const credentialFields = {
  id: octets(CREDENTIAL_ID_OCTETS_MAX),
  rawId: octets(CREDENTIAL_ID_OCTETS_MAX),
  type: z.literal('public-key'),
};
const registrationAnswer = z.object({
  ...credentialFields,
  response: z.object({
    clientDataJSON: octets(4_096),
    attestationObject: octets(8_192),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(8)
      .default([]),
  }),
});
const authenticationAnswer = z.object({
  ...credentialFields,
  response: z.object({
    clientDataJSON: octets(4_096),
    authenticatorData: octets(4_096),
    signature: octets(2_048),
    userHandle: octets(64).nullish(),
  }),
});

/** The credential an answer says it is of, to look it up by; null for what is no answer. Proves nothing. */
export function credentialIdOf(answer: unknown): Buffer | null {
  const read = authenticationAnswer.safeParse(answer);
  return read.success ? Buffer.from(read.data.id, 'base64url') : null;
}

/** Checks the answer to `registrationOptions` (§7.1). Never throws for any answer. */
export async function checkRegistration(
  expected: PasskeyExpectation,
  answer: unknown,
): Promise<{ readonly state: 'verified'; readonly passkey: Passkey } | Refused> {
  const read = registrationAnswer.safeParse(answer);
  if (!read.success) return refused('malformed');
  const fault = clientDataFault(expected, read.data.response.clientDataJSON, 'webauthn.create');
  if (fault !== null) return refused(fault);
  try {
    // Before the library sees it: it checks certificates by fetching lists from the addresses in them.
    if (await isUnfit(read.data.response.attestationObject)) return refused('attestation');
    const { verifyRegistrationResponse } = await library();
    const result = await verifyRegistrationResponse({
      response: { ...read.data, clientExtensionResults: {} },
      expectedChallenge: expected.challenge.toString('base64url'),
      expectedOrigin: expected.site.origin,
      expectedRPID: expected.site.id,
      // Asked below, to tell it from other faults.
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!result.verified) return refused('not_verified');
    const { credential, credentialBackedUp, credentialDeviceType, userVerified } = result.registrationInfo;
    if (expected.userVerificationRequired && !userVerified) return refused('user_verification');
    // §7.1 step 25: the id outside is the one the authenticator signed.
    if (credential.id !== read.data.id || credential.publicKey.length > PUBLIC_KEY_OCTETS_MAX)
      return refused('malformed');
    return {
      state: 'verified',
      passkey: {
        credentialId: Buffer.from(credential.id, 'base64url'),
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: read.data.response.transports,
        backupEligible: credentialDeviceType === 'multiDevice',
        backedUp: credentialBackedUp,
      },
    };
  } catch {
    // The library throws sentences that quote the answer; none is kept.
    return refused('not_verified');
  }
}

/** To store of a passkey that was used: the counter on condition that the stored one is lower, or both are 0. */
export interface PasskeyUse {
  readonly state: 'verified';
  readonly counter: number;
  readonly backedUp: boolean;
  readonly userVerified: boolean;
}

/**
 * Checks the answer to `authenticationOptions` (§7.2) against the stored passkey with the answer's `credentialIdOf`.
 * `userHandle` is the one of its account; where the answer names one it has to be that, and where nobody said who
 * they are (`userHandleRequired`) it has to name it. Never throws for any answer.
 */
export async function checkAuthentication(
  expected: PasskeyExpectation & { readonly userHandle: Buffer; readonly userHandleRequired: boolean },
  passkey: Passkey,
  answer: unknown,
): Promise<PasskeyUse | Refused> {
  const read = authenticationAnswer.safeParse(answer);
  if (!read.success) return refused('malformed');
  const id = passkey.credentialId.toString('base64url');
  if (read.data.id !== id) return refused('malformed');
  const { userHandle, ...response } = read.data.response;
  if (userHandle ? !isSame(userHandle, expected.userHandle) : expected.userHandleRequired)
    return refused('user_handle');
  const fault = clientDataFault(expected, response.clientDataJSON, 'webauthn.get');
  if (fault !== null) return refused(fault);
  // The library reads signatures that are written in other ways as well.
  if (isEs256(passkey.publicKey) && !isDerSignature(Buffer.from(response.signature, 'base64url')))
    return refused('not_verified');
  try {
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...read.data, response, clientExtensionResults: {} },
      expectedChallenge: expected.challenge.toString('base64url'),
      expectedOrigin: expected.site.origin,
      expectedRPID: expected.site.id,
      // The counter is compared below, after the signature: nobody but the passkey raises that alarm.
      credential: { id, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
      requireUserVerification: false,
    });
    if (!verified) return refused('not_verified');
    const { newCounter, credentialBackedUp, credentialDeviceType, userVerified } = authenticationInfo;
    // §6.1.3: eligibility is for life.
    if ((credentialDeviceType === 'multiDevice') !== passkey.backupEligible) return refused('not_verified');
    if (expected.userVerificationRequired && !userVerified) return refused('user_verification');
    // §7.2 step 22: it grows, or is 0 for ever.
    if ((newCounter > 0 || passkey.counter > 0) && newCounter <= passkey.counter) return refused('counter');
    return { state: 'verified', counter: newCounter, backedUp: credentialBackedUp, userVerified };
  } catch {
    return refused('not_verified');
  }
}

/** How a key of ES256 begins (RFC 9053 §7.1.1 in the canonical form of CTAP2): of two coordinates, for that algorithm. */
const ES256_KEY = Buffer.from([0x01, 0x02, 0x03, 0x26]);
const isEs256 = (publicKey: Uint8Array): boolean => ES256_KEY.equals(publicKey.subarray(1, 5));

const refused = (fault: PasskeyFault): Refused => ({ state: 'refused', fault });

const clientData = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

/** What the browser says it did, where and for which challenge (§5.8.1). Inside a foreign frame is another place. */
function clientDataFault(
  { site, challenge }: PasskeyExpectation,
  encoded: string,
  type: 'webauthn.create' | 'webauthn.get',
): PasskeyFault | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return 'malformed';
  }
  const read = clientData.safeParse(parsed);
  if (!read.success || read.data.type !== type) return 'malformed';
  if (!isSame(read.data.challenge, challenge)) return 'challenge';
  const { origin, crossOrigin, topOrigin } = read.data;
  return origin !== site.origin || crossOrigin === true || topOrigin !== undefined ? 'origin' : null;
}

/** Whether base64url text is these octets, in constant time. */
function isSame(encoded: string, wanted: Buffer): boolean {
  const given = Buffer.from(encoded, 'base64url');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * Anything but no attestation, or one by the new key itself (§6.5.4, "self attestation"), told by nothing but its own
 * octets; and what is cut short, which the library would read as far as it goes.
 */
async function isUnfit(encoded: string): Promise<boolean> {
  const octets = Buffer.from(encoded, 'base64url');
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(new Uint8Array(octets));
  if (!endsWith(octets, attestation.get('authData'))) return true;
  const format = attestation.get('fmt');
  return !(format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined));
}

/** Whether a CBOR map ends with this byte string, whole: it is the last in the order CTAP2 asks for. */
function endsWith(octets: Buffer, last: Uint8Array): boolean {
  const head = last.length < 256 ? [0x58, last.length] : [0x59, last.length >> 8, last.length & 255];
  return octets
    .subarray(Math.max(0, octets.length - last.length - head.length))
    .equals(Buffer.concat([Buffer.from(head), last]));
}
