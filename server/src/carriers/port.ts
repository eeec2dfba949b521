// The port between `messages` and whatever carries messages away. The SMPP connector and the loopback fake both pass
// connector.contract.ts, so a caller that is right with one is right with the other.

/** Order of submission within a connector: the first lane that has a part is served. */
export const LANES = ['otp', 'transactional', 'marketing'] as const;
export type Lane = (typeof LANES)[number];

/** One segment, ready to be written. Connectors read it and keep it until its outcome; they never change it. */
export interface PartToSubmit {
  /** The caller's id, opaque here. */
  readonly id: string;
  readonly lane: Lane;
  /** E.164 with `+`. */
  readonly to: string;
  /** E.164 with `+`, a short code (digits), an alphanumeric name of at most 11 characters, or the carrier's choice. */
  readonly from: string | null;
  /** The text of this part alone. */
  readonly text: string;
  readonly encoding: 'gsm7' | 'ucs2';
  /** Null for a message of one part. `reference` is 0 to 65,535; connectors with 8-bit references use its low octet. */
  readonly concat: { readonly reference: number; readonly total: number; readonly sequence: number } | null;
  /** How long the carrier may try to deliver, counted from the submission; null for the carrier's default. */
  readonly validitySeconds: number | null;
}

/**
 * How the submission of one part ended. Every part given to `submit` gets exactly one:
 * - `accepted`: the carrier has it; its receipts name `carrierMessageId`, which is in the spelling that receipts are
 *   translated to (see receipts/message-ids.ts); empty where the carrier gave none;
 * - `refused`: the carrier (or, with status 0, our own check of what it can carry) said no: it is certainly not there;
 * - `unknown`: it was written and no answer came: it may be there, and may be delivered;
 * - `not_sent`: no octet of it was written: it can be queued again without any risk of a second copy.
 */
export type PartOutcome =
  | { readonly kind: 'accepted'; readonly carrierMessageId: string }
  | {
      readonly kind: 'refused';
      /** command_status of the answer; 0 when the connector refused before writing. */
      readonly status: number;
      /** Stable name of the reason, `ESME_RINVDSTADR` or `LOCAL_SENDER`: fit for logs, metrics and tables. */
      readonly errorCode: string;
      /** `throttled`: queue again, the connector has slowed down; `temporary`: queue again later; `permanent`: never. */
      readonly severity: RefusalSeverity;
    }
  | { readonly kind: 'unknown'; readonly reason: 'timeout' | 'lost' }
  | { readonly kind: 'not_sent' };

export type RefusalSeverity = 'permanent' | 'temporary' | 'throttled';

/** What a sender must know to cut a message for this connector. */
export interface ConnectorTraits {
  /** What data_coding 0 means there; a text that does not fit it goes as UCS-2. Pass to text's `segment`. */
  readonly defaultAlphabet: 'gsm7' | 'latin1' | 'ascii';
  /** Width of the reference that ties parts together; decides how much text a part holds. */
  readonly referenceBits: 8 | 16;
}

/**
 * How many parts beyond its capacity a connector takes and lets wait, or two windows if they are more: enough for a
 * caller that fetches a tenth of a second's worth at once.
 */
export const WAITING_PARTS = 1_000;

export interface Connector {
  /** Id of the row of `carriers.connector`; survives every change of its settings. */
  readonly id: string;
  /** The operator's name for it, a slug. */
  readonly name: string;
  readonly traits: ConnectorTraits;
  /** A snapshot, made when read. */
  readonly health: ConnectorHealth;
  /**
   * How many parts of this lane it will take now: free window, rate in parts per second, back-pressure. Part of the
   * window is kept for `otp`. Parts handed over and not yet written are already subtracted; parts the caller is still
   * fetching are not. Cheap enough to ask before every claim.
   */
  capacity(lane: Lane): number;
  /**
   * Registers a listener that is called, at most once a turn of the event loop, when capacity has grown from zero. Who has
   * more to give asks until it is zero: what grew before that is not told.
   */
  onCapacity(listener: () => void): void;
  /**
   * Takes parts and reports each one's outcome exactly once, always after this call has returned and in any order.
   * Never throws. Parts of better lanes overtake; within a lane the order is kept up to the writing. What exceeds the
   * capacity waits; beyond a bound, or while there is no bind, it comes back as `not_sent`.
   */
  submit(parts: readonly PartToSubmit[], onOutcome: (part: PartToSubmit, outcome: PartOutcome) => void): void;
}

