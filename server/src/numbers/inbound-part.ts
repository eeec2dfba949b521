// One part of a text as a carrier hands it over, and what of it is believed. Everything in it is a stranger's word:
// lengths, addresses and the tie between parts are checked here, before any of it reaches a table.

/** What carriers hand to the sink. A superset of the carriers' port, so that compose passes their parts on. */
export interface InboundPart {
  readonly connectorId: string;
  /** E.164 with `+`, a short code or a name, as the carrier wrote it. Unauthenticated: anybody can write anything. */
  readonly from: string;
  readonly to: string;
  /** Null when the coding is binary or unknown. */
  readonly text: string | null;
  /** The body without its header; all there is when `text` is null. */
  readonly octets: Buffer | null;
  readonly concat: Concatenation | null;
  /**
   * The carrier may have sent this before and not got our answer, as after a lost link. Only then is an equal text
   * of the same sender taken for a repeat: people do write the same word twice.
   */
  readonly possibleRepeat?: boolean;
}

/** How parts of one text are tied together (3GPP TS 23.040 §9.2.3.24.1, .8; SMPP 3.4 §5.3.2.22-24). */
export interface Concatenation {
  readonly reference: number;
  readonly bits: 8 | 16;
  readonly total: number;
  readonly sequence: number;
}

export type ContentForm = 'text' | 'octets';

/** A part that may be stored. */
export interface Piece {
  readonly connectorId: string;
  readonly from: string;
  /** E.164 with `+`. */
  readonly to: string;
  readonly form: ContentForm;
  /** The text, or octets in `latin1` notation: one value to compare, join and seal. */
  readonly content: string;
  /** Null for a text of one part, and where the tie is malformed: then the part stands for itself. */
  readonly concat: Concatenation | null;
  readonly possibleRepeat: boolean;
}

/** Octets of one part that belongs to others: 160 septets or 70 UCS-2 units are below 500 in UTF-8. */
export const PART_LENGTH_MAX = 1_024;
/** Characters of a text of one part: message_payload holds 65,535 octets (SMPP 3.4 §5.3.2.32). */
export const TEXT_LENGTH_MAX = 65_536;
/** Longer than any address of SMPP 3.4 (§5.2.8: 21 octets). */
const SENDER_LENGTH_MAX = 64;
export const PARTS_MAX = 255;
const REFERENCE_MAX = { 8: 0xff, 16: 0xffff } as const;

/** The piece, or null when it cannot be one: no content, or lengths no carrier can have carried. */
export function readPart(part: InboundPart): Piece | null {
  const form = part.text === null ? 'octets' : 'text';
  const content = part.text ?? part.octets?.toString('latin1');
  const to = asE164(part.to);
  if (content === undefined || content.length > TEXT_LENGTH_MAX) return null;
  if (part.from.length > SENDER_LENGTH_MAX || to === null) return null;
  return {
    connectorId: part.connectorId,
    from: part.from,
    to,
    form,
    content,
    concat: content.length <= PART_LENGTH_MAX && part.concat ? trusted(part.concat) : null,
    possibleRepeat: part.possibleRepeat ?? false,
  };
}

/** A number of ours as the inventory writes it, whatever prefix the carrier uses; null for what cannot be one. */
export function asE164(address: string): string | null {
  const number = `+${address.replace(/^(?:\+|00)/, '')}`;
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : null;
}

/**
 * The tie, or null when it ties nothing (total 1) or makes no sense: total 0, a part beyond the total, a reference
 * wider than its field. Such a part is passed on as a text of its own, for it may be readable all the same.
 */
function trusted(concat: Concatenation): Concatenation | null {
  const { reference, bits, total, sequence } = concat;
  const whole = [reference, total, sequence].every(Number.isInteger);
  const fits = whole && total >= 2 && total <= PARTS_MAX && sequence >= 1 && sequence <= total;
  return fits && reference >= 0 && reference <= REFERENCE_MAX[bits] ? concat : null;
}
