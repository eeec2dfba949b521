// Encoding by the table of layouts: every PDU, at no particular speed. `encode.ts` is the face.
import { STATUS } from './command-status.ts';
import { writeCString } from './octet-text.ts';
import { FieldError } from './pdu-fault.ts';
import { type Field, HEADER_OCTETS, LAYOUTS, RESPONSE_BIT } from './pdu-layouts.ts';
import type { MultiDestination, Pdu, UnsuccessfulDestination } from './pdu-types.ts';
import type { PduWriter } from './pdu-writer.ts';
import { NO_TLVS } from './tlvs.ts';

/** Limits of the counted lists: `number_of_dests` is at most 254 (SMPP 3.4 §5.2.24), `no_unsuccess` one octet. */
const DESTINATIONS_MAX = 254;
const UNSUCCESSFUL_MAX = 255;
const COUNTED_MAX = 255;
const ADDRESS_MAX = 21;

type Body = Readonly<Record<string, unknown>>;

/** Appends one PDU. Throws FieldError, with nothing appended, for a value that does not fit its field. */
export function encodeByTable(writer: PduWriter, pdu: Pdu): void {
  const layout = LAYOUTS[pdu.command];
  const body = pdu as unknown as Body;
  const tlvs = layout.tlvs ? pdu.tlvs : NO_TLVS;
  // A refused request is answered by the header alone, unless parameters explain the refusal (SMPP 3.4 §4.4.2).
  const bare = layout.id >= RESPONSE_BIT && pdu.status !== 0 && tlvs.octets === 0;
  const fields: readonly Field[] = bare ? [] : layout.fields;
  let bound = HEADER_OCTETS + tlvs.octets;
  for (const field of fields) bound += boundOf(field, body[field.name]);
  writer.reserve(bound);

  const { buffer, end: start } = writer;
  let at = start + HEADER_OCTETS;
  for (const field of fields) at = writeField(buffer, at, field, body[field.name]);
  at += tlvs.buffer.copy(buffer, at, tlvs.start, tlvs.end);
  buffer.writeUInt32BE(at - start, start);
  buffer.writeUInt32BE(layout.id, start + 4);
  buffer.writeUInt32BE(pdu.status, start + 8);
  buffer.writeUInt32BE(pdu.sequence, start + 12);
  writer.end = at;
}

function boundOf(field: Field, value: unknown): number {
  switch (field.kind) {
    case 'cstring':
      return field.max;
    case 'octet':
      return 1;
    case 'counted':
      return 1 + Math.min((value as Buffer).length, COUNTED_MAX);
    case 'destinations':
      return 1 + (value as readonly unknown[]).length * (3 + ADDRESS_MAX);
    case 'unsuccessful':
      return 1 + (value as readonly unknown[]).length * (6 + ADDRESS_MAX);
  }
}

function writeField(buffer: Buffer, at: number, field: Field, value: unknown): number {
  switch (field.kind) {
    case 'cstring':
      return writeCString(buffer, at, value as string, field.max, field.name, field.fault);
    case 'octet':
      return writeOctet(buffer, at, value as number, field.name);
    case 'counted': {
      const octets = value as Buffer;
      if (octets.length > COUNTED_MAX)
        throw new FieldError(field.name, STATUS.RINVMSGLEN, `is longer than ${COUNTED_MAX} octets`);
      buffer[at] = octets.length;
      buffer.set(octets, at + 1);
      return at + 1 + octets.length;
    }
    case 'destinations':
      return writeDestinations(buffer, at, value as readonly MultiDestination[]);
    case 'unsuccessful':
      return writeUnsuccessful(buffer, at, value as readonly UnsuccessfulDestination[]);
  }
}

function writeOctet(buffer: Buffer, at: number, value: number, name: string): number {
  if (!(value >= 0 && value <= 0xff) || !Number.isInteger(value))
    throw new FieldError(name, STATUS.RSYSERR, 'is a whole number from 0 to 255');
  buffer[at] = value;
  return at + 1;
}

function writeDestinations(buffer: Buffer, start: number, list: readonly MultiDestination[]): number {
  if (list.length > DESTINATIONS_MAX)
    throw new FieldError('destinations', STATUS.RINVNUMDESTS, `has more than ${DESTINATIONS_MAX} entries`);
  let at = writeOctet(buffer, start, list.length, 'destinations');
  for (const entry of list) {
    if (entry.kind === 'address') {
      buffer[at++] = 1;
      at = writeOctet(buffer, at, entry.ton, 'destinations.ton');
      at = writeOctet(buffer, at, entry.npi, 'destinations.npi');
      at = writeCString(buffer, at, entry.address, ADDRESS_MAX, 'destinations.address', STATUS.RINVDSTADR);
    } else {
      buffer[at++] = 2;
      at = writeCString(buffer, at, entry.name, ADDRESS_MAX, 'destinations.name', STATUS.RINVDLNAME);
    }
  }
  return at;
}

function writeUnsuccessful(buffer: Buffer, start: number, list: readonly UnsuccessfulDestination[]): number {
  if (list.length > UNSUCCESSFUL_MAX)
    throw new FieldError('unsuccessful', STATUS.RINVNUMDESTS, `has more than ${UNSUCCESSFUL_MAX} entries`);
  let at = writeOctet(buffer, start, list.length, 'unsuccessful');
  for (const entry of list) {
    at = writeOctet(buffer, at, entry.ton, 'unsuccessful.ton');
    at = writeOctet(buffer, at, entry.npi, 'unsuccessful.npi');
    at = writeCString(buffer, at, entry.address, ADDRESS_MAX, 'unsuccessful.address', STATUS.RINVDSTADR);
    at = buffer.writeUInt32BE(entry.status, at);
  }
  return at;
}
