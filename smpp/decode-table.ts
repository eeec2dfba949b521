// Decoding by the table of layouts: every PDU, at no particular speed. `decode.ts` is the face.
import { STATUS } from './command-status.ts';
import { findNul, readLatin1 } from './octet-text.ts';
import { PduFault } from './pdu-fault.ts';
import { type CommandName, type Field, HEADER_OCTETS, LAYOUTS, RESPONSE_BIT } from './pdu-layouts.ts';
import { defaultOf } from './pdu-shapes.ts';
import type { MultiDestination, Pdu, UnsuccessfulDestination } from './pdu-types.ts';
import { NO_TLVS, Tlvs, tlvStreamEnd } from './tlvs.ts';

const ADDRESS_MAX = 21;

/** A cursor over one body; the first problem stops it. */
class Cursor {
  readonly buffer: Buffer;
  readonly end: number;
  at: number;
  answer = 0;
  reason = '';

  constructor(buffer: Buffer, at: number, end: number) {
    this.buffer = buffer;
    this.at = at;
    this.end = end;
  }

  fail(answer: number, reason: string): void {
    if (this.answer === 0) {
      this.answer = answer;
      this.reason = reason;
    }
  }

  octet(name: string): number {
    if (this.at < this.end) return this.buffer[this.at++]!;
    this.fail(STATUS.RINVCMDLEN, `${name} is missing`);
    return 0;
  }

  cstring(name: string, max: number, fault: number): string {
    const { buffer, at, end } = this;
    const nul = findNul(buffer, at, Math.min(end, at + max));
    if (nul < 0) {
      if (end - at < max) this.fail(STATUS.RINVCMDLEN, `${name} is cut off`);
      else this.fail(fault, `${name} is longer than ${max - 1} characters`);
      return '';
    }
    this.at = nul + 1;
    return readLatin1(buffer, at, nul);
  }
}

/**
 * Decodes the body behind a header that was read already. Requests must be whole. Responses are read as far as they
 * go, for peers send error responses with no body, half a body or no NUL (SMPP 3.4 §4.4.2 allows none).
 */
export function decodeByTable(
  name: CommandName,
  status: number,
  sequence: number,
  buffer: Buffer,
  start: number,
  end: number,
): Pdu | PduFault {
  const layout = LAYOUTS[name];
  const lenient = layout.id >= RESPONSE_BIT;
  const cursor = new Cursor(buffer, start + HEADER_OCTETS, end);
  const pdu: Record<string, unknown> = { command: name, status, sequence };
  for (const field of layout.fields) {
    pdu[field.name] = lenient && cursor.at >= end ? defaultOf(field) : readField(cursor, field, lenient);
    if (cursor.answer !== 0 && !lenient) break;
  }
  pdu.tlvs = NO_TLVS;
  if (cursor.answer !== 0 && !lenient)
    return new PduFault(layout.id, status, sequence, cursor.answer, cursor.reason);
  if (layout.tlvs && cursor.at < end && cursor.answer === 0) {
    if (tlvStreamEnd(buffer, cursor.at, end) >= 0) pdu.tlvs = new Tlvs(buffer, cursor.at, end);
    else if (!lenient)
      return new PduFault(
        layout.id,
        status,
        sequence,
        STATUS.RINVOPTPARSTREAM,
        'optional parameters are cut off',
      );
  }
  return pdu as unknown as Pdu;
}

function readField(cursor: Cursor, field: Field, lenient: boolean): unknown {
  switch (field.kind) {
    case 'octet':
      return cursor.octet(field.name);
    case 'cstring':
      return lenient ? looseString(cursor) : cursor.cstring(field.name, field.max, field.fault);
    case 'counted': {
      const length = cursor.octet(field.name);
      const { at, buffer } = cursor;
      if (at + length > cursor.end) {
        cursor.fail(STATUS.RINVMSGLEN, 'sm_length is more than the octets that follow');
        return defaultOf(field);
      }
      cursor.at += length;
      return buffer.subarray(at, at + length);
    }
    case 'destinations':
      return readDestinations(cursor);
    case 'unsuccessful':
      return readUnsuccessful(cursor);
  }
}

/** A string of a response: up to the NUL, or all that is left where a peer forgot it. */
function looseString(cursor: Cursor): string {
  const { buffer, at, end } = cursor;
  const nul = findNul(buffer, at, end);
  cursor.at = nul < 0 ? end : nul + 1;
  return readLatin1(buffer, at, nul < 0 ? end : nul);
}

function readDestinations(cursor: Cursor): MultiDestination[] {
  const list: MultiDestination[] = [];
  for (let left = cursor.octet('number_of_dests'); left > 0 && cursor.answer === 0; left--) {
    const flag = cursor.octet('dest_flag');
    if (flag === 1) {
      const ton = cursor.octet('destinations.ton');
      const npi = cursor.octet('destinations.npi');
      const address = cursor.cstring('destinations.address', ADDRESS_MAX, STATUS.RINVDSTADR);
      list.push({ kind: 'address', ton, npi, address });
    } else if (flag === 2) {
      const name = cursor.cstring('destinations.name', ADDRESS_MAX, STATUS.RINVDLNAME);
      list.push({ kind: 'list', name });
    } else {
      cursor.fail(STATUS.RINVDESTFLAG, 'dest_flag is neither 1 nor 2');
    }
  }
  return list;
}

function readUnsuccessful(cursor: Cursor): UnsuccessfulDestination[] {
  const list: UnsuccessfulDestination[] = [];
  for (let left = cursor.octet('no_unsuccess'); left > 0; left--) {
    const ton = cursor.octet('unsuccessful.ton');
    const npi = cursor.octet('unsuccessful.npi');
    const address = cursor.cstring('unsuccessful.address', ADDRESS_MAX, STATUS.RINVDSTADR);
    if (cursor.at + 4 > cursor.end) cursor.fail(STATUS.RINVCMDLEN, 'error_status_code is missing');
    if (cursor.answer !== 0) break;
    list.push({ ton, npi, address, status: cursor.buffer.readUInt32BE(cursor.at) });
    cursor.at += 4;
  }
  return list;
}
