// Classes for the PDUs that travel by the thousand, so that engines see one object shape each, and constructors that
// fill in the defaults of every other PDU from the table of layouts.
import { type CommandName, type Field, LAYOUTS } from './pdu-layouts.ts';
import type { BodyOf, MultiDestination, Pdu, PduOf, UnsuccessfulDestination } from './pdu-types.ts';
import { TLVS } from './tlv-table.ts';
import { NO_TLVS, type Tlvs } from './tlvs.ts';

export const NO_OCTETS: Buffer = Buffer.alloc(0);

/** submit_sm and deliver_sm: one layout, one shape (SMPP 3.4 §4.4.1, §4.6.1). */
export class ShortMessagePdu<N extends 'submit_sm' | 'deliver_sm'> {
  readonly command: N;
  status = 0;
  sequence = 0;
  serviceType = '';
  sourceTon = 0;
  sourceNpi = 0;
  source = '';
  destinationTon = 0;
  destinationNpi = 0;
  destination = '';
  esmClass = 0;
  protocolId = 0;
  priority = 0;
  scheduleTime = '';
  validityPeriod = '';
  registeredDelivery = 0;
  replaceIfPresent = 0;
  dataCoding = 0;
  defaultMessageId = 0;
  message: Buffer = NO_OCTETS;
  tlvs: Tlvs = NO_TLVS;

  constructor(command: N) {
    this.command = command;
  }
}

/** The responses that carry a message id and nothing else. */
export class MessageIdPdu<N extends 'submit_sm_resp' | 'deliver_sm_resp' | 'data_sm_resp'> {
  readonly command: N;
  status: number;
  sequence: number;
  messageId: string;
  tlvs: Tlvs;

  constructor(command: N, status: number, sequence: number, messageId: string, tlvs: Tlvs) {
    this.command = command;
    this.status = status;
    this.sequence = sequence;
    this.messageId = messageId;
    this.tlvs = tlvs;
  }
}

/** What a caller may set: any field of the body, the status, the sequence number and the parameters. */
export type PduInput<N extends CommandName> = Partial<BodyOf<N>> & {
  readonly status?: number;
  readonly sequence?: number;
  readonly tlvs?: Tlvs;
};

/** Makes a PDU; fields left out are zero, empty or without entries, which SMPP reads as "default". */
export function makePdu<N extends CommandName>(command: N, input: PduInput<N> = {}): PduOf<N> {
  if (command === 'submit_sm' || command === 'deliver_sm') {
    const made = new ShortMessagePdu(command);
    return Object.assign(made, input) as unknown as PduOf<N>;
  }
  const made: Record<string, unknown> = { command, status: 0, sequence: 0 };
  for (const field of LAYOUTS[command].fields) made[field.name] = defaultOf(field);
  made.tlvs = NO_TLVS;
  return Object.assign(made, input) as unknown as PduOf<N>;
}

/** The value of a field that was left out. */
export function defaultOf(
  field: Field,
): string | number | Buffer | readonly MultiDestination[] | readonly UnsuccessfulDestination[] {
  switch (field.kind) {
    case 'cstring':
      return '';
    case 'octet':
      return 0;
    case 'counted':
      return NO_OCTETS;
    default:
      return [];
  }
}

/**
 * The PDU for a peer of version 3.3, which knows no optional parameters (SMPP 3.4 §3.3): a message that travels in
 * message_payload moves into the body, where encoding refuses it if it is longer than 255 octets.
 */
export function withoutTlvs(pdu: Pdu): Pdu {
  if (pdu.tlvs === NO_TLVS || pdu.tlvs.octets === 0) return pdu;
  const payload = pdu.tlvs.raw(TLVS.messagePayload.tag);
  const bare = { ...pdu, tlvs: NO_TLVS };
  if (payload !== undefined && 'message' in bare && bare.message.length === 0) bare.message = payload;
  return bare;
}
