// PDU to octets. The PDUs that travel by the thousand are written by hand here; the rest goes by the table, and a
// test holds both to the same octets.
import { STATUS } from './command-status.ts';
import { encodeByTable } from './encode-table.ts';
import { writeCString } from './octet-text.ts';
import { FieldError } from './pdu-fault.ts';
import { HEADER_OCTETS, LAYOUTS } from './pdu-layouts.ts';
import type { DeliverSm, Pdu, PduOf, SubmitSm } from './pdu-types.ts';
import { PduWriter } from './pdu-writer.ts';

/** Header, strings at their limits, octet fields, `sm_length` and a message of 255 octets. */
const SHORT_MESSAGE_BOUND = HEADER_OCTETS + 6 + 21 + 21 + 17 + 17 + 12 + 1 + 255;
const MESSAGE_ID_BOUND = HEADER_OCTETS + 65;
const MESSAGE_OCTETS_MAX = 255;

/** Appends one PDU. Throws FieldError, with nothing appended, for a value that does not fit its field. */
export function encodePdu(writer: PduWriter, pdu: Pdu): void {
  switch (pdu.command) {
    case 'submit_sm':
    case 'deliver_sm':
      encodeShortMessage(writer, pdu);
      break;
    case 'submit_sm_resp':
    case 'deliver_sm_resp':
      encodeMessageId(writer, pdu);
      break;
    default:
      encodeByTable(writer, pdu);
  }
}

/** One PDU in a buffer of its own, for tests and rare uses. */
export function pduOctets(pdu: Pdu): Buffer {
  const writer = new PduWriter(512);
  encodePdu(writer, pdu);
  return writer.take();
}

/** Appends a PDU without a body: enquire_link and its response, unbind, generic_nack, every bare error response. */
export function encodeHeader(writer: PduWriter, commandId: number, status: number, sequence: number): void {
  writer.reserve(HEADER_OCTETS);
  const start = writer.end;
  writeHeader(writer.buffer, start, HEADER_OCTETS, commandId, status, sequence);
  writer.end = start + HEADER_OCTETS;
}

function encodeShortMessage(writer: PduWriter, pdu: SubmitSm | DeliverSm): void {
  const { tlvs, message } = pdu;
  writer.reserve(SHORT_MESSAGE_BOUND + tlvs.end - tlvs.start);
  const { buffer, end: start } = writer;
  const octets =
    pdu.sourceTon |
    pdu.sourceNpi |
    pdu.destinationTon |
    pdu.destinationNpi |
    pdu.esmClass |
    pdu.protocolId |
    pdu.priority |
    pdu.registeredDelivery |
    pdu.replaceIfPresent |
    pdu.dataCoding |
    pdu.defaultMessageId;
  if (octets >>> 8 !== 0)
    throw new FieldError('submit_sm', STATUS.RSYSERR, 'holds an octet field outside 0 to 255');
  if (message.length > MESSAGE_OCTETS_MAX)
    throw new FieldError('message', STATUS.RINVMSGLEN, `is longer than ${MESSAGE_OCTETS_MAX} octets`);

  let at = start + HEADER_OCTETS;
  at = writeCString(buffer, at, pdu.serviceType, 6, 'serviceType', STATUS.RINVSERTYP);
  buffer[at] = pdu.sourceTon;
  buffer[at + 1] = pdu.sourceNpi;
  at = writeCString(buffer, at + 2, pdu.source, 21, 'source', STATUS.RINVSRCADR);
  buffer[at] = pdu.destinationTon;
  buffer[at + 1] = pdu.destinationNpi;
  at = writeCString(buffer, at + 2, pdu.destination, 21, 'destination', STATUS.RINVDSTADR);
  buffer[at] = pdu.esmClass;
  buffer[at + 1] = pdu.protocolId;
  buffer[at + 2] = pdu.priority;
  at = writeCString(buffer, at + 3, pdu.scheduleTime, 17, 'scheduleTime', STATUS.RINVSCHED);
  at = writeCString(buffer, at, pdu.validityPeriod, 17, 'validityPeriod', STATUS.RINVEXPIRY);
  buffer[at] = pdu.registeredDelivery;
  buffer[at + 1] = pdu.replaceIfPresent;
  buffer[at + 2] = pdu.dataCoding;
  buffer[at + 3] = pdu.defaultMessageId;
  buffer[at + 4] = message.length;
  at += 5;
  buffer.set(message, at);
  at += message.length;
  if (tlvs.start !== tlvs.end) at += tlvs.buffer.copy(buffer, at, tlvs.start, tlvs.end);
  writeHeader(buffer, start, at - start, LAYOUTS[pdu.command].id, pdu.status, pdu.sequence);
  writer.end = at;
}

function encodeMessageId(writer: PduWriter, pdu: PduOf<'submit_sm_resp'> | PduOf<'deliver_sm_resp'>): void {
  const { tlvs } = pdu;
  const tlvOctets = tlvs.end - tlvs.start;
  const id = LAYOUTS[pdu.command].id;
  if (pdu.status !== 0 && tlvOctets === 0) {
    encodeHeader(writer, id, pdu.status, pdu.sequence);
    return;
  }
  writer.reserve(MESSAGE_ID_BOUND + tlvOctets);
  const { buffer, end: start } = writer;
  let at = start + HEADER_OCTETS;
  at = writeCString(buffer, at, pdu.messageId, 65, 'messageId', STATUS.RINVMSGID);
  if (tlvOctets !== 0) at += tlvs.buffer.copy(buffer, at, tlvs.start, tlvs.end);
  writeHeader(buffer, start, at - start, id, pdu.status, pdu.sequence);
  writer.end = at;
}

function writeHeader(
  buffer: Buffer,
  at: number,
  length: number,
  commandId: number,
  status: number,
  sequence: number,
): void {
  // A generic_nack may have to carry sequence numbers that only sloppy peers use, so all 32 bits are written.
  buffer[at] = length >>> 24;
  buffer[at + 1] = length >>> 16;
  buffer[at + 2] = length >>> 8;
  buffer[at + 3] = length;
  buffer[at + 4] = commandId >>> 24;
  buffer[at + 5] = commandId >>> 16;
  buffer[at + 6] = commandId >>> 8;
  buffer[at + 7] = commandId;
  buffer[at + 8] = status >>> 24;
  buffer[at + 9] = status >>> 16;
  buffer[at + 10] = status >>> 8;
  buffer[at + 11] = status;
  buffer[at + 12] = sequence >>> 24;
  buffer[at + 13] = sequence >>> 16;
  buffer[at + 14] = sequence >>> 8;
  buffer[at + 15] = sequence;
}
