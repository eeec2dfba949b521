// What a message centre delivers: a receipt, a message from a handset, or neither (SMPP 3.4 §5.2.12). Reading never
// throws, for it reads what strangers sent.
import {
  type DataSm,
  type DeliverSm,
  messageOctets,
  parseReceipt,
  type Receipt,
  readDataCoding,
  readEsmClass,
} from '@sotto/smpp';
import { decodePart } from '@sotto/text';
import type { CarrierInbound, CarrierReceipt, ReceiptState } from '../port.ts';
import { carrierDate } from '../receipts/carrier-dates.ts';
import type { MessageIds } from '../receipts/message-ids.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import { addressFromCarrier, receiptDestination } from './addresses.ts';

/**
 * `ignored`: acknowledgements by handsets and other kinds nobody asked for, and receipts without any id. They are
 * answered OK, for the carrier would repeat them for ever, and counted.
 */
export type Delivery =
  | { readonly kind: 'receipt'; readonly receipt: CarrierReceipt }
  | { readonly kind: 'inbound'; readonly inbound: CarrierInbound }
  | { readonly kind: 'ignored' };

const IGNORED: Delivery = Object.freeze({ kind: 'ignored' });
const ERROR_CODE_CHARACTERS_MAX = 32;
/** "No error" as carriers write it. */
const NO_ERROR = /^0*$/;

export function readDelivery(
  pdu: DeliverSm | DataSm,
  connectorId: string,
  settings: Pick<ConnectorSettings, 'acceptedIsFinal' | 'defaultAlphabet'>,
  ids: MessageIds,
): Delivery {
  const receipt = parseReceipt(pdu);
  if (receipt !== null) return readReceipt(pdu, receipt, connectorId, settings.acceptedIsFinal, ids);
  if (readEsmClass(pdu.esmClass).kind !== 'message') return IGNORED;
  return { kind: 'inbound', inbound: readInbound(pdu, connectorId, settings.defaultAlphabet) };
}

function readReceipt(
  pdu: DeliverSm | DataSm,
  seen: Receipt,
  connectorId: string,
  acceptedIsFinal: boolean,
  ids: MessageIds,
): Delivery {
  const candidates = ids.candidates(seen.messageIds);
  if (candidates.ids.length === 0) return IGNORED;
  const intermediate = readEsmClass(pdu.esmClass).kind === 'intermediate_notification';
  const errorCode = seen.errorCode?.slice(0, ERROR_CODE_CHARACTERS_MAX) ?? '';
  return {
    kind: 'receipt',
    receipt: {
      connectorId,
      messageIds: candidates.ids,
      messageIdForms: candidates.forms,
      // A receipt travels the other way: it comes from the number the message went to.
      destination: receiptDestination(pdu.source),
      state: stateOf(seen),
      final: seen.final || (acceptedIsFinal && seen.state === 'accepted' && !intermediate),
      errorCode: NO_ERROR.test(errorCode) ? null : errorCode,
      at: carrierDate(seen.doneDate),
    },
  };
}

/** The two states of SMPP 5.0 have a nearest relative in 3.4. */
function stateOf({ state }: Receipt): ReceiptState {
  if (state === null) return 'unknown';
  if (state === 'scheduled') return 'enroute';
  return state === 'skipped' ? 'undeliverable' : state;
}

function readInbound(
  pdu: DeliverSm | DataSm,
  connectorId: string,
  defaultAlphabet: ConnectorSettings['defaultAlphabet'],
): CarrierInbound {
  const octets = messageOctets(pdu);
  const charset = charsetOf(pdu.dataCoding, defaultAlphabet);
  const decoded = decodePart(octets, {
    charset: charset ?? 'latin1',
    hasHeader: readEsmClass(pdu.esmClass).userDataHeader,
    packed: charset === 'gsm7' && defaultAlphabet === 'gsm7_packed',
  });
  const header = decoded.concatenation;
  return {
    connectorId,
    from: addressFromCarrier(pdu.sourceTon, pdu.source),
    to: addressFromCarrier(pdu.destinationTon, pdu.destination),
    text: charset === null ? null : decoded.text,
    // A copy: a view would keep the socket's whole chunk alive for as long as the message waits.
    octets: Buffer.from(decoded.body),
    dataCoding: pdu.dataCoding,
    concat:
      header === null
        ? sarConcat(pdu)
        : {
            reference: header.reference,
            bits: header.referenceBits,
            total: header.total,
            sequence: header.sequence,
          },
  };
}

/** Concatenation by parameters (SMPP 3.4 §5.3.2.22-24); null unless all three are there and make sense. */
function sarConcat(pdu: DeliverSm | DataSm): CarrierInbound['concat'] {
  const reference = pdu.tlvs.get('sarMsgRefNum');
  const total = pdu.tlvs.get('sarTotalSegments');
  const sequence = pdu.tlvs.get('sarSegmentSeqnum');
  if (reference === undefined || total === undefined || sequence === undefined) return null;
  if (total < 1 || sequence < 1 || sequence > total) return null;
  return { reference, bits: 16, total, sequence };
}

/** The character set of a data_coding at this connector; null for binary and for what this code cannot read. */
function charsetOf(
  dataCoding: number,
  defaultAlphabet: ConnectorSettings['defaultAlphabet'],
): 'gsm7' | 'latin1' | 'ascii' | 'ucs2' | null {
  switch (readDataCoding(dataCoding).alphabet) {
    case 'default':
      return defaultAlphabet === 'gsm7_packed' ? 'gsm7' : defaultAlphabet;
    case 'ia5':
      return 'ascii';
    case 'latin1':
      return 'latin1';
    case 'ucs2':
      return 'ucs2';
    default:
      return null;
  }
}
