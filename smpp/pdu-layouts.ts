// The one table of every SMPP PDU: command ids and body fields in wire order (SMPP 3.4 §4, §5.1.2.1). Types, the
// general codec and the tests of the hand-written hot codec are all derived from it.
import { STATUS } from './command-status.ts';

/** A NUL-terminated string; `max` counts the NUL. `fault` is the status that names this field to the peer. */
export interface CString<N extends string = string> {
  readonly kind: 'cstring';
  readonly name: N;
  readonly max: number;
  readonly fault: number;
}
/** One unsigned octet. */
export interface Octet<N extends string = string> {
  readonly kind: 'octet';
  readonly name: N;
}
/** `sm_length` followed by that many octets (SMPP 3.4 §5.2.21, §5.2.22); 0 to 254, 255 is seen and accepted. */
export interface CountedOctets<N extends string = string> {
  readonly kind: 'counted';
  readonly name: N;
}
/** `number_of_dests` and its addresses (SMPP 3.4 §4.5.1.1). */
export interface Destinations<N extends string = string> {
  readonly kind: 'destinations';
  readonly name: N;
}
/** `no_unsuccess` and its addresses with their errors (SMPP 3.4 §4.5.2.1). */
export interface Unsuccessful<N extends string = string> {
  readonly kind: 'unsuccessful';
  readonly name: N;
}
export type Field = CString | Octet | CountedOctets | Destinations | Unsuccessful;

export interface Layout {
  readonly id: number;
  readonly fields: readonly Field[];
  /** Whether optional parameters may follow; octets after the fields are ignored where they may not. */
  readonly tlvs: boolean;
}

const cstring = <const N extends string>(name: N, max: number, fault: number): CString<N> => ({
  kind: 'cstring',
  name,
  max,
  fault,
});
const octet = <const N extends string>(name: N): Octet<N> => ({ kind: 'octet', name });

const serviceType = cstring('serviceType', 6, STATUS.RINVSERTYP);
const messageId = cstring('messageId', 65, STATUS.RINVMSGID);
const source = [octet('sourceTon'), octet('sourceNpi'), cstring('source', 21, STATUS.RINVSRCADR)] as const;
const destination = [
  octet('destinationTon'),
  octet('destinationNpi'),
  cstring('destination', 21, STATUS.RINVDSTADR),
] as const;
const times = [
  cstring('scheduleTime', 17, STATUS.RINVSCHED),
  cstring('validityPeriod', 17, STATUS.RINVEXPIRY),
] as const;
const options = [octet('esmClass'), octet('protocolId'), octet('priority')] as const;
const coding = [
  octet('registeredDelivery'),
  octet('replaceIfPresent'),
  octet('dataCoding'),
  octet('defaultMessageId'),
  { kind: 'counted', name: 'message' },
] as const;

const bind = [
  cstring('systemId', 16, STATUS.RINVSYSID),
  cstring('password', 9, STATUS.RINVPASWD),
  cstring('systemType', 13, STATUS.RINVSYSTYP),
  octet('interfaceVersion'),
  octet('addressTon'),
  octet('addressNpi'),
  cstring('addressRange', 41, STATUS.RBINDFAIL),
] as const;
const bindResponse = [cstring('systemId', 16, STATUS.RINVSYSID)] as const;
const shortMessage = [serviceType, ...source, ...destination, ...options, ...times, ...coding] as const;
const receiverEsme = [octet('esmeTon'), octet('esmeNpi'), cstring('esme', 65, STATUS.RINVDSTADR)] as const;
const dataAddress = [
  octet('sourceTon'),
  octet('sourceNpi'),
  cstring('source', 65, STATUS.RINVSRCADR),
  octet('destinationTon'),
  octet('destinationNpi'),
  cstring('destination', 65, STATUS.RINVDSTADR),
] as const;

