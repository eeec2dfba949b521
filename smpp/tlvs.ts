// Optional parameters (SMPP 3.4 §3.2.4) as the octets they travel in: reading walks them, passing them on copies
// them, and nothing is allocated for the many that nobody looks at.
import { STATUS } from './command-status.ts';
import { writeCString } from './octet-text.ts';
import { TLVS, type TlvName, type TlvValue } from './tlv-table.ts';

export interface Tlv {
  readonly tag: number;
  readonly value: Buffer;
}

const EMPTY = Buffer.alloc(0);

/**
 * A sequence of TLVs inside a buffer. Unknown tags are kept; a parameter whose length is outside what the standard
 * allows reads as absent, because a mis-sized optional parameter must never cost the message (SMPP 3.4 §3.3).
 */
export class Tlvs {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;

  /** The caller warrants that `start` to `end` is a whole stream: `tlvStreamEnd` says so. */
  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
  }

  /** The length of the whole stream in octets, tags and lengths included. */
  get octets(): number {
    return this.end - this.start;
  }

  /** The value of the first parameter with this tag, whatever its length, as a view. */
  raw(tag: number): Buffer | undefined {
    const { buffer, end } = this;
    for (let at = this.start; at < end; ) {
      const length = (buffer[at + 2]! << 8) | buffer[at + 3]!;
      if (((buffer[at]! << 8) | buffer[at + 1]!) === tag) return buffer.subarray(at + 4, at + 4 + length);
      at += 4 + length;
    }
    return undefined;
  }

  /** Whether the parameter is there at all. */
  has(name: TlvName): boolean {
    return this.raw(TLVS[name].tag) !== undefined;
  }

  /** The first well-sized value of a known parameter. */
  get<N extends TlvName>(name: N): TlvValue<N> | undefined {
    if (this.start === this.end) return undefined;
    const { tag, kind, min, max } = TLVS[name];
    const value = this.raw(tag);
    if (value === undefined || value.length < min || value.length > max) return undefined;
    switch (kind) {
      case 'u8':
        return value[0] as TlvValue<N>;
      case 'u16':
        return value.readUInt16BE(0) as TlvValue<N>;
      case 'u32':
        return value.readUInt32BE(0) as TlvValue<N>;
      case 'cstring':
        return withoutNul(value) as TlvValue<N>;
      case 'flag':
        return true as TlvValue<N>;
      default:
        return value as Uint8Array as TlvValue<N>;
    }
  }

  /** Every parameter in order, known or not, repeated ones as often as they come. */
  list(): Tlv[] {
    const found: Tlv[] = [];
    for (let at = this.start; at < this.end; ) {
      const length = this.buffer.readUInt16BE(at + 2);
      found.push({ tag: this.buffer.readUInt16BE(at), value: this.buffer.subarray(at + 4, at + 4 + length) });
      at += 4 + length;
    }
    return found;
  }
}

/** No parameters: one value, shared by every PDU without any. */
export const NO_TLVS = new Tlvs(EMPTY, 0, 0);

export type TlvValues = { readonly [N in TlvName]?: TlvValue<N> };

/**
 * Builds parameters from typed values, in the order given; `extra` appends raw ones (vendor tags, repeated ones).
 * Throws RangeError for a value outside the bounds of the standard: that is a fault of the caller.
 */
export function makeTlvs(values: TlvValues, extra: readonly { tag: number; value: Uint8Array }[] = []): Tlvs {
  const parts: { tag: number; value: Uint8Array }[] = [];
  for (const name of Object.keys(values) as TlvName[]) {
    const value = values[name];
    if (value !== undefined) parts.push({ tag: TLVS[name].tag, value: valueOctets(name, value) });
  }
  parts.push(...extra);
  if (parts.length === 0) return NO_TLVS;
  const buffer = Buffer.allocUnsafe(parts.reduce((sum, { value }) => sum + 4 + value.length, 0));
  let at = 0;
  for (const { tag, value } of parts) {
    if (value.length > 0xffff) throw new RangeError('an optional parameter holds at most 65535 octets');
    buffer.writeUInt16BE(tag, at);
    buffer.writeUInt16BE(value.length, at + 2);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return new Tlvs(buffer, 0, at);
}

/** Whether `start` to `end` divides into whole parameters; -1 when it does not, else `end`. */
export function tlvStreamEnd(buffer: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (at + 4 > end) return -1;
    at += 4 + ((buffer[at + 2]! << 8) | buffer[at + 3]!);
  }
  return at === end ? end : -1;
}

function valueOctets(name: TlvName, value: number | string | true | Uint8Array): Uint8Array {
  const { kind, min, max } = TLVS[name];
  let octets: Uint8Array;
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * max))
      throw new RangeError(`${name} is a whole number of ${max} octets`);
    const number = Buffer.allocUnsafe(max);
    number.writeUIntBE(value, 0, max);
    octets = number;
  } else if (typeof value === 'string') {
    const text = Buffer.allocUnsafe(value.length + 1);
    writeCString(text, 0, value, max + 1, name, STATUS.RINVOPTPARAMVAL);
    octets = text;
  } else {
    octets = value === true ? EMPTY : value;
  }
  if (kind !== 'flag' && (octets.length < min || octets.length > max))
    throw new RangeError(`${name} takes ${min} to ${max} octets, not ${octets.length}`);
  return octets;
}

/** Up to the first NUL: some peers leave it out, some pad with several. */
function withoutNul(value: Buffer): string {
  const nul = value.indexOf(0);
  return value.toString('latin1', 0, nul < 0 ? value.length : nul);
}
