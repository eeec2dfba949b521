// The port through which mails leave, and what may come of one.
import type { Locale } from './wording.ts';

/** An address of ours, with the name people see beside it. */
export interface Sender {
  readonly name: string | null;
  readonly address: string;
}

/** A mail ready to go: addresses are what `addressFault` lets pass, the subject is one line. */
export interface Letter {
  /** Names the mail in its Message-ID: a repeated copy has the same. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly locale: Locale;
  readonly replyTo: string | null;
  /** Where marketing is ended (RFC 2369 §3.2). */
  readonly unsubscribe: string | null;
}

export type Delivery =
  /** The server took it over. */
  | { readonly outcome: 'sent'; readonly answer: number | null }
  /** Not now: worth another try. It may have arrived all the same. */
  | { readonly outcome: 'later'; readonly answer: number | null; readonly reason: LaterReason }
  /** The server will not take this mail. */
  | { readonly outcome: 'refused'; readonly answer: number | null };

export type LaterReason = 'unreachable' | 'tls' | 'login' | 'temporary' | 'broken';

export interface MailTransport {
  /** Makes one attempt. Whatever the other side does is an outcome; rejects when `signal` aborts. */
  send(letter: Letter, signal: AbortSignal): Promise<Delivery>;
}

/** RFC 5322 §3.6.4: unique for ever, since ids are. */
export const messageIdOf = ({ id }: Pick<Letter, 'id'>, domain: string): string => `<${id}@${domain}>`;
