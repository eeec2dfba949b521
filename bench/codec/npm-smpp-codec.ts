// The codec of npm smpp, used as its README shows: PDUs from objects and from octets, texts as strings.
import npmSmpp from 'smpp';

export interface Peer {
  /** Decodes the octets, encodes the same PDU anew with this message, and returns how much was read and written. */
  submit(octets: Buffer, message: string | Buffer): number;
  deliver(octets: Buffer, message: string | Buffer): number;
  /** Throws unless the peer reads in these octets what it would write. */
  checkSubmit(octets: Buffer): void;
  checkDeliver(octets: Buffer): void;
}

interface NpmPdu {
  readonly command: string;
  readonly destination_addr: string;
  readonly short_message: { readonly message: string };
  readonly receipted_message_id: string;
  readonly message_state: number;
  toBuffer(): Buffer;
}

interface NpmPduClass {
  new (command: string, fields: object): NpmPdu;
  fromBuffer(octets: Buffer): NpmPdu;
}

export const DEFAULT_TEXT = 'Order 481516 has left our warehouse and is on its way.';

const SEQUENCE_MASK = 0x7fff_ffff;

export function peerCodec(): Peer {
  // The package has no types; its tests elsewhere in this repository declare the sessions alone.
  const { PDU } = npmSmpp as unknown as { PDU: NpmPduClass };
  let sequence = 0;
  const next = (): number => {
    sequence = (sequence + 1) & SEQUENCE_MASK;
    return sequence;
  };
  const submitFields = (message: string | Buffer) => ({
    sequence_number: next(),
    source_addr_ton: 5,
    source_addr: 'BENCH',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: '4915120000000',
    registered_delivery: 1,
    data_coding: 0,
    short_message: message,
  });
  const deliverFields = (message: string | Buffer, id: string) => ({
    sequence_number: next(),
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: '4915120000000',
    dest_addr_ton: 5,
    destination_addr: 'BENCH',
    esm_class: 4,
    data_coding: 0,
    short_message: message,
    receipted_message_id: id,
    message_state: 2,
  });
  const same = (pdu: NpmPdu, octets: Buffer): void => {
    const written = pdu.toBuffer();
    // Sequence numbers differ; everything behind the header must not, but for the order of parameters.
    const [mine, theirs] = [written.subarray(16), octets.subarray(16)];
    if (mine.length !== theirs.length || Buffer.compare(sorted(mine), sorted(theirs)) !== 0) {
      throw new Error(
        `npm smpp and ours disagree on ${pdu.command}: ${mine.toString('hex')} ${theirs.toString('hex')}`,
      );
    }
  };
  return {
    submit(octets, message) {
      const read = PDU.fromBuffer(octets);
      const written = new PDU('submit_sm', submitFields(message)).toBuffer();
      return read.short_message.message.length + read.destination_addr.length + written.length;
    },
    deliver(octets, message) {
      const read = PDU.fromBuffer(octets);
      const written = new PDU('deliver_sm', deliverFields(message, read.receipted_message_id)).toBuffer();
      return read.short_message.message.length + read.message_state + written.length;
    },
    checkSubmit(octets) {
      same(new PDU('submit_sm', submitFields(PDU.fromBuffer(octets).short_message.message)), octets);
    },
    checkDeliver(octets) {
      const read = PDU.fromBuffer(octets);
      same(
        new PDU('deliver_sm', deliverFields(read.short_message.message, read.receipted_message_id)),
        octets,
      );
    },
  };
}

const sorted = (octets: Buffer): Buffer => Buffer.from(octets).sort();