export const LAYOUTS = {
  generic_nack: { id: 0x80000000, fields: [], tlvs: false },
  bind_receiver: { id: 0x01, fields: bind, tlvs: false },
  bind_receiver_resp: { id: 0x80000001, fields: bindResponse, tlvs: true },
  bind_transmitter: { id: 0x02, fields: bind, tlvs: false },
  bind_transmitter_resp: { id: 0x80000002, fields: bindResponse, tlvs: true },
  query_sm: { id: 0x03, fields: [messageId, ...source], tlvs: false },
  query_sm_resp: {
    id: 0x80000003,
    fields: [
      messageId,
      cstring('finalDate', 17, STATUS.RQUERYFAIL),
      octet('messageState'),
      octet('errorCode'),
    ],
    tlvs: false,
  },
  submit_sm: { id: 0x04, fields: shortMessage, tlvs: true },
  submit_sm_resp: { id: 0x80000004, fields: [messageId], tlvs: true },
  deliver_sm: { id: 0x05, fields: shortMessage, tlvs: true },
  deliver_sm_resp: { id: 0x80000005, fields: [messageId], tlvs: true },
  unbind: { id: 0x06, fields: [], tlvs: false },
  unbind_resp: { id: 0x80000006, fields: [], tlvs: false },
  replace_sm: {
    id: 0x07,
    fields: [
      messageId,
      ...source,
      ...times,
      octet('registeredDelivery'),
      octet('defaultMessageId'),
      { kind: 'counted', name: 'message' },
    ],
    tlvs: false,
  },
  replace_sm_resp: { id: 0x80000007, fields: [], tlvs: false },
  cancel_sm: { id: 0x08, fields: [serviceType, messageId, ...source, ...destination], tlvs: false },
  cancel_sm_resp: { id: 0x80000008, fields: [], tlvs: false },
  bind_transceiver: { id: 0x09, fields: bind, tlvs: false },
  bind_transceiver_resp: { id: 0x80000009, fields: bindResponse, tlvs: true },
  outbind: {
    id: 0x0b,
    fields: [cstring('systemId', 16, STATUS.RINVSYSID), cstring('password', 9, STATUS.RINVPASWD)],
    tlvs: false,
  },
  enquire_link: { id: 0x15, fields: [], tlvs: false },
  enquire_link_resp: { id: 0x80000015, fields: [], tlvs: false },
  submit_multi: {
    id: 0x21,
    fields: [
      serviceType,
      ...source,
      { kind: 'destinations', name: 'destinations' },
      ...options,
      ...times,
      ...coding,
    ],
    tlvs: true,
  },
  submit_multi_resp: {
    id: 0x80000021,
    fields: [messageId, { kind: 'unsuccessful', name: 'unsuccessful' }],
    tlvs: true,
  },
  alert_notification: {
    id: 0x0102,
    fields: [
      octet('sourceTon'),
      octet('sourceNpi'),
      cstring('source', 65, STATUS.RINVSRCADR),
      ...receiverEsme,
    ],
    tlvs: true,
  },
  data_sm: {
    id: 0x0103,
    fields: [
      serviceType,
      ...dataAddress,
      octet('esmClass'),
      octet('registeredDelivery'),
      octet('dataCoding'),
    ],
    tlvs: true,
  },
  data_sm_resp: { id: 0x80000103, fields: [messageId], tlvs: true },
} as const satisfies Record<string, Layout>;

export type CommandName = keyof typeof LAYOUTS;

/** The response bit of a command id (SMPP 3.4 §5.1.2.1). */
export const RESPONSE_BIT = 0x80000000;

const BY_ID = new Map<number, CommandName>(
  (Object.keys(LAYOUTS) as CommandName[]).map((name) => [LAYOUTS[name].id, name]),
);

/** The name of a command id, or undefined where SMPP 3.4 knows none (answer generic_nack 0x03). */
export function commandName(id: number): CommandName | undefined {
  return BY_ID.get(id);
}

/** Fixed by SMPP 3.4 §3.2: the header is four unsigned 32-bit numbers. */
export const HEADER_OCTETS = 16;
