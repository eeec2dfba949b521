// What a mail may be addressed to: one address in the spelling that is stored, its domain in lower case A-labels
// (RFC 5891). How a typed one becomes that, and which are made to be mistaken for others, is for accounts to know; here it
// is made sure that whatever comes is one addressee on one line, within the bounds of SMTP.

/** RFC 5321 §4.5.3.1.3 allows 256 octets with the angle brackets. */
const ADDRESS_OCTETS_MAX = 254;
/** RFC 5321 §4.5.3.1.1. */
const LOCAL_OCTETS_MAX = 64;

/** Atoms and dots (RFC 5322 §3.2.3) with letters, marks and digits of any script (RFC 6531 §3.3). */
const ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** The last label is never a number: addresses of machines are no domains. */
const ADDRESS = new RegExp(
  `^(?<local>${ATOM}(?:\\.${ATOM})*)@(?<domain>(?:${LABEL}\\.)+(?!\\d+$)${LABEL})$`,
  'u',
);

export type AddressFault = 'malformed' | 'too_long';

/** Why a mail cannot be addressed to this; null when it can. Pure, never throws. */
export function addressFault(text: string): AddressFault | null {
  if (text.length > ADDRESS_OCTETS_MAX || Buffer.byteLength(text) > ADDRESS_OCTETS_MAX) return 'too_long';
  const local = ADDRESS.exec(text)?.groups?.local;
  if (local === undefined || text.normalize('NFKC') !== text) return 'malformed';
  return Buffer.byteLength(local) > LOCAL_OCTETS_MAX ? 'too_long' : null;
}

/** The domain of an address. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
