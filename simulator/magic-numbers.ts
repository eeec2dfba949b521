// Destinations whose last four digits choose what becomes of a message: for demonstrations and for trying out a
// connection by hand. Documented in README.md; a test compares the two.
import { type ReceiptState, STATUS } from '@sotto/smpp';
import type { IdSpelling } from './behaviour.ts';

export interface MagicOutcome {
  /** For people: what happens. */
  readonly meaning: string;
  /** Answered instead of accepting the message. */
  readonly status?: number;
  /** The error is answered only to the first submission to the number; the next is accepted. */
  readonly once?: boolean;
  /** The message is taken and its receipt sent, but submit_sm is never answered. */
  readonly unanswered?: boolean;
  readonly receipt?: 'none' | ReceiptState;
  readonly errorCode?: string;
  readonly intermediate?: ReceiptState;
  readonly copies?: number;
  readonly delayMs?: number;
  readonly order?: 'before' | 'after';
  readonly textId?: IdSpelling;
  readonly carriedBy?: 'text' | 'tlv';
  /** The handset answers with this; `echo` sends the text back. */
  readonly reply?: { readonly text: string } | 'echo';
}

export const MAGIC_NUMBERS: Readonly<Record<string, MagicOutcome>> = {
  '0000': { meaning: 'delivered', receipt: 'delivered' },
  '0001': { meaning: 'undeliverable, error 001', receipt: 'undeliverable', errorCode: '001' },
  '0002': { meaning: 'expired', receipt: 'expired', errorCode: '002' },
  '0003': { meaning: 'deleted at the carrier', receipt: 'deleted', errorCode: '003' },
  '0004': { meaning: 'rejected by the network, by receipt', receipt: 'rejected', errorCode: '004' },
  '0005': { meaning: 'the carrier does not know what became of it', receipt: 'unknown', errorCode: '005' },
  '0006': { meaning: 'accepted (not final), then delivered', intermediate: 'accepted', receipt: 'delivered' },
  '0007': { meaning: 'en route (not final), then delivered', intermediate: 'enroute', receipt: 'delivered' },
  '0010': { meaning: 'refused at submission: invalid destination (0x0B)', status: STATUS.RINVDSTADR },
  '0011': { meaning: 'throttled once (0x58), then delivered', status: STATUS.RTHROTTLED, once: true },
  '0012': { meaning: 'queue full once (0x14), then delivered', status: STATUS.RMSGQFUL, once: true },
  '0013': { meaning: 'system error once (0x08), then delivered', status: STATUS.RSYSERR, once: true },
  '0014': { meaning: 'refused at submission: submit failed (0x45)', status: STATUS.RSUBMITFAIL },
  '0015': { meaning: 'taken and delivered, but submit_sm is never answered', unanswered: true },
  '0020': { meaning: 'accepted, no receipt ever', receipt: 'none' },
  '0021': { meaning: 'delivered, receipt sent twice', copies: 2 },
  '0022': { meaning: 'delivered, receipt after 5 s', delayMs: 5_000 },
  '0023': { meaning: 'delivered, receipt before submit_sm_resp', order: 'before' },
  '0024': { meaning: 'delivered, receipt spells the id in hexadecimal', textId: 'hex', carriedBy: 'text' },
  '0025': { meaning: 'delivered, receipt in parameters alone', carriedBy: 'tlv' },
  '0026': { meaning: 'delivered, receipt in text alone', carriedBy: 'text' },
  '0030': { meaning: 'delivered, the handset answers STOP', reply: { text: 'STOP' } },
  '0031': { meaning: 'delivered, the handset sends the text back', reply: 'echo' },
  '0032': {
    meaning: 'delivered, the handset answers in three parts',
    reply: { text: 'This answer is long enough to need three parts. '.repeat(8) },
  },
};

/** The outcome that a destination asks for. */
export function magicOutcome(destination: string): MagicOutcome | undefined {
  return MAGIC_NUMBERS[destination.slice(-4)];
}
