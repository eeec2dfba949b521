// The parts of a message as a carrier gets them. Cut anew from the text where it is needed: cutting is pure and
// costs a microsecond, storing parts of a sealed text would not.
import { segment } from '@sotto/text';
import type { ConnectorTraits } from '#carriers';
import type { Outbound } from './handoff.ts';

export interface PartText {
  readonly text: string;
  readonly concat: { readonly reference: number; readonly total: number; readonly sequence: number } | null;
}

/** The parts in order; the same message always gives the same ones, so a resent part replaces itself on a phone. */
export function partsOf(
  outbound: Pick<Outbound, 'messageId' | 'text' | 'encoding' | 'segments'>,
  traits: ConnectorTraits,
): readonly PartText[] {
  if (outbound.segments === 1) return [{ text: outbound.text, concat: null }];
  const { parts } = segment(outbound.text, { encoding: outbound.encoding, ...traits });
  // Random bits of the id: references of messages to one phone must not run in step.
  const reference = Number.parseInt(outbound.messageId.slice(-4), 16);
  // The connector's alphabet changed since the message was priced: what was paid for is what is sent.
  if (parts.length !== outbound.segments) return recut(outbound, reference);
  return parts.map((part, at) => ({
    text: part.text,
    concat: { reference, total: parts.length, sequence: at + 1 },
  }));
}

/** Cuts as acceptance would have without knowing the connector; it is the connector that then may refuse a part. */
function recut(
  outbound: Pick<Outbound, 'text' | 'encoding' | 'segments'>,
  reference: number,
): readonly PartText[] {
  const { parts } = segment(outbound.text, { encoding: outbound.encoding });
  return Array.from({ length: outbound.segments }, (_, at) => ({
    text: parts[at]?.text ?? '',
    concat: { reference, total: outbound.segments, sequence: at + 1 },
  }));
}
