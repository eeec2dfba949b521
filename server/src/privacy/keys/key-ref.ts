// Which key a value is sealed under, said by class and owner; and the id of that key. An id is computed, not
// drawn, so that everybody names the same key without a table, and the tombstone of a destroyed key stands in
// the way of ever making it again.
import { createHmac } from 'node:crypto';
import type { Branded } from '#platform/brand';

/** The 16 bytes that name a data key, in the text form of a UUID (version 8, RFC 9562 §5.8): fits a uuid column. */
export type KeyId = Branded<string, 'KeyId'>;

/** A calendar day in UTC, `2026-01-31`. */
export type UtcDay = `${number}-${number}-${number}`;

/**
 * Everything a data key can belong to. Each is an independent random key, so each can be destroyed alone:
 * - `content_outbound`, `content_inbound`: what a workspace sent or received on one UTC day, texts and numbers;
 * - `identity`: what says who a subject is; dies with the account;
 * - `billing`: what the law wants kept about a subject; outlives erasure as long as the law asks;
 * - `ticket`: what was written in one conversation with support; dies with that conversation alone;
 * - `identity_check`: what was handed in for one check of identity documents; dies soon after its decision;
 * - `index`: the blind indexes of one workspace's counterparties; dying, it makes them unlinkable;
 * - `operator`: secrets of the operator's own, such as carrier credentials;
 * - `global`: indexes and keyed hashes that must compare across workspaces (sign-in, suppression), pseudonyms of the
 *   audit trail, and the seed of the key that signs it.
 */
export type KeyRef =
  | {
      readonly class: 'content_outbound' | 'content_inbound';
      readonly workspaceId: string;
      readonly day: UtcDay;
    }
  | { readonly class: 'identity' | 'billing'; readonly subjectId: string }
  | { readonly class: 'ticket'; readonly ticketId: string }
  | { readonly class: 'identity_check'; readonly checkId: string }
  | { readonly class: 'index'; readonly workspaceId: string; readonly epoch: number }
  | { readonly class: 'operator' }
  | { readonly class: 'global'; readonly use: GlobalUse; readonly epoch: number };

/** What a global key is for; each use has keys of its own, so that destroying one leaves the others. */
export type GlobalUse = 'index' | 'mac' | 'audit' | 'signing';

/** The classes under which a column can be sealed; the other classes only index. */
export type SealingClass = Exclude<KeyRef['class'], 'index' | 'global'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function owner(id: string): string {
  if (!UUID.test(id)) throw new TypeError('A key belongs to a UUID in lower case, as the database prints it');
  return id;
}

function epochByte(epoch: number): number {
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > 255) throw new TypeError('A key epoch is 1 to 255');
  return epoch;
}

/** The text a key id is computed from. Fields cannot contain the separator, so no two keys share one name. */
export function keyName(ref: KeyRef): string {
  switch (ref.class) {
    case 'content_outbound':
    case 'content_inbound':
      if (!DAY.test(ref.day)) throw new TypeError('A content key belongs to a UTC day, YYYY-MM-DD');
      return `${ref.class}|${owner(ref.workspaceId)}|${ref.day}`;
    case 'identity':
    case 'billing':
      return `${ref.class}|${owner(ref.subjectId)}`;
    case 'ticket':
      return `ticket|${owner(ref.ticketId)}`;
    case 'identity_check':
      return `identity_check|${owner(ref.checkId)}`;
    case 'index':
      return `index|${owner(ref.workspaceId)}|${epochByte(ref.epoch)}`;
    case 'operator':
      return 'operator';
    case 'global':
      return `global|${ref.use}|${epochByte(ref.epoch)}`;
  }
}

/** The UTC day a moment falls on, from milliseconds since the epoch (of an id, or of the database's clock). */
export function utcDay(ms: number): UtcDay {
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay.day) lastDay = { day, text: new Date(ms).toISOString().slice(0, 10) as UtcDay };
  return lastDay.text;
}

const DAY_MS = 86_400_000;
/** Asked for every message, and nearly always the same. */
let lastDay: { readonly day: number; readonly text: UtcDay } = { day: Number.NaN, text: '1970-01-01' };

/**
 * The id of a key: HMAC-SHA-256 of its name under the store's identity, cut to 16 bytes, with the version and
 * variant bits of a UUID set (122 bits remain). `identity` is the key store's random constant, so ids of two
 * installations never meet.
 */
export function keyIdOf(identity: Buffer, ref: KeyRef): KeyId {
  const digest = createHmac('sha256', identity)
    .update(`sotto/key-id/v1|${keyName(ref)}`)
    .digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return keyIdFromBytes(digest.subarray(0, 16));
}

function keyIdFromBytes(bytes: Buffer): KeyId {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}` as KeyId;
}

/** Checks text read from a column or a file name; throws on anything that is not a key id. */
export function parseKeyId(text: string): KeyId {
  if (!UUID.test(text)) throw new TypeError('Not a key id');
  return text as KeyId;
}
