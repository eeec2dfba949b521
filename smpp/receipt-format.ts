// Writing receipts in the layout of SMPP 3.4 appendix B, with the parameters of §5.3.2: what an SMSC sends.
import { ESM_INTERMEDIATE, ESM_RECEIPT } from './message-options.ts';
import { makePdu } from './pdu-shapes.ts';
import type { DeliverSm } from './pdu-types.ts';
import type { ReceiptState } from './receipt.ts';
import { makeTlvs, NO_TLVS } from './tlvs.ts';

export interface ReceiptToSend {
  /** The id in the text, and the one in receipted_message_id: carriers differ in base between them. */
  readonly textId: string;
  readonly tlvId: string;
  readonly state: ReceiptState;
  /** Three characters; "000" for success. */
  readonly errorCode: string;
  readonly submittedAtMs: number;
  readonly doneAtMs: number;
  /** The first characters of the message, up to 20; empty at privacy-minded carriers. */
  readonly excerpt: string;
  /** Which of the two ways of saying it are used. */
  readonly carriedBy: 'text' | 'tlv' | 'both';
  readonly intermediate?: boolean;
}

const STATE_TEXT: Readonly<Record<ReceiptState, string>> = {
  scheduled: 'SCHEDLD',
  enroute: 'ENROUTE',
  delivered: 'DELIVRD',
  expired: 'EXPIRED',
  deleted: 'DELETED',
  undeliverable: 'UNDELIV',
  accepted: 'ACCEPTD',
  unknown: 'UNKNOWN',
  rejected: 'REJECTD',
  skipped: 'SKIPPED',
};

const STATE_NUMBER: Readonly<Record<ReceiptState, number>> = {
  scheduled: 0,
  enroute: 1,
  delivered: 2,
  expired: 3,
  deleted: 4,
  undeliverable: 5,
  accepted: 6,
  unknown: 7,
  rejected: 8,
  skipped: 9,
};

const GSM_NETWORK = 3;

/** The text of a receipt: fixed fields, dates of ten digits in UTC (`YYMMDDhhmm`). */
export function formatReceiptText(receipt: ReceiptToSend): string {
  const { textId, state, errorCode, submittedAtMs, doneAtMs, excerpt } = receipt;
  const delivered = state === 'delivered' ? '001' : '000';
  return (
    `id:${textId} sub:001 dlvrd:${delivered} submit date:${minuteDigits(submittedAtMs)} ` +
    `done date:${minuteDigits(doneAtMs)} stat:${STATE_TEXT[state]} err:${errorCode} text:${excerpt}`
  );
}

/** A receipt as deliver_sm; addresses are the caller's to set: source is the handset, destination the sender. */
export function makeReceipt(receipt: ReceiptToSend): DeliverSm {
  const { state, tlvId, errorCode, carriedBy } = receipt;
  return makePdu('deliver_sm', {
    esmClass: receipt.intermediate ? ESM_INTERMEDIATE : ESM_RECEIPT,
    message: carriedBy === 'tlv' ? Buffer.alloc(0) : Buffer.from(formatReceiptText(receipt), 'latin1'),
    tlvs:
      carriedBy === 'text'
        ? NO_TLVS
        : makeTlvs({
            receiptedMessageId: tlvId,
            messageState: STATE_NUMBER[state],
            networkErrorCode: networkError(errorCode),
          }),
  });
}

/** Network type GSM and the number of the error; codes that are no number travel as 0. */
function networkError(errorCode: string): Buffer {
  const number = /^[0-9]{1,5}$/.test(errorCode) ? Number(errorCode) & 0xffff : 0;
  return Buffer.of(GSM_NETWORK, number >> 8, number & 0xff);
}

let cachedMinute = Number.NaN;
let cachedDigits = '';

/** Receipts go out by the thousand within one minute, so the last minute's digits are kept. */
function minuteDigits(epochMs: number): string {
  const minute = Math.floor(epochMs / 60_000);
  if (minute !== cachedMinute) {
    cachedMinute = minute;
    cachedDigits = new Date(epochMs).toISOString().replaceAll(/[-T:]/g, '').slice(2, 12);
  }
  return cachedDigits;
}
