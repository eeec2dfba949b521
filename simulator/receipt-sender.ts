// The receipts of accepted submissions: written in the spelling that is planned, queued, counted, logged.
import {
  type DataSm,
  makePdu,
  makeReceipt,
  makeTlvs,
  messageOctets,
  type ReceiptToSend,
  type SubmitSm,
} from '@sotto/smpp';
import { spellId } from './message-ids.ts';
import type { SmscState } from './smsc-state.ts';
import type { PlannedReceipt } from './submission-plan.ts';

const EXCERPT_OCTETS = 20;

/** One accepted submission and what its receipts repeat of it. */
export interface Accepted {
  readonly messageId: string;
  readonly systemId: string;
  readonly pdu: SubmitSm | DataSm;
  readonly excerpt: string;
  readonly submittedAtMs: number;
}

/** Puts one receipt into the queue of the account; the counters and the log follow it to its end. */
export function queueReceipt(
  smsc: SmscState,
  { messageId, systemId, pdu, excerpt, submittedAtMs }: Accepted,
  planned: PlannedReceipt,
): void {
  const { behaviour, counts, log } = smsc;
  const toSend: ReceiptToSend = {
    textId: spellId(messageId, planned.textId),
    tlvId: spellId(messageId, planned.tlvId),
    state: planned.state,
    errorCode: planned.errorCode,
    submittedAtMs,
    doneAtMs: Date.now(),
    excerpt,
    carriedBy: planned.carriedBy,
    intermediate: planned.intermediate,
  };
  const receipt = makeReceipt(toSend);
  receipt.sourceTon = pdu.destinationTon;
  receipt.sourceNpi = pdu.destinationNpi;
  receipt.source = pdu.destination;
  receipt.destinationTon = pdu.sourceTon;
  receipt.destinationNpi = pdu.sourceNpi;
  receipt.destination = pdu.source;
  const { source: destination } = receipt;
  const logged = {
    messageId: log ? spellId(messageId, behaviour.responseId) : '',
    destination,
    state: planned.state,
  };
  smsc.queueOf(systemId).add({
    pdu: behaviour.receipts.command === 'data_sm' ? asDataSm(receipt) : receipt,
    sent: (connection, sequence, attempt) => {
      counts.receiptsSent++;
      if (attempt > 1) counts.receiptsRetried++;
      log?.write({ event: 'receipt', at: Date.now(), connection, sequence, ...logged });
    },
    answered: (connection, sequence, status, last) => {
      if (status === 0) counts.receiptsAcked++;
      else if (last) counts.receiptsGivenUp++;
      log?.write({ event: 'receipt_ack', at: Date.now(), connection, sequence, ...logged, status });
      if (last) smsc.receiptEnded();
    },
  });
}

/** The beginning of the message as SMSCs quote it; nothing of messages whose octets are no text. */
export function excerptOf(pdu: SubmitSm | DataSm): string {
  if (pdu.dataCoding !== 0 && pdu.dataCoding !== 1 && pdu.dataCoding !== 3) return '';
  const octets = messageOctets(pdu);
  const start = (pdu.esmClass & 0x40) !== 0 ? (octets[0] ?? 0) + 1 : 0;
  const end = Math.min(octets.length, start + EXCERPT_OCTETS);
  return Buffer.from(octets.buffer, octets.byteOffset + start, Math.max(0, end - start)).toString('latin1');
}

/** The same receipt as data_sm, whose only place for text is message_payload. */
function asDataSm(receipt: ReturnType<typeof makeReceipt>): DataSm {
  const { sourceTon, sourceNpi, source, destinationTon, destinationNpi, destination, esmClass, tlvs } =
    receipt;
  const list = tlvs.list();
  return makePdu('data_sm', {
    sourceTon,
    sourceNpi,
    source,
    destinationTon,
    destinationNpi,
    destination,
    esmClass,
    tlvs: makeTlvs({ messagePayload: receipt.message }, list),
  });
}
