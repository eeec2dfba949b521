// What the simulated SMSC does, as one value that may be changed while it runs.
import type { ReceiptState } from '@sotto/smpp';

/** A time in milliseconds, or a range from which each use draws evenly. */
export type Duration = number | { readonly minMs: number; readonly maxMs: number };

/**
 * Answers submissions with an error. A rule applies when every condition it names holds; rules are tried in order and
 * the first that applies decides.
 */
export interface ErrorRule {
  /** The command_status to answer; 0x58 throttled, 0x14 queue full, 0x0B invalid destination and so on. */
  readonly status: number;
  /** Chance from 0 to 1, drawn from the seed. */
  readonly probability?: number;
  /** Every nth submission, counted from 1 since the SMSC started. */
  readonly every?: number;
  /** Exactly these submissions, counted from 1. */
  readonly at?: readonly number[];
  /** Destinations that end so, or are equal. */
  readonly destinationEnds?: string;
  /** How often the rule applies before it is spent. */
  readonly times?: number;
}

export interface ReceiptBehaviour {
  /** `requested` honours registered_delivery; `never` and `always` do not look. */
  readonly send: 'requested' | 'never' | 'always';
  readonly state: ReceiptState;
  readonly errorCode: string;
  /** A share of messages that end otherwise; chance from 0 to 1. */
  readonly failing: {
    readonly probability: number;
    readonly state: ReceiptState;
    readonly errorCode: string;
  } | null;
  /** `before` sends the receipt ahead of submit_sm_resp, as real SMSCs sometimes do. */
  readonly order: 'after' | 'before';
  readonly delayMs: Duration;
  /** How often each receipt is sent. */
  readonly copies: number;
  /** Receipts are gathered up to this many, for at most 20 ms, and sent in drawn order; 0 or 1: as they come. */
  readonly shuffle: number;
  readonly carriedBy: 'text' | 'tlv' | 'both';
  /** The spelling of the id in the text and in receipted_message_id. */
  readonly textId: IdSpelling;
  readonly tlvId: IdSpelling;
  /** An ENROUTE notification goes first. */
  readonly intermediate: boolean;
  readonly command: 'deliver_sm' | 'data_sm';
  /** Quotes up to 20 octets of the message, as many SMSCs do. */
  readonly excerpt: boolean;
  /** A receipt answered "later" (0x08, 0x14, 0x58, 0x64), or not at all, comes again after this long. */
  readonly retryMs: number;
  /** How often one receipt is tried before it is given up. */
  readonly attemptsMax: number;
}

/** `padded` is decimal with leading zeros. */
export type IdSpelling = 'decimal' | 'hex' | 'upper_hex' | 'padded';

/** Ends connections. Counts begin anew on each connection. */
export interface DisconnectRule {
  readonly when:
    | { readonly submits: number }
    /** After this many octets received from, or sent to, the client: mid-PDU as a rule. */
    | { readonly octetsReceived: number }
    | { readonly octetsSent: number }
    /** Answers are withheld until this many submissions wait on the connection. */
    | { readonly openSubmits: number };
  readonly how: 'fin' | 'rst';
  /** How many connections are ended before the rule is spent. */
  readonly times: number;
}

/** A handset that answers what it gets. */
export interface ReplyRule {
  readonly destinationEnds?: string;
  /** Case is ignored; only texts this SMSC can decode are looked at. */
  readonly contains?: string;
  readonly text: string;
  readonly delayMs: Duration;
}

export interface Behaviour {
  /** Status of every bind; 0 lets in. */
  readonly bindStatus: number;
  readonly bindLatencyMs: Duration;
  /** False refuses bind_transceiver with 0x0D: only transmitter and receiver pairs are offered. */
  readonly transceivers: boolean;
  /** Time between a submission and its answer. */
  readonly latencyMs: Duration;
  /** Submissions above this rate are answered 0x58; null: no limit. One PDU is one part. */
  readonly partsPerSecond: number | null;
  /** With this many receipts outstanding, submissions are answered 0x14; null: no limit. */
  readonly queueMax: number | null;
  readonly errors: readonly ErrorRule[];
  /** The spelling of the id in submit_sm_resp. */
  readonly responseId: IdSpelling;
  /** Submissions are taken but never answered; enquire_link is. */
  readonly withholdAnswers: boolean;
  /** TCP stays up, nothing is ever answered, enquire_link included. */
  readonly blackHole: boolean;
  /** Reads no faster than this; null: as fast as it can. */
  readonly readOctetsPerSecond: number | null;
  readonly disconnect: DisconnectRule | null;
  readonly receipts: ReceiptBehaviour;
  readonly replies: readonly ReplyRule[];
  /** The last four digits of a destination choose its outcome: see README. */
  readonly magicNumbers: boolean;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  bindStatus: 0,
  bindLatencyMs: 0,
  transceivers: true,
  latencyMs: 0,
  partsPerSecond: null,
  queueMax: null,
  errors: [],
  responseId: 'decimal',
  withholdAnswers: false,
  blackHole: false,
  readOctetsPerSecond: null,
  disconnect: null,
  receipts: {
    send: 'requested',
    state: 'delivered',
    errorCode: '000',
    failing: null,
    order: 'after',
    delayMs: 0,
    copies: 1,
    shuffle: 0,
    carriedBy: 'both',
    textId: 'decimal',
    tlvId: 'decimal',
    intermediate: false,
    command: 'deliver_sm',
    excerpt: true,
    retryMs: 200,
    attemptsMax: 100_000,
  },
  replies: [],
  magicNumbers: false,
};

/** Settings to change; `receipts` may be partial too. */
export type BehaviourChange = Partial<Omit<Behaviour, 'receipts'>> & {
  readonly receipts?: Partial<ReceiptBehaviour>;
};

/** The behaviour after a change. Throws TypeError for a setting that does not exist: a typo must not pass quietly. */
export function changeBehaviour(from: Behaviour, change: BehaviourChange): Behaviour {
  refuseUnknown(change, DEFAULT_BEHAVIOUR, '');
  if (change.receipts) refuseUnknown(change.receipts, DEFAULT_BEHAVIOUR.receipts, 'receipts.');
  return { ...from, ...change, receipts: { ...from.receipts, ...change.receipts } };
}

function refuseUnknown(change: object, known: object, path: string): void {
  for (const key of Object.keys(change))
    if (!(key in known)) throw new TypeError(`the simulator has no setting ${path}${key}`);
}

/** One length of a duration; `random` gives numbers from 0 up to 1. */
export function drawMs(duration: Duration, random: () => number): number {
  if (typeof duration === 'number') return duration;
  return duration.minMs + (duration.maxMs - duration.minMs) * random();
}
