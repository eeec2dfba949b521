// A handset's side of a message: its text as the parts an SMSC delivers, and the text of what it got.
import {
  type DataSm,
  type DeliverSm,
  ESM_USER_DATA_HEADER,
  makePdu,
  makeTlvs,
  messageOctets,
  type SubmitSm,
} from '@sotto/smpp';
import { type Charset, decodePart, encodePart, segment } from '@sotto/text';

export interface InboundMessage {
  /** Numbers as the carrier writes them: digits without `+`. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Which parts to send, in which order, from 1; default all in order. Leave out, repeat or reorder at will. */
  readonly parts?: readonly number[];
  readonly referenceBits?: 8 | 16;
  /** Concatenation reference; drawn when absent. */
  readonly reference?: number;
  /** How parts are marked: user data header, SAR parameters, or one message_payload. */
  readonly via?: 'header' | 'sar' | 'payload';
}

export interface InboundPart {
  readonly pdu: DeliverSm;
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

const DATA_CODING: Readonly<Record<Charset, number>> = { gsm7: 0, ascii: 1, latin1: 3, ucs2: 8 };
const CHARSETS = new Map<number, Charset>([
  [0, 'gsm7'],
  [1, 'ascii'],
  [3, 'latin1'],
  [8, 'ucs2'],
]);

/** The deliver_sm PDUs of a text. Throws UnsendableTextError for one that no handset could send. */
export function inboundParts(message: InboundMessage, drawnReference: number): InboundPart[] {
  const { from, to, text, via = 'header', referenceBits = 8 } = message;
  const segmentation = segment(text, { referenceBits });
  const total = segmentation.parts.length;
  const reference = (message.reference ?? drawnReference) % 2 ** referenceBits;
  const addresses = {
    sourceTon: 1,
    sourceNpi: 1,
    source: from,
    destinationTon: 1,
    destinationNpi: 1,
    destination: to,
    dataCoding: DATA_CODING[segmentation.charset],
  };
  if (via === 'payload') {
    const octets = segmentation.parts.map(
      (_part, index) => encodePart(segmentation, index, { concatenation: 'elsewhere' }).octets,
    );
    const tlvs = makeTlvs({ messagePayload: Buffer.concat(octets) });
    return [{ pdu: makePdu('deliver_sm', { ...addresses, tlvs }), part: 1, parts: 1 }];
  }
  const order = message.parts ?? segmentation.parts.map((_part, index) => index + 1);
  return order.map((part) => {
    const concatenation = via === 'header' ? 'header' : 'elsewhere';
    const { octets, headerOctets } = encodePart(segmentation, part - 1, { reference, concatenation });
    const sar = via === 'sar' && total > 1;
    const pdu = makePdu('deliver_sm', {
      ...addresses,
      esmClass: headerOctets > 0 ? ESM_USER_DATA_HEADER : 0,
      message: Buffer.from(octets.buffer, octets.byteOffset, octets.length),
      ...(sar && {
        tlvs: makeTlvs({ sarMsgRefNum: reference, sarTotalSegments: total, sarSegmentSeqnum: part }),
      }),
    });
    return { pdu, part, parts: total };
  });
}

export interface ReceivedText {
  readonly text: string;
  /** 1 for a message of one part. */
  readonly part: number;
}

/** The text of one part as its reader sees it; empty for binary messages. */
export function receivedText(pdu: SubmitSm | DeliverSm | DataSm): ReceivedText {
  const charset = CHARSETS.get(pdu.dataCoding);
  if (charset === undefined) return { text: '', part: 1 };
  const hasHeader = (pdu.esmClass & ESM_USER_DATA_HEADER) !== 0;
  const { text, concatenation } = decodePart(messageOctets(pdu), { charset, hasHeader });
  return { text, part: concatenation?.sequence ?? pdu.tlvs.get('sarSegmentSeqnum') ?? 1 };
}
