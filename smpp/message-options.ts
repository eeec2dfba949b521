// The bit fields of a short message: esm_class (SMPP 3.4 §5.2.12), registered_delivery (§5.2.17), data_coding
// (§5.2.19), each taken apart completely: testing them with `==` is the usual mistake.

export type MessageMode = 'default' | 'datagram' | 'forward' | 'store_and_forward';
/** What the message is; the meaning of bits 5-2 in deliver_sm. */
export type MessageKind =
  | 'message'
  | 'receipt'
  | 'delivery_acknowledgement'
  | 'manual_acknowledgement'
  | 'conversation_abort'
  | 'intermediate_notification'
  | 'reserved';

export interface EsmClass {
  readonly mode: MessageMode;
  readonly kind: MessageKind;
  /** The message begins with a user data header. */
  readonly userDataHeader: boolean;
  readonly replyPath: boolean;
}

/** UDHI, to be or-ed into esm_class when the message begins with a user data header. */
export const ESM_USER_DATA_HEADER = 0x40;
export const ESM_RECEIPT = 0x04;
export const ESM_INTERMEDIATE = 0x20;
const KIND_MASK = 0x3c;

const MODES: readonly MessageMode[] = ['default', 'datagram', 'forward', 'store_and_forward'];
const KINDS = new Map<number, MessageKind>([
  [0x00, 'message'],
  [0x04, 'receipt'],
  [0x08, 'delivery_acknowledgement'],
  [0x10, 'manual_acknowledgement'],
  [0x18, 'conversation_abort'],
  [0x20, 'intermediate_notification'],
]);

/** Takes esm_class apart. Kannel sends 0x03 and 0x43: mode and features say nothing about the kind. */
export function readEsmClass(value: number): EsmClass {
  return {
    mode: MODES[value & 0x03]!,
    kind: KINDS.get(value & KIND_MASK) ?? 'reserved',
    userDataHeader: (value & 0x40) !== 0,
    replyPath: (value & 0x80) !== 0,
  };
}

export type ReceiptWanted = 'none' | 'always' | 'on_failure' | 'on_success';

export interface RegisteredDelivery {
  readonly receipt: ReceiptWanted;
  readonly deliveryAcknowledgement: boolean;
  readonly manualAcknowledgement: boolean;
  readonly intermediate: boolean;
}

const RECEIPTS: readonly ReceiptWanted[] = ['none', 'always', 'on_failure', 'on_success'];

/** Takes registered_delivery apart. Kannel sends 0x11; 11 in bits 1-0 is reserved in 3.4 and "success" in 5.0. */
export function readRegisteredDelivery(value: number): RegisteredDelivery {
  return {
    receipt: RECEIPTS[value & 0x03]!,
    deliveryAcknowledgement: (value & 0x04) !== 0,
    manualAcknowledgement: (value & 0x08) !== 0,
    intermediate: (value & 0x10) !== 0,
  };
}

/** The octet for what is wanted. */
export function makeRegisteredDelivery(wanted: Partial<RegisteredDelivery>): number {
  return (
    RECEIPTS.indexOf(wanted.receipt ?? 'none') |
    (wanted.deliveryAcknowledgement ? 0x04 : 0) |
    (wanted.manualAcknowledgement ? 0x08 : 0) |
    (wanted.intermediate ? 0x10 : 0)
  );
}

/** `default` is whatever the SMSC's account says: GSM 03.38 at most, Latin-1 or ASCII at some. */
export type CodingAlphabet =
  | 'default'
  | 'ia5'
  | 'latin1'
  | 'binary'
  | 'jis'
  | 'cyrillic'
  | 'hebrew'
  | 'ucs2'
  | 'other';

export interface DataCoding {
  readonly alphabet: CodingAlphabet;
  /** 0 is shown at once and not kept ("flash"); null where the coding says no class. */
  readonly messageClass: 0 | 1 | 2 | 3 | null;
}

const ALPHABETS: readonly CodingAlphabet[] = [
  'default',
  'ia5',
  'binary',
  'latin1',
  'binary',
  'jis',
  'cyrillic',
  'hebrew',
  'ucs2',
];

/**
 * Takes data_coding apart: the values of SMPP 3.4 §5.2.19, and the groups 0x00-0x3F, 0xF0-0xFF of GSM 03.38 §4 where
 * they carry a class (0x10 and 0xF0 are flash in the default alphabet, 0x18 flash in UCS-2).
 */
export function readDataCoding(value: number): DataCoding {
  if (value < 0x10) return { alphabet: ALPHABETS[value] ?? 'other', messageClass: null };
  const alphabet = gsmAlphabet(value);
  const classed = value >= 0xf0 || (value < 0x40 && (value & 0x10) !== 0);
  return { alphabet, messageClass: classed ? ((value & 0x03) as 0 | 1 | 2 | 3) : null };
}

function gsmAlphabet(value: number): CodingAlphabet {
  if (value >= 0xf0) return (value & 0x04) === 0 ? 'default' : 'binary';
  if (value >= 0x40) return value >= 0xe0 ? 'ucs2' : value >= 0xc0 ? 'default' : 'other';
  const group = (value >> 2) & 0x03;
  return (['default', 'binary', 'ucs2', 'other'] as const)[group]!;
}
