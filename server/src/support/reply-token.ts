// What a mail has to carry to join a ticket. It is computed, not stored: the id of the ticket and 16 octets of a keyed
// hash of it, so nobody without the key can make one, and one key stands for one ticket. Lower case and digits alone,
// because it may travel in the local part of an address (52 of its 64 characters, RFC 5321 §4.5.3.1.1).
//
// It lets somebody add a message and shows them nothing.
import { timingSafeEqual } from 'node:crypto';
import { decodeId, decodeIdOctets, encodeId } from '@sotto/contract';
import type { Keyring } from '#privacy';

/** The name under which tokens are hashed; no column has them. */
const NAME = 'support.ticket.reply_token';
const HALF = 26;
const PREFIX = 'tkt';
const HASH_BYTES = 16;

/** The reply token of a ticket, the same every time until the hash key's next epoch. */
export const replyTokenOf = (keyring: Keyring, ticketId: string): string =>
  suffix(encodeId(PREFIX, ticketId)) + suffix(encodeId(PREFIX, hashed(keyring.mac(NAME, ticketId))));

/** The ticket a token stands for; null for anything this installation did not make. Compares in constant time. */
export function ticketOfToken(keyring: Keyring, token: string): string | null {
  if (token.length !== 2 * HALF) return null;
  const ticketId = decodeId(PREFIX, `${PREFIX}_${token.slice(0, HALF)}`);
  const hash = decodeIdOctets(PREFIX, `${PREFIX}_${token.slice(HALF)}`);
  if (ticketId === null || hash === null) return null;
  const fits = keyring.macCandidates(NAME, ticketId).some((mac) => timingSafeEqual(hashed(mac), hash));
  return fits ? ticketId : null;
}

const suffix = (id: string) => id.slice(PREFIX.length + 1);

/** Without the epoch in front, which is no secret. */
const hashed = (mac: Buffer): Buffer => mac.subarray(1, 1 + HASH_BYTES);
