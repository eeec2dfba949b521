// What the carrier saw, read from its log: which copies of which part it was given, what it answered, and which
// receipts were acknowledged to it. The second of the truths that are compared.
import type { TruthEvent } from '@sotto/simulator/truth-log';
import { MARKER } from './wanted-messages.ts';

/** One submission the carrier read whole. */
export interface Copy {
  readonly marker: string;
  /** Number of the part within its message, from 1. */
  readonly part: number;
  /** Null: it never answered. */
  readonly status: number | null;
  /** The id it gave out; empty when it refused or did not answer. */
  readonly messageId: string;
}

export interface AcknowledgedReceipt {
  readonly messageId: string;
  readonly state: string;
  readonly destination: string;
}

export interface CarrierTruth {
  readonly submits: number;
  /** Submissions that were not refused, by `marker/part`. What was never answered may have been taken. */
  readonly copies: ReadonlyMap<string, readonly Copy[]>;
  readonly refusals: number;
  /** Receipts we answered with OK, each acknowledgement once. */
  readonly acknowledged: readonly AcknowledgedReceipt[];
  /** To whom each id that the carrier gave out belongs, as `marker/part`. */
  readonly ownerOf: ReadonlyMap<string, string>;
  /** Submissions whose text names no message of the run. */
  readonly strangers: number;
  readonly binds: number;
}

export const partName = (marker: string, part: number): string => `${marker}/${part}`;

export function readTruth(events: readonly TruthEvent[]): CarrierTruth {
  const answers = new Map<string, { status: number; messageId: string }>();
  const on = (event: { connection: number; sequence: number }) => `${event.connection}:${event.sequence}`;
  for (const event of events) if (event.event === 'answer') answers.set(on(event), event);

  const copies = new Map<string, Copy[]>();
  const ownerOf = new Map<string, string>();
  // Destinations are a message's own, so a receipt tells whose an id is that was never answered. Parts of one message
  // cannot be told apart so; its first will do.
  const messageTo = new Map<string, string>();
  const acknowledged: AcknowledgedReceipt[] = [];
  let [submits, refusals, strangers, binds] = [0, 0, 0, 0];
  for (const event of events) {
    switch (event.event) {
      case 'submit': {
        submits += 1;
        const answer = answers.get(on(event));
        const read = readBody(event);
        if (read === null) {
          strangers += 1;
          break;
        }
        if (answer !== undefined && answer.status !== 0) {
          refusals += 1;
          break;
        }
        const name = partName(read.marker, read.part);
        const copy: Copy = { ...read, status: answer?.status ?? null, messageId: answer?.messageId ?? '' };
        copies.set(name, [...(copies.get(name) ?? []), copy]);
        messageTo.set(event.destination, partName(read.marker, 1));
        if (copy.messageId !== '') ownerOf.set(idOf(copy.messageId), name);
        break;
      }
      case 'receipt_ack':
        if (event.status === 0)
          acknowledged.push({
            messageId: idOf(event.messageId),
            state: event.state,
            destination: event.destination,
          });
        break;
      case 'receipt': {
        const id = idOf(event.messageId);
        const owner = messageTo.get(event.destination);
        if (owner !== undefined && !ownerOf.has(id)) ownerOf.set(id, owner);
        break;
      }
      case 'bind':
        if (event.status === 0) binds += 1;
        break;
    }
  }
  return { submits, copies, refusals, acknowledged, ownerOf, strangers, binds };
}

/** Ids are decimal; zeros in front mean nothing. */
export const idOf = (spelled: string): string => spelled.replace(/^0+(?=\d)/, '');

/** The marker in a body and the part's number from its user data header (3GPP TS 23.040 §9.2.3.24.1). */
function readBody(event: TruthEvent & { event: 'submit' }): { marker: string; part: number } | null {
  const octets = Buffer.from(event.body ?? '', 'hex');
  const headed = (event.esmClass & 0x40) !== 0;
  const header = headed ? octets.subarray(1, 1 + octets[0]!) : Buffer.alloc(0);
  const text = octets.subarray(headed ? 1 + octets[0]! : 0);
  const characters =
    event.dataCoding === 8 ? Buffer.from(text).swap16().toString('utf16le') : text.toString('latin1');
  const marker = MARKER.exec(characters)?.[0];
  return marker === undefined ? null : { marker, part: sequenceIn(header) };
}

function sequenceIn(header: Buffer): number {
  for (let at = 0; at + 1 < header.length; at += 2 + header[at + 1]!) {
    if (header[at] === 0x00) return header[at + 4] ?? 1;
    if (header[at] === 0x08) return header[at + 5] ?? 1;
  }
  return 1;
}
