// Delivery receipts. The text layout of SMPP 3.4 appendix B is a vendor's example, not a rule: fields go missing,
// change order, case and length. So the text is read key by key, parameters win over it, and nothing here throws.
import { readEsmClass } from './message-options.ts';
import type { DataSm, DeliverSm, SubmitSm } from './pdu-types.ts';
import { receiptFields } from './receipt-text.ts';

export type ReceiptState =
  | 'scheduled'
  | 'enroute'
  | 'delivered'
  | 'expired'
  | 'deleted'
  | 'undeliverable'
  | 'accepted'
  | 'unknown'
  | 'rejected'
  | 'skipped';

export interface Receipt {
  /** The carrier's id of the message as spelled, the parameter's before the text's; they may differ in base. */
  readonly messageIds: readonly string[];
  /** Null where the receipt names no state this code knows. */
  readonly state: ReceiptState | null;
  /** The state as the carrier wrote it, at most 20 characters. */
  readonly stateText: string;
  /** No later receipt should change the state. `accepted` counts as not final here; connectors may differ. */
  readonly final: boolean;
  /** `err`, or the number of network_error_code; alphanumeric at some carriers; null where absent. */
  readonly errorCode: string | null;
  /** GSM 1, ANSI 136 2, IS 95 3 ... (SMPP 3.4 §5.3.2.31); null where absent. */
  readonly errorNetwork: number | null;
  /** Digits as sent, 10, 12 or 14 of them, in a time zone nobody states. */
  readonly submitDate: string | null;
  readonly doneDate: string | null;
  /** Counted by the carrier, for messages it split; null where absent. */
  readonly submitted: number | null;
  readonly delivered: number | null;
}

/** message_state (SMPP 3.4 §5.2.28); 0 and 9 come from 5.0. */
const STATE_BY_NUMBER: readonly ReceiptState[] = [
  'scheduled',
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undeliverable',
  'accepted',
  'unknown',
  'rejected',
  'skipped',
];

const STATE_BY_TEXT = new Map<string, ReceiptState>([
  ['DELIVRD', 'delivered'],
  ['DELIVERED', 'delivered'],
  ['ACKED', 'delivered'],
  ['EXPIRED', 'expired'],
  ['DELETED', 'deleted'],
  ['UNDELIV', 'undeliverable'],
  ['UNDELIVERABLE', 'undeliverable'],
  ['FAILED', 'undeliverable'],
  ['ACCEPTD', 'accepted'],
  ['ACCEPTED', 'accepted'],
  ['UNKNOWN', 'unknown'],
  ['REJECTD', 'rejected'],
  ['REJECTED', 'rejected'],
  ['ENROUTE', 'enroute'],
  ['BUFFRED', 'enroute'],
  ['BUFFERED', 'enroute'],
  ['SCHEDULED', 'scheduled'],
  ['SCHEDLD', 'scheduled'],
  ['SKIPPED', 'skipped'],
]);

const NOT_FINAL: ReadonlySet<ReceiptState> = new Set(['scheduled', 'enroute', 'accepted']);

/** Enough for every field before the quoted text, which is never looked at. */
const TEXT_OCTETS_MAX = 512;
const STATE_CHARACTERS_MAX = 20;

/**
 * Reads a receipt or an intermediate notification; null when the PDU is an ordinary message. A PDU whose esm_class
 * says "message" is taken for a receipt only when the parameters say so (some carriers forget the bit). Never throws.
 */
export function parseReceipt(pdu: DeliverSm | DataSm): Receipt | null {
  const { kind } = readEsmClass(pdu.esmClass);
  const marked = kind === 'receipt' || kind === 'intermediate_notification';
  const tlvId = pdu.tlvs.get('receiptedMessageId');
  const tlvState = pdu.tlvs.get('messageState');
  if (!marked && (kind !== 'message' || tlvId === undefined || tlvState === undefined)) return null;

  const text = receiptFields(bodyText(pdu));
  const network = pdu.tlvs.get('networkErrorCode');
  const textId = text.get('id');
  const messageIds = [tlvId, textId].filter(
    (id, at, all): id is string => id !== undefined && id !== '' && all.indexOf(id) === at,
  );
  const stateText = (text.get('stat') ?? '').slice(0, STATE_CHARACTERS_MAX);
  const state =
    (tlvState === undefined ? undefined : STATE_BY_NUMBER[tlvState]) ??
    STATE_BY_TEXT.get(stateText.toUpperCase()) ??
    null;
  return {
    messageIds,
    state,
    stateText,
    final: state !== null && !NOT_FINAL.has(state) && kind !== 'intermediate_notification',
    errorCode: network === undefined ? (text.get('err') ?? null) : networkCode(network),
    errorNetwork: network === undefined || isDigits(network) ? null : network[0]!,
    submitDate: text.get('submit date') ?? null,
    doneDate: text.get('done date') ?? null,
    submitted: count(text.get('sub')),
    delivered: count(text.get('dlvrd')),
  };
}

/** The content of a message wherever it travels: the body, else message_payload (SMPP 3.4 §5.3.2.32). */
export function messageOctets(pdu: SubmitSm | DeliverSm | DataSm): Uint8Array {
  if (pdu.command !== 'data_sm' && pdu.message.length > 0) return pdu.message;
  return pdu.tlvs.get('messagePayload') ?? new Uint8Array(0);
}

/** Receipts are Latin-1 whatever data_coding says; a user data header, where one is announced, is not text. */
function bodyText(pdu: DeliverSm | DataSm): string {
  let octets = messageOctets(pdu);
  if (readEsmClass(pdu.esmClass).userDataHeader && octets.length > 0)
    octets = octets.subarray(octets[0]! + 1);
  const length = Math.min(octets.length, TEXT_OCTETS_MAX);
  return Buffer.from(octets.buffer, octets.byteOffset, length).toString('latin1');
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}

/** One octet of network type and a u16; some carriers send three ASCII digits instead. */
function networkCode(value: Uint8Array): string {
  if (isDigits(value)) return Buffer.from(value).toString('latin1');
  return String((value[1]! << 8) | value[2]!).padStart(3, '0');
}

const isDigits = (value: Uint8Array): boolean => value.every((octet) => octet >= 0x30 && octet <= 0x39);
