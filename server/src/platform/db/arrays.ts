// PostgreSQL array parameters in binary form (src/backend/utils/adt/arrayfuncs.c, array_recv). node-pg sends a
// Buffer as a binary parameter whatever its type, so hot batches encode their columns here: about a quarter
// faster than text arrays, and bytea needs no escaping. One dimension, lower bound 1.

const OID = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
} as const;

const HEADER_BYTES = 20;
/** 2000-01-01 in milliseconds: PostgreSQL counts timestamps from there, in microseconds. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

function header(target: Buffer, oid: number, count: number, hasNull: boolean): void {
  target.writeInt32BE(count === 0 ? 0 : 1, 0);
  target.writeInt32BE(hasNull ? 1 : 0, 4);
  target.writeInt32BE(oid, 8);
  if (count === 0) return;
  target.writeInt32BE(count, 12);
  target.writeInt32BE(1, 16);
}

function empty(oid: number): Buffer {
  const out = Buffer.alloc(12);
  header(out, oid, 0, false);
  return out;
}

/** Fixed-width elements: null is length -1, a value is its width and then what `write` puts there. */
function fixed<T>(
  oid: number,
  width: number,
  values: readonly (T | null)[],
  write: (target: Buffer, value: T, at: number) => void,
): Buffer {
  if (values.length === 0) return empty(oid);
  const out = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + width));
  let at = HEADER_BYTES;
  let hasNull = false;
  for (const value of values) {
    if (value === null) {
      hasNull = true;
      out.writeInt32BE(-1, at);
      at += 4;
    } else {
      out.writeInt32BE(width, at);
      write(out, value, at + 4);
      at += 4 + width;
    }
  }
  header(out, oid, values.length, hasNull);
  return at === out.length ? out : out.subarray(0, at);
}

function variable(oid: number, values: readonly (Buffer | string | null)[]): Buffer {
  if (values.length === 0) return empty(oid);
  let total = HEADER_BYTES;
  for (const value of values) total += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const out = Buffer.allocUnsafe(total);
  let at = HEADER_BYTES;
  let hasNull = false;
  for (const value of values) {
    if (value === null) {
      hasNull = true;
      out.writeInt32BE(-1, at);
      at += 4;
      continue;
    }
    const length = typeof value === 'string' ? out.write(value, at + 4) : value.copy(out, at + 4);
    out.writeInt32BE(length, at);
    at += 4 + length;
  }
  header(out, oid, values.length, hasNull);
  return out;
}

const NIBBLE = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  NIBBLE[digit.toString(16).charCodeAt(0)] = digit;
  NIBBLE[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** Writes a canonical UUID as its 16 octets at `at`. */
export function writeUuid(target: Buffer, uuid: string, at: number): void {
  let octet = at;
  for (let i = 0; i < 36; i += 2) {
    if (uuid.charCodeAt(i) === 45) i += 1;
    target[octet++] = (NIBBLE[uuid.charCodeAt(i)]! << 4) | NIBBLE[uuid.charCodeAt(i + 1)]!;
  }
}

/** One column of a batch as a parameter, by its SQL element type. Elements may be null. */
export const arrays = {
  uuid: (values: readonly (string | null)[]) => fixed(OID.uuid, 16, values, writeUuid),
  text: (values: readonly (string | null)[]) => variable(OID.text, values),
  bytea: (values: readonly (Buffer | null)[]) => variable(OID.bytea, values),
  bigint: (values: readonly (bigint | null)[]) =>
    fixed(OID.bigint, 8, values, (target, value, at) => target.writeBigInt64BE(value, at)),
  integer: (values: readonly (number | null)[]) =>
    fixed(OID.integer, 4, values, (target, value, at) => target.writeInt32BE(value, at)),
  smallint: (values: readonly (number | null)[]) =>
    fixed(OID.smallint, 2, values, (target, value, at) => target.writeInt16BE(value, at)),
  boolean: (values: readonly (boolean | null)[]) =>
    fixed(OID.boolean, 1, values, (target, value, at) => target.writeUInt8(value ? 1 : 0, at)),
  timestamptz: (values: readonly (Date | null)[]) =>
    fixed(OID.timestamptz, 8, values, (target, value, at) =>
      target.writeBigInt64BE(BigInt(value.getTime() - POSTGRES_EPOCH_MS) * 1000n, at),
    ),
};
