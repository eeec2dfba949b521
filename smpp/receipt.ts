// Delivery receipts. The text layout of SMPP 3.4 appendix B is a vendor's example, not a rule: fields go missing,
// change order, case and length. So the text is read key by key, parameters win over it, and nothing here throws.
import { readEsmClass } from './message-options.ts';
import type { DataSm, DeliverSm, SubmitSm } from './pdu-types.ts';

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
  ['SKIPPED', 'skipped'],
]);

const NOT_FINAL: ReadonlySet<ReceiptState> = new Set(['scheduled', 'enroute', 'accepted']);

/** Keys may have a space inside, so each is looked for as a whole; `text` ends the search, for it quotes the message. */
const KEYS = ['id', 'sub', 'dlvrd', 'submit date', 'done date', 'stat', 'err', 'text'] as const;
/** The first letters of the keys, to pass over other words quickly. */
const INITIALS = 'isdet';
type Key = (typeof KEYS)[number];

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
  return Buffer.from(octets.subarray(0, TEXT_OCTETS_MAX)).toString('latin1');
}

/** Every field of the text by its key, in any order, the first of equals. */
function receiptFields(text: string): Map<Key, string> {
  const lower = text.toLowerCase();
  const found: { readonly key: Key; readonly at: number; readonly from: number }[] = [];
  for (let at = 0; at < lower.length; at++) {
    if (!INITIALS.includes(lower[at]!) || (at > 0 && !isGap(lower.charCodeAt(at - 1)))) continue;
    const key = KEYS.find(
      (candidate) => lower.startsWith(candidate, at) && colonAt(lower, at + candidate.length) >= 0,
    );
    if (key === undefined) continue;
    const from = colonAt(lower, at + key.length) + 1;
    found.push({ key, at, from });
    // Ahead of everything else it may be a reordered field; behind an id or a state it may quote a forged one.
    if (key === 'text' && found.some((field) => field.key === 'id' || field.key === 'stat')) break;
    at = from - 1;
  }
  const fields = new Map<Key, string>();
  found.forEach(({ key, from }, index) => {
    const value = text.slice(from, found[index + 1]?.at ?? text.length).trim();
    // A value is one word: whatever else follows it belongs to keys this code does not know.
    if (key !== 'text' && !fields.has(key) && value !== '') fields.set(key, value.split(/[\s,;]/, 1)[0]!);
  });
  return fields;
}

/** The position of the colon behind optional spaces; -1 when something else comes first. */
function colonAt(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return text[at] === ':' ? at : -1;
}

const isGap = (code: number): boolean => code <= 0x20 || code === 0x2c || code === 0x3b;

function count(text: string | undefined): number | null {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}

/** One octet of network type and a u16; some carriers send three ASCII digits instead. */
function networkCode(value: Uint8Array): string {
  if (isDigits(value)) return Buffer.from(value).toString('latin1');
  return String((value[1]! << 8) | value[2]!).padStart(3, '0');
}

const isDigits = (value: Uint8Array): boolean => value.every((octet) => octet >= 0x30 && octet <= 0x39);
