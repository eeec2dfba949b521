// Array parameters in PostgreSQL's binary form (array_recv), so that the bare workload pays no more for its
// parameters than a good client does. Ids are 16 octets from the start and never become text.

const OID = { boolean: 16, bytea: 17, bigint: 20, smallint: 21, integer: 23, text: 25, uuid: 2950 } as const;
const HEADER_OCTETS = 20;

type Octets = Buffer | null;

function array(oid: number, values: readonly Octets[]): Buffer {
  let length = HEADER_OCTETS;
  for (const value of values) length += 4 + (value?.length ?? 0);
  const out = Buffer.allocUnsafe(length);
  out.writeInt32BE(1, 0);
  out.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  out.writeInt32BE(oid, 8);
  out.writeInt32BE(values.length, 12);
  out.writeInt32BE(1, 16);
  let at = HEADER_OCTETS;
  for (const value of values) {
    out.writeInt32BE(value === null ? -1 : value.length, at);
    at += 4;
    if (value !== null) at += value.copy(out, at);
  }
  return out;
}

export const uuids = (values: readonly Buffer[]): Buffer => array(OID.uuid, values);
export const byteas = (values: readonly Octets[]): Buffer => array(OID.bytea, values);
export const texts = (values: readonly (string | null)[]): Buffer =>
  array(
    OID.text,
    values.map((value) => (value === null ? null : Buffer.from(value))),
  );

/** The same value so many times: most columns of a batch. */
export const repeated = {
  uuid: (value: Buffer, count: number): Buffer => array(OID.uuid, Array<Buffer>(count).fill(value)),
  text: (value: string | null, count: number): Buffer => texts(Array<string | null>(count).fill(value)),
  bytea: (value: Octets, count: number): Buffer => byteas(Array<Octets>(count).fill(value)),
  bigint: (value: bigint, count: number): Buffer => {
    const octets = Buffer.alloc(8);
    octets.writeBigInt64BE(value);
    return array(OID.bigint, Array<Buffer>(count).fill(octets));
  },
  integer: (value: number, count: number): Buffer => {
    const octets = Buffer.alloc(4);
    octets.writeInt32BE(value);
    return array(OID.integer, Array<Buffer>(count).fill(octets));
  },
  smallint: (value: number, count: number): Buffer => {
    const octets = Buffer.alloc(2);
    octets.writeInt16BE(value);
    return array(OID.smallint, Array<Buffer>(count).fill(octets));
  },
  boolean: (value: boolean, count: number): Buffer =>
    array(OID.boolean, Array<Buffer>(count).fill(Buffer.from([value ? 1 : 0]))),
};
