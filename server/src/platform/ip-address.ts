// Internet addresses as numbers of 128 bits. An IPv4 address is its IPv4-mapped IPv6 form (RFC 4291 §2.5.5.2), so
// that one address is one number, whichever way a socket, a proxy or a person writes it.

/** Bits of an address. */
export const ADDRESS_BITS = 128;
const MAPPED_PREFIX = 0xffffn << 32n;
const MAPPED_PREFIX_BITS = 96;
const GROUPS = 8;
/** The longest text: eight groups with an IPv4 tail is 45 characters (INET6_ADDRSTRLEN less its NUL). */
const TEXT_LENGTH_MAX = 45;

/** A network: addresses that share their first `bits` bits with `address`. */
export interface Network {
  readonly address: bigint;
  /** 0 to 128; of an IPv4 network 96 to 128. */
  readonly bits: number;
}

/**
 * Reads an IPv4 address in four decimal parts without leading zeros, or an IPv6 address (RFC 4291 §2.2); null for
 * any other text, zone identifiers included.
 */
export function readAddress(text: string): bigint | null {
  if (text.length > TEXT_LENGTH_MAX) return null;
  if (!text.includes(':')) {
    const octets = readIpv4(text);
    return octets === null ? null : MAPPED_PREFIX | octets;
  }
  return readIpv6(text);
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; null for any other text. */
export function readNetwork(text: string): Network | null {
  const [addressText = '', width, ...rest] = text.split('/');
  const address = readAddress(addressText);
  if (address === null || rest.length > 0) return null;
  if (width === undefined) return { address, bits: ADDRESS_BITS };
  if (!/^(?:0|[1-9]\d{0,2})$/.test(width)) return null;
  const bits = Number(width) + (addressText.includes(':') ? 0 : MAPPED_PREFIX_BITS);
  return bits > ADDRESS_BITS ? null : { address, bits };
}

/** Whether two addresses agree in their first bits. */
export function shareBits(a: bigint, b: bigint, bits: number): boolean {
  return (a ^ b) >> BigInt(ADDRESS_BITS - bits) === 0n;
}

function readIpv4(text: string): bigint | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  let value = 0n;
  for (const part of match.slice(1)) {
    // A leading zero is octal to some readers and decimal to others.
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function readIpv6(text: string): bigint | null {
  const [before, after, ...rest] = text.split('::');
  if (rest.length > 0) return null;
  const head = readGroups(before!, after === undefined);
  const tail = after === undefined ? [] : readGroups(after, true);
  if (head === null || tail === null) return null;
  const missing = GROUPS - head.length - tail.length;
  // `::` stands for at least one group; without it all eight are there.
  if (after === undefined ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce(
    (value, group) => (value << 16n) | group,
    0n,
  );
}

/** Groups of 16 bits between colons; only the last may be an IPv4 address, and only at the end of the whole. */
function readGroups(text: string, atEnd: boolean): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else if (atEnd && index === parts.length - 1) {
      const octets = readIpv4(part);
      if (octets === null) return null;
      groups.push(octets >> 16n, octets & 0xffffn);
    } else return null;
  }
  return groups;
}
