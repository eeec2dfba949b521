// Packing of septets into octets, 3GPP TS 23.038 §6.1.2.1: the first septet takes the low bits of the first octet.
// After a user data header, fill bits bring the text to a septet boundary (3GPP TS 23.040 §9.2.3.24).

/** Fill bits (0 to 6) between a header of this many octets, length octet included, and the first septet. */
export function fillBitsAfter(headerOctets: number): number {
  return (7 - ((headerOctets * 8) % 7)) % 7;
}

/** Octets that this many septets take after `fillBits` bits. */
export function packedOctets(septets: number, fillBits = 0): number {
  return Math.ceil((septets * 7 + fillBits) / 8);
}

/**
 * Packs septets (values 0 to 127), leaving `fillBits` (0 to 6) zero bits in front. Spare bits at the end are zero,
 * as for short messages, where the length counts septets. Throws RangeError for values outside these ranges.
 */
export function packSeptets(septets: Uint8Array, fillBits = 0): Uint8Array {
  requireFillBits(fillBits);
  const octets = new Uint8Array(packedOctets(septets.length, fillBits));
  let bit = fillBits;
  for (const septet of septets) {
    if (septet > 0x7f) throw new RangeError(`not a septet: ${septet}`);
    const at = bit >> 3;
    const shift = bit & 7;
    octets[at]! |= septet << shift;
    if (shift > 1) octets[at + 1]! |= septet >> (8 - shift);
    bit += 7;
  }
  return octets;
}

/**
 * Unpacks octets into septets after `fillBits` bits. `septetsMax` is the count that the sender stated; where the
 * protocol states octets only (packed text over SMPP) leave it out: seven spare bits then look like one more
 * character, so a final zero septet (`@`) or carriage return that fills the last octet is dropped as padding
 * (3GPP TS 23.038 §6.1.2.3.1 names the carriage return; zero is what most senders leave).
 */
export function unpackSeptets(octets: Uint8Array, fillBits = 0, septetsMax?: number): Uint8Array {
  requireFillBits(fillBits);
  const available = Math.max(0, Math.floor((octets.length * 8 - fillBits) / 7));
  const count = septetsMax === undefined ? available : Math.min(available, septetsMax);
  const septets = new Uint8Array(count);
  let bit = fillBits;
  for (let i = 0; i < count; i++) {
    const at = bit >> 3;
    const shift = bit & 7;
    let value = octets[at]! >> shift;
    if (shift > 1) value |= octets[at + 1]! << (8 - shift);
    septets[i] = value & 0x7f;
    bit += 7;
  }
  if (septetsMax !== undefined || count === 0) return septets;
  const last = septets[count - 1]!;
  const endsOnOctet = count * 7 + fillBits === octets.length * 8;
  return endsOnOctet && (last === 0 || last === 0x0d) ? septets.subarray(0, count - 1) : septets;
}

function requireFillBits(fillBits: number): void {
  if (!Number.isInteger(fillBits) || fillBits < 0 || fillBits > 6) {
    throw new RangeError(`fill bits are 0 to 6, not ${fillBits}`);
  }
}
