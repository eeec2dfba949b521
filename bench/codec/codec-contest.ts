// Our codec against npm smpp: the same PDUs with the same fields and texts, decoded and encoded in turns in one
// process, so that both meet the same machine.
import {
  decodePdu,
  encodePdu,
  makePdu,
  makeReceipt,
  makeTlvs,
  type Pdu,
  PduFault,
  PduWriter,
} from '@sotto/smpp';
import { decodeSeptets, encodeSeptets } from '@sotto/text';
import { median } from '../report/statistics.ts';
import { DEFAULT_TEXT, type Peer, peerCodec } from './npm-smpp-codec.ts';

export interface CodecRate {
  readonly pdu: 'submit_sm' | 'deliver_sm';
  /**
   * `octets`: the text is taken and left as octets, which is all a PDU codec does; the peer cannot be kept from
   * decoding it to a string. `text`: both sides turn it from and to a string through GSM 03.38.
   */
  readonly message: 'octets' | 'text';
  /** PDUs decoded and encoded again a second. */
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
}

export interface ContestOptions {
  readonly rounds: number;
  /** How long one side runs before it is the other's turn, in milliseconds. */
  readonly turnMs: number;
  readonly now: () => number;
}

/** Iterations between looks at the clock. */
const CHUNK = 200;
const SEQUENCE_MASK = 0x7fff_ffff;
/** Message id, state and text of the receipt, as an SMSC writes them. */
const MESSAGE_ID = '1795233416436000000042';

/** Runs the contest and returns the median round of each side. Throws when the two do not agree on the octets. */
export function runCodecContest(options: ContestOptions): CodecRate[] {
  const peer = peerCodec();
  return (['octets', 'text'] as const).flatMap((message) => [
    contestSubmit(peer, message, options),
    contestDeliver(peer, message, options),
  ]);
}

function contestSubmit(peer: Peer, message: CodecRate['message'], options: ContestOptions): CodecRate {
  const text = message === 'text';
  const octets = encoded(ourSubmit(1, SUBMIT_MESSAGE));
  peer.checkSubmit(octets);
  const writer = new PduWriter();
  let sequence = 0;
  const ours = (): number => {
    const decoded = decodePdu(octets, 0, octets.length);
    if (decoded instanceof PduFault || decoded.command !== 'submit_sm') throw new Error('not decoded');
    const read = text ? decodeSeptets(decoded.message).length : decoded.message.length;
    sequence = (sequence + 1) & SEQUENCE_MASK;
    encodePdu(writer, ourSubmit(sequence, text ? septets(DEFAULT_TEXT) : SUBMIT_MESSAGE));
    return read + decoded.destination.length + writer.take().length;
  };
  const theirs = text ? DEFAULT_TEXT : SUBMIT_MESSAGE;
  return contest({ pdu: 'submit_sm', message }, ours, () => peer.submit(octets, theirs), options);
}

function contestDeliver(peer: Peer, message: CodecRate['message'], options: ContestOptions): CodecRate {
  const text = message === 'text';
  const octets = encoded(ourDeliver(1, DELIVER_MESSAGE));
  peer.checkDeliver(octets);
  const writer = new PduWriter();
  let sequence = 0;
  const ours = (): number => {
    const decoded = decodePdu(octets, 0, octets.length);
    if (decoded instanceof PduFault || decoded.command !== 'deliver_sm') throw new Error('not decoded');
    const { tlvs } = decoded;
    const id = tlvs.get('receiptedMessageId') as string;
    const state = tlvs.get('messageState') as number;
    const read = text ? decodeSeptets(decoded.message).length : decoded.message.length;
    sequence = (sequence + 1) & SEQUENCE_MASK;
    encodePdu(writer, ourDeliver(sequence, text ? septets(RECEIPT_TEXT) : DELIVER_MESSAGE));
    return read + id.length + state + writer.take().length;
  };
  const theirs = text ? RECEIPT_TEXT : DELIVER_MESSAGE;
  return contest({ pdu: 'deliver_sm', message }, ours, () => peer.deliver(octets, theirs), options);
}

function septets(text: string): Buffer {
  return Buffer.from(encodeSeptets(text).buffer);
}

const ourSubmit = (sequence: number, message: Buffer): Pdu =>
  makePdu('submit_sm', {
    sequence,
    sourceTon: 5,
    source: 'BENCH',
    destinationTon: 1,
    destinationNpi: 1,
    destination: '4915120000000',
    registeredDelivery: 1,
    message,
  });

const RECEIPT = makeReceipt({
  textId: MESSAGE_ID,
  tlvId: MESSAGE_ID,
  state: 'delivered',
  errorCode: '000',
  submittedAtMs: 1_795_233_416_000,
  doneAtMs: 1_795_233_417_000,
  excerpt: '',
  carriedBy: 'both',
});
const RECEIPT_TEXT = RECEIPT.message.toString('latin1');
const SUBMIT_MESSAGE = septets(DEFAULT_TEXT);
const DELIVER_MESSAGE = septets(RECEIPT_TEXT);

const ourDeliver = (sequence: number, message: Buffer): Pdu =>
  makePdu('deliver_sm', {
    sequence,
    sourceTon: 1,
    sourceNpi: 1,
    source: '4915120000000',
    destinationTon: 5,
    destination: 'BENCH',
    esmClass: 4,
    message,
    tlvs: makeTlvs({ receiptedMessageId: MESSAGE_ID, messageState: 2 }),
  });

function encoded(pdu: Pdu): Buffer {
  const writer = new PduWriter();
  encodePdu(writer, pdu);
  return Buffer.from(writer.take());
}

/** Takes turns; each side's rate is the median of its rounds. The first round of each warms up and is not counted. */
function contest(
  of: Pick<CodecRate, 'pdu' | 'message'>,
  ours: () => number,
  peer: () => number,
  { rounds, turnMs, now }: ContestOptions,
): CodecRate {
  const rates = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const [ourRate, peerRate] = [rateOf(ours, turnMs, now), rateOf(peer, turnMs, now)];
    if (round === 0) continue;
    rates.ours.push(ourRate);
    rates.peer.push(peerRate);
  }
  const [ourMedian, peerMedian] = [median(rates.ours), median(rates.peer)];
  return {
    ...of,
    ours: Math.round(ourMedian),
    peer: Math.round(peerMedian),
    ratio: Math.round((ourMedian / peerMedian) * 10) / 10,
  };
}

function rateOf(work: () => number, turnMs: number, now: () => number): number {
  const start = now();
  let done = 0;
  let octets = 0;
  let elapsed = 0;
  while (elapsed < turnMs) {
    for (let at = 0; at < CHUNK; at++) octets += work();
    done += CHUNK;
    elapsed = now() - start;
  }
  // Used, so that no engine may leave the work out.
  if (octets === 0) throw new Error('nothing was coded');
  return (done / elapsed) * 1_000;
}