/** What a person or a readiness check wants to know about one connector. Holds no secret and no number. */
export interface ConnectorHealth {
  /** `standby`: every bind is held by other processes. `throttled`: bound, but slowed down on the carrier's wish. */
  readonly state: 'connecting' | 'standby' | 'bound' | 'partly_bound' | 'throttled' | 'stopped';
  readonly bindsBound: number;
  /** Binds of all processes together, as configured. */
  readonly bindsConfigured: number;
  /** Submissions without an answer, and how many there may be over the bound binds. */
  readonly windowUsed: number;
  readonly windowMax: number;
  /** Parts taken and not yet written. */
  readonly waiting: number;
  /** Parts a second it allows itself now; null: as many as the window lets through. */
  readonly partsPerSecondLimit: number | null;
  /** Parts a second written, over the last five seconds. */
  readonly partsPerSecond: number;
  /** Milliseconds until it writes again after throttling; 0 when it is not pausing. */
  readonly throttledForMs: number;
  /** The last refusal of a part or a bind, by name, and what was being done. */
  readonly lastError: string | null;
  readonly binds: readonly BindHealth[];
}

export interface BindHealth {
  readonly slot: number;
  readonly state: BindState;
  /** How often this slot has been bound since the connector started. */
  readonly bounds: number;
  /** Failed attempts since it was last bound. */
  readonly failures: number;
  /** Why the last attempt or session ended, by name: `ESME_RINVPASWD`, `enquire_link_timeout`, `ECONNREFUSED`. */
  readonly lastError: string | null;
}

/** `leased_elsewhere`: another process holds this slot. `waiting`: backing off before the next attempt. */
export type BindState = 'leased_elsewhere' | 'connecting' | 'bound' | 'waiting' | 'draining' | 'closed';

/**
 * Where carriers hand what comes back. Registered once. Each call resolves after a durable commit; only then is the
 * carrier told OK. A rejection makes the carrier try again later (SMPP 0x64), so calls must bear repetition.
 */
export interface CarrierSinks {
  receipts(batch: readonly CarrierReceipt[]): Promise<void>;
  /** May answer for each item, in order: one that says false was not taken, and the carrier sends it alone again. */
  inbound(batch: readonly CarrierInbound[]): Promise<void> | Promise<readonly boolean[]>;
  /**
   * Answers that came after their part had been reported as `unknown` for want of one. Optional and best effort: an
   * `accepted` one names the id that the part's receipts will carry. Called within one turn of the event loop; what it
   * throws or rejects with is logged.
   */
  late?(answers: readonly LateAnswer[]): void | Promise<void>;
}

export interface LateAnswer {
  readonly connectorId: string;
  /** The id that the part was submitted with. */
  readonly partId: string;
  readonly outcome: Extract<PartOutcome, { kind: 'accepted' | 'refused' }>;
}

export type ReceiptState =
  | 'enroute'
  | 'accepted'
  | 'delivered'
  | 'expired'
  | 'deleted'
  | 'undeliverable'
  | 'rejected'
  | 'unknown';

export interface CarrierReceipt {
  readonly connectorId: string;
  /**
   * What `carrierMessageId` may have been, most certain first: carriers write one id in hexadecimal here and in
   * decimal there. One to six, none twice. The caller confirms a match by the destination where both are known.
   */
  readonly messageIds: readonly string[];
  /** How each candidate was made, in the same order; for `CarrierFleet.matched`. */
  readonly messageIdForms: readonly MessageIdForm[];
  /** The number the message was for, E.164 with `+`, where the receipt says it. */
  readonly destination: string | null;
  readonly state: ReceiptState;
  /** No later receipt is expected. False for intermediate notifications. */
  readonly final: boolean;
  /** The carrier's own error code as it wrote it, at most 32 characters; null without one or for "no error". */
  readonly errorCode: string | null;
  /** When the carrier says it happened. Its clock and zone are its own. */
  readonly at: Date | null;
}

/** How a candidate was made from the id in the receipt. */
export type MessageIdForm = 'exact' | 'hex_to_dec' | 'dec_to_hex';

export interface CarrierInbound {
  readonly connectorId: string;
  /** E.164 with `+` where the carrier says it is international; else as the carrier wrote it. */
  readonly from: string;
  readonly to: string;
  /** Null when the coding is binary or unknown. */
  readonly text: string | null;
  /** The body without its header: for joining parts before decoding, and all there is when `text` is null. */
  readonly octets: Buffer | null;
  readonly dataCoding: number;
  readonly concat: {
    readonly reference: number;
    readonly bits: 8 | 16;
    readonly total: number;
    readonly sequence: number;
  } | null;
}
