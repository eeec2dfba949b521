// How an ECDSA signature on P-256 is written (WebAuthn §6.5.5; RFC 3279 §2.2.3): one sequence of two integers, in DER,
// which has one way of writing each. Readers that take others let one signature pass in many spellings.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Of a number below 2^256: 32 octets, and a zero before them where the first bit is set. */
const INTEGER_OCTETS_MAX = 33;

/** Whether octets are a signature in the one spelling that DER has for it. Says nothing of what it signs. */
export function isDerSignature(octets: Buffer): boolean {
  if (octets.length < 2 || octets[0] !== SEQUENCE || octets[1] !== octets.length - 2) return false;
  const second = endOfInteger(octets, 2);
  return second !== null && endOfInteger(octets, second) === octets.length;
}

/** Where a positive integer in its shortest form ends; null when none begins there. */
function endOfInteger(octets: Buffer, at: number): number | null {
  const [tag, length, first, next] = octets.subarray(at, at + 4);
  if (tag !== INTEGER || length === undefined || length < 1 || length > INTEGER_OCTETS_MAX) return null;
  if (at + 2 + length > octets.length || first === undefined || first > 0x7f) return null;
  if (first === 0 && (length === 1 || next === undefined || next < 0x80)) return null;
  return at + 2 + length;
}
