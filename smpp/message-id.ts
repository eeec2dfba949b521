// Carriers' message ids are opaque strings (SMPP 3.4 §5.2.23) that the same carrier writes in two ways: hexadecimal
// in the response and decimal in the receipt, or the reverse, with and without leading zeros, in either case.

/** How a receipt's id turned out to relate to the id of the response; learned per connector. */
export type IdForm = 'exact' | 'folded' | 'hex_to_decimal' | 'decimal_to_hex';

export interface IdCandidate {
  readonly form: IdForm;
  /** In the canonical spelling of `canonicalId`, except for `exact`, which is as seen. */
  readonly id: string;
}

/** 64 hexadecimal digits at most, the length of the field; longer strings are not converted. */
const ID_CHARACTERS_MAX = 64;

/** Without leading zeros and in lower case: what two spellings of one number or UUID have in common. */
export function canonicalId(id: string): string {
  const folded = id.trim().toLowerCase();
  let zeros = 0;
  while (zeros < folded.length - 1 && folded[zeros] === '0') zeros++;
  return folded.slice(zeros);
}

/**
 * Every spelling under which an id from a receipt may have been stored, the likeliest first and none twice. Look them
 * up within one connector, and check the destination: a hexadecimal id may read as another message's decimal one.
 * BigInt, for 18 digits exceed 2^53.
 */
export function idCandidates(id: string): IdCandidate[] {
  const canonical = canonicalId(id);
  const candidates: IdCandidate[] = [
    { form: 'exact', id },
    { form: 'folded', id: canonical },
  ];
  if (canonical.length > 0 && canonical.length <= ID_CHARACTERS_MAX) {
    if (isDigits(canonical)) candidates.push({ form: 'decimal_to_hex', id: BigInt(canonical).toString(16) });
    if (isHex(canonical))
      candidates.push({ form: 'hex_to_decimal', id: BigInt(`0x${canonical}`).toString(10) });
  }
  const seen = new Set<string>();
  return candidates.filter(({ id: spelling }) => !seen.has(spelling) && seen.add(spelling));
}

const isDigits = (text: string): boolean => /^[0-9]+$/.test(text);
const isHex = (text: string): boolean => /^[0-9a-f]+$/.test(text);
