// Challenges of passkeys that are stored nowhere when they are given out: random octets, an end, and a keyed hash over
// both, what they are for and whom they were given to. The browser's answer says its challenge, so nothing else has to
// travel. Spent ones are remembered until their end, on condition that they were not yet: that makes them single use.
//
//   challenge   id (16 octets) || end, seconds since 1970 (6 octets) || keyed hash
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { PASSKEY_TIMEOUT_MS } from '../credentials/passkeys.ts';

/** `present` is for somebody known, as second factor or again; `sign_in` for whoever it turns out to be. */
export type ChallengePurpose = 'register' | 'present' | 'sign_in';

/** Keyed hashes under the keyring. */
export interface ChallengeKey {
  mac(text: string): Buffer;
  /** In constant time, under every epoch in use. */
  macMatches(text: string, mac: Buffer): boolean;
}

const ID_OCTETS = 16;
const END_OCTETS = 6;
const HEAD_OCTETS = ID_OCTETS + END_OCTETS;
const CHALLENGE_OCTETS_MAX = 128;

/** A challenge for a purpose and a person (null: for whoever answers), good for five minutes. */
export function makeBoundChallenge(
  key: ChallengeKey,
  purpose: ChallengePurpose,
  personId: string | null,
  now: Date,
): Buffer {
  const head = Buffer.alloc(HEAD_OCTETS);
  randomBytes(ID_OCTETS).copy(head);
  head.writeUIntBE(Math.floor((now.getTime() + PASSKEY_TIMEOUT_MS) / 1_000), ID_OCTETS, END_OCTETS);
  return Buffer.concat([head, key.mac(contentOf(head, purpose, personId))]);
}

export interface BoundChallenge {
  readonly challenge: Buffer;
  /** Random; the first passkey of an account takes it as user handle. */
  readonly random: Buffer;
  /** To be remembered until `expiresAt` once it was used. */
  readonly id: string;
  readonly expiresAt: Date;
}

/**
 * The challenge a browser's answer says it is for; null when we did not give it out for this purpose and person, or it
 * is too old. Proves nothing of the answer. Never throws for any answer.
 */
export function readBoundChallenge(
  key: ChallengeKey,
  purpose: ChallengePurpose,
  personId: string | null,
  answer: unknown,
  now: Date,
): BoundChallenge | null {
  const challenge = challengeOf(answer);
  if (challenge === null || challenge.length <= HEAD_OCTETS || challenge.length > CHALLENGE_OCTETS_MAX)
    return null;
  const head = challenge.subarray(0, HEAD_OCTETS);
  if (!key.macMatches(contentOf(head, purpose, personId), challenge.subarray(HEAD_OCTETS))) return null;
  const expiresAt = new Date(head.readUIntBE(ID_OCTETS, END_OCTETS) * 1_000);
  const random = head.subarray(0, ID_OCTETS);
  return now >= expiresAt ? null : { challenge, random, id: random.toString('base64url'), expiresAt };
}

const contentOf = (head: Buffer, purpose: ChallengePurpose, personId: string | null) =>
  `passkey1.${purpose}.${personId ?? 'anybody'}.${head.toString('base64url')}`;

const answered = z.object({ response: z.object({ clientDataJSON: z.string().max(4_096) }) });
const clientData = z.object({ challenge: z.string().max(256) });

function challengeOf(answer: unknown): Buffer | null {
  const read = answered.safeParse(answer);
  if (!read.success) return null;
  try {
    const said = clientData.safeParse(
      JSON.parse(Buffer.from(read.data.response.clientDataJSON, 'base64url').toString('utf8')),
    );
    return said.success ? Buffer.from(said.data.challenge, 'base64url') : null;
  } catch {
    return null;
  }
}
