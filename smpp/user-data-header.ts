// The user data header of a message (3GPP TS 23.040 §9.2.3.24): every element, for the one that says which part of a
// long message this is need not be the first.

export interface HeaderElement {
  readonly id: number;
  readonly data: Buffer;
}

/** A concatenation element: part `sequence` (from 1) of `total`, under a reference of 8 or 16 bits. */
export interface Concatenation {
  readonly reference: number;
  readonly referenceBits: 8 | 16;
  readonly total: number;
  readonly sequence: number;
}

export interface UserDataHeader {
  readonly elements: readonly HeaderElement[];
  /** The first valid concatenation; total 0, part 0 and part > total are not valid and read as absent. */
  readonly concatenation: Concatenation | null;
  /** Language of the single and of the locking shift table (3GPP TS 23.038 §6.2.1.2.4); null for the default. */
  readonly singleShift: number | null;
  readonly lockingShift: number | null;
  /** Octets of the header with its length octet: the text begins behind them. */
  readonly octets: number;
}

export const ELEMENT = {
  concatenation8: 0x00,
  ports8: 0x04,
  ports16: 0x05,
  concatenation16: 0x08,
  singleShift: 0x24,
  lockingShift: 0x25,
} as const;

/** Reads the header at the start of a message whose UDHI is set; null when it does not fit its own lengths. */
export function parseUserDataHeader(message: Uint8Array): UserDataHeader | null {
  const length = message[0];
  if (length === undefined || length + 1 > message.length) return null;
  const octets = Buffer.from(message.buffer, message.byteOffset, length + 1);
  const elements: HeaderElement[] = [];
  let at = 1;
  while (at < octets.length) {
    const size = octets[at + 1];
    if (size === undefined || at + 2 + size > octets.length) return null;
    elements.push({ id: octets[at]!, data: octets.subarray(at + 2, at + 2 + size) });
    at += 2 + size;
  }
  return {
    elements,
    concatenation: firstConcatenation(elements),
    singleShift: shift(elements, ELEMENT.singleShift),
    lockingShift: shift(elements, ELEMENT.lockingShift),
    octets: octets.length,
  };
}

/** The header with its length octet. Throws RangeError when it would exceed 140 octets, a whole message. */
export function buildUserDataHeader(elements: readonly HeaderElement[]): Buffer {
  const length = elements.reduce((sum, { data }) => sum + 2 + data.length, 0);
  if (length + 1 > 140) throw new RangeError('a user data header has at most 140 octets');
  return Buffer.concat([
    Buffer.of(length),
    ...elements.flatMap(({ id, data }) => [Buffer.of(id, data.length), data]),
  ]);
}

/** The element for one part; references wrap into their bits. Throws RangeError for impossible part numbers. */
export function concatenationElement({
  reference,
  referenceBits,
  total,
  sequence,
}: Concatenation): HeaderElement {
  if (!(total >= 1 && total <= 255 && sequence >= 1 && sequence <= total))
    throw new RangeError(`part ${sequence} of ${total} does not exist`);
  return referenceBits === 8
    ? { id: ELEMENT.concatenation8, data: Buffer.of(reference & 0xff, total, sequence) }
    : {
        id: ELEMENT.concatenation16,
        data: Buffer.of((reference >> 8) & 0xff, reference & 0xff, total, sequence),
      };
}

/** The element that selects a national table. */
export function shiftElement(kind: 'single' | 'locking', language: number): HeaderElement {
  return { id: kind === 'single' ? ELEMENT.singleShift : ELEMENT.lockingShift, data: Buffer.of(language) };
}

function firstConcatenation(elements: readonly HeaderElement[]): Concatenation | null {
  for (const { id, data } of elements) {
    const wide = id === ELEMENT.concatenation16 && data.length === 4;
    if (!wide && !(id === ELEMENT.concatenation8 && data.length === 3)) continue;
    const [total, sequence] = [data[data.length - 2]!, data[data.length - 1]!];
    if (total === 0 || sequence === 0 || sequence > total) continue;
    const reference = wide ? data.readUInt16BE(0) : data[0]!;
    return { reference, referenceBits: wide ? 16 : 8, total, sequence };
  }
  return null;
}

function shift(elements: readonly HeaderElement[], id: number): number | null {
  const element = elements.find((candidate) => candidate.id === id && candidate.data.length === 1);
  return element?.data[0] ?? null;
}
