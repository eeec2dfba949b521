// The port through which mails come in. Whoever wants some registers a sink; without one nothing listens.
import type { Tx } from '#platform/database';

/** An address of ours, apart: `support+tag@example.com`. */
export interface InboundAddress {
  /** In lower case. */
  readonly name: string;
  /** What stands after the first plus; null where there is none. */
  readonly tag: string | null;
  /** In lower case. */
  readonly domain: string;
}

export interface InboundMail {
  /** A UUID of its own, in the order of arrival. */
  readonly id: string;
  readonly to: InboundAddress;
  /** Where the server that brought it says it is from: good to answer to, and proof of nothing. */
  readonly sender: string;
  readonly subject: string;
  readonly text: string;
  /** Attachments that were not kept. */
  readonly attachments: number;
}

export type Sunk =
  | 'taken'
  /** Known, and of no use: it is not to come again. */
  | 'dropped'
  /** There is no room now: whoever sent it tries again. */
  | 'later';

export interface MailSink {
  /** Asked before the mail is sent: whether it is for this sink. */
  takes(address: InboundAddress): boolean;
  /**
   * Takes a mail in the transaction whose commit is the answer to who sent it. A mail comes once: the listener knows
   * repeated ones.
   */
  take(tx: Tx, mail: InboundMail): Promise<Sunk>;
}
