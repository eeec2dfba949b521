// Whom a limit counts: the kinds of subjects, what each is of in the policy, and one spelling for each of them.
import { readAddress } from '#platform/ip-address';
import type { Category } from '#privacy/data-map';

/** Where the index of a subject stands, which follows from the category it is of. */
export type SubjectColumn = 'pseudonym' | 'address' | 'email' | 'device';

/** Null: policies hold it for the books alone, so it is counted in memory under each of them. */
type KindEntry = { readonly column: SubjectColumn; readonly category: Category } | null;

const PSEUDONYM = { column: 'pseudonym', category: 'user.unique_id.pseudonymous' } as const;

export const SUBJECT_KINDS = {
  /** Id of a person's account. */
  account: PSEUDONYM,
  workspace: PSEUDONYM,
  api_key: PSEUDONYM,
  /** The network address of a caller; a whole /64 of IPv6 is one subject. */
  address: { column: 'address', category: 'user.device.ip_address' },
  /** The address somebody tries to sign in or up with, known or not. */
  email: { column: 'email', category: 'user.contact.email' },
  device: { column: 'device', category: 'user.device.device_id' },
  /** The provider's fingerprint of a card or account. */
  payment: null,
  wallet: null,
} as const satisfies Readonly<Record<string, KindEntry>>;

export type SubjectKind = keyof typeof SUBJECT_KINDS;

/** Bits of an IPv6 address that one household or machine has (RFC 6177 §2). */
const SHARED_BITS = 64n;
const MAPPED_PREFIX = 0xffffn;
/** What cannot be read is one subject together: no spelling gets around a limit. */
const UNREADABLE = 'unreadable';

/**
 * What an address is limited by: an IPv4 address whole, an IPv6 address by its /64, and an IPv4 address that is mapped
 * into IPv6 as the IPv4 address it is. Any text that is no address gives one and the same answer. Pure.
 */
export function addressPrefix(text: string): string {
  // A link-local address carries the interface it was seen on (RFC 4007 §11).
  const address = readAddress(text.replace(/%.*$/, ''));
  if (address === null) return UNREADABLE;
  return address >> 32n === MAPPED_PREFIX
    ? `4/${(address & 0xffff_ffffn).toString(16)}`
    : `6/${(address >> SHARED_BITS).toString(16)}`;
}

/** The one spelling by which a subject is counted. Pure. */
export function spelling(kind: SubjectKind, subject: string): string {
  switch (kind) {
    case 'address':
      return addressPrefix(subject);
    case 'email':
      // Look-alikes fold together and case is nothing: whoever varies either meets the same limit.
      return subject.normalize('NFKC').trim().toLowerCase();
    case 'account':
    case 'workspace':
    case 'api_key':
    case 'device':
    case 'payment':
    case 'wallet':
      return subject;
  }
}
