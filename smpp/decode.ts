// Octets to PDU. The PDUs that travel by the thousand are read by hand here; the rest goes by the table, and a test
// holds both to the same values.
import { STATUS } from './command-status.ts';
import { decodeByTable } from './decode-table.ts';
import { findNul, readLatin1 } from './octet-text.ts';
import { PduFault } from './pdu-fault.ts';
import { commandName, HEADER_OCTETS } from './pdu-layouts.ts';
import { MessageIdPdu, ShortMessagePdu } from './pdu-shapes.ts';
import type { Pdu } from './pdu-types.ts';
import { NO_TLVS, Tlvs, tlvStreamEnd } from './tlvs.ts';

/**
 * Decodes the PDU at `start` to `end` of `buffer`, whose command_length was found to be `end - start` >= 16. Never
 * throws: what cannot be read comes back as a PduFault. Octet values are views of `buffer`.
 */
export function decodePdu(buffer: Buffer, start: number, end: number): Pdu | PduFault {
  const id = readU32(buffer, start + 4);
  const status = readU32(buffer, start + 8);
  const sequence = readU32(buffer, start + 12);
  switch (id) {
    case 0x04:
      return decodeShortMessage('submit_sm', status, sequence, buffer, start, end) as Pdu | PduFault;
    case 0x05:
      return decodeShortMessage('deliver_sm', status, sequence, buffer, start, end) as Pdu | PduFault;
    case 0x80000004:
      return decodeMessageId('submit_sm_resp', status, sequence, buffer, start, end) as Pdu;
    case 0x80000005:
      return decodeMessageId('deliver_sm_resp', status, sequence, buffer, start, end) as Pdu;
    default: {
      const name = commandName(id);
      return name === undefined
        ? new PduFault(id, status, sequence, STATUS.RINVCMDID, 'the command id is not one of SMPP 3.4')
        : decodeByTable(name, status, sequence, buffer, start, end);
    }
  }
}

/** A 32-bit number, unsigned. */
export function readU32(buffer: Buffer, at: number): number {
  return buffer[at]! * 0x1000000 + ((buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!);
}

function decodeShortMessage<N extends 'submit_sm' | 'deliver_sm'>(
  command: N,
  status: number,
  sequence: number,
  buffer: Buffer,
  start: number,
  end: number,
): ShortMessagePdu<N> | PduFault {
  // Any problem is left to the table, which walks the body again and names the field: faults need no speed.
  const faulty = () => decodeByTable(command, status, sequence, buffer, start, end) as unknown as PduFault;
  const pdu = new ShortMessagePdu(command);
  pdu.status = status;
  pdu.sequence = sequence;
  let at = start + HEADER_OCTETS;
  let nul = findNul(buffer, at, Math.min(end, at + 6));
  if (nul < 0) return faulty();
  pdu.serviceType = readLatin1(buffer, at, nul);

  at = nul + 3;
  nul = findNul(buffer, at, Math.min(end, at + 21));
  if (nul < 0) return faulty();
  pdu.sourceTon = buffer[at - 2]!;
  pdu.sourceNpi = buffer[at - 1]!;
  pdu.source = readLatin1(buffer, at, nul);

  at = nul + 3;
  nul = findNul(buffer, at, Math.min(end, at + 21));
  if (nul < 0) return faulty();
  pdu.destinationTon = buffer[at - 2]!;
  pdu.destinationNpi = buffer[at - 1]!;
  pdu.destination = readLatin1(buffer, at, nul);

  at = nul + 4;
  nul = findNul(buffer, at, Math.min(end, at + 17));
  if (nul < 0) return faulty();
  pdu.esmClass = buffer[at - 3]!;
  pdu.protocolId = buffer[at - 2]!;
  pdu.priority = buffer[at - 1]!;
  pdu.scheduleTime = readLatin1(buffer, at, nul);

  at = nul + 1;
  nul = findNul(buffer, at, Math.min(end, at + 17));
  if (nul < 0 || nul + 6 > end) return faulty();
  pdu.validityPeriod = readLatin1(buffer, at, nul);

  at = nul + 6;
  pdu.registeredDelivery = buffer[at - 5]!;
  pdu.replaceIfPresent = buffer[at - 4]!;
  pdu.dataCoding = buffer[at - 3]!;
  pdu.defaultMessageId = buffer[at - 2]!;
  const messageEnd = at + buffer[at - 1]!;
  if (messageEnd > end) return faulty();
  if (messageEnd !== at) pdu.message = buffer.subarray(at, messageEnd);
  if (messageEnd !== end) {
    if (tlvStreamEnd(buffer, messageEnd, end) < 0) return faulty();
    pdu.tlvs = new Tlvs(buffer, messageEnd, end);
  }
  return pdu;
}

/** Read as far as it goes: an error response may have no body, some peers send half of one or no NUL. */
function decodeMessageId<N extends 'submit_sm_resp' | 'deliver_sm_resp'>(
  command: N,
  status: number,
  sequence: number,
  buffer: Buffer,
  start: number,
  end: number,
): MessageIdPdu<N> {
  const at = start + HEADER_OCTETS;
  const nul = findNul(buffer, at, end);
  const messageId = readLatin1(buffer, at, nul < 0 ? end : nul);
  let tlvs = NO_TLVS;
  if (nul >= 0 && nul + 1 < end && tlvStreamEnd(buffer, nul + 1, end) >= 0)
    tlvs = new Tlvs(buffer, nul + 1, end);
  return new MessageIdPdu(command, status, sequence, messageId, tlvs);
}
