// Mails over SMTP (RFC 5321). One connection a mail; TLS is required to every host but this machine, and certificates are
// always checked. What is logged of a failure is a word of ours, never what the server said.
import type { Transporter } from 'nodemailer';
import { assertInvariant } from '#platform/errors';
import { addressFault, domainOf } from './address.ts';
import {
  type Delivery,
  type LaterReason,
  type Letter,
  type MailTransport,
  messageIdOf,
  type Sender,
} from './transport.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_MAX_MS = 30_000;
/** A server that trickles never falls silent. */
const SEND_TIMEOUT_MS = 60_000;
const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

export interface SmtpServerAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first octet on (RFC 8314 §3.3). */
  readonly secure: boolean;
  /** On this machine: nothing can listen in between, and a relay there often has no certificate. */
  readonly loopback: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

/** The parts of `smtp://user:password@host:587`, whose form the settings have checked. */
export function smtpServerOf(text: string): SmtpServerAddress {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const secure = url.protocol === 'smtps:';
  return {
    host,
    port: url.port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port),
    secure,
    loopback: ['localhost', '::1'].includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host),
    auth:
      url.username === ''
        ? null
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  };
}

/** How the server is spoken to; apart, so that a test sees what holds for hosts it cannot reach. Pure. */
export const connectionOptions = (server: SmtpServerAddress, ehlo: string) => ({
  host: server.host,
  port: server.port,
  secure: server.secure,
  requireTLS: !server.secure && !server.loopback,
  ignoreTLS: !server.secure && server.loopback,
  tls: { minVersion: 'TLSv1.2' as const, rejectUnauthorized: true },
  name: ehlo,
  ...(server.auth === null ? {} : { auth: { user: server.auth.user, pass: server.auth.pass } }),
  connectionTimeout: CONNECT_TIMEOUT_MS,
  greetingTimeout: CONNECT_TIMEOUT_MS,
  dnsTimeout: CONNECT_TIMEOUT_MS,
  socketTimeout: SILENCE_MAX_MS,
  disableFileAccess: true,
  disableUrlAccess: true,
  logger: false as const,
});

/** Sends over this server, as `from`. */
export function smtpTransport(server: SmtpServerAddress, from: Sender): MailTransport {
  const options = connectionOptions(server, domainOf(from.address));
  let made: Promise<MailTransport> | undefined;
  return {
    async send(letter, signal) {
      // Read with the first mail: a start need not wait for it.
      made ??= import('nodemailer').then(({ default: { createTransport } }) =>
        transportOver(createTransport(options), from),
      );
      return (await made).send(letter, signal);
    },
  };
}

/** The same over any transporter of the library. */
export function transportOver(transporter: Pick<Transporter, 'sendMail'>, from: Sender): MailTransport {
  return {
    async send(letter, signal) {
      const message = messageOf(letter, from);
      const deadline = AbortSignal.timeout(SEND_TIMEOUT_MS);
      try {
        const sent = await transporter.sendMail({ ...message, signal: AbortSignal.any([signal, deadline]) });
        return { outcome: 'sent', answer: codeOf(Number.parseInt(String(sent.response), 10)) };
      } catch (error) {
        signal.throwIfAborted();
        return deliveryOf(error as SmtpFailure);
      }
    },
  };
}

/** The message as the library takes it: addresses as parts, so that no text of ours is read as a list of them. */
export function messageOf(letter: Letter, from: Sender) {
  for (const address of [letter.to, letter.replyTo])
    assertInvariant(address === null || addressFault(address) === null, 'a mail goes to one address');
  for (const header of [letter.id, letter.subject, from.name ?? '', letter.unsubscribe ?? ''])
    assertInvariant(!/[\p{Cc}\u2028\u2029]/u.test(header), 'a header is one line');
  return {
    envelope: { from: from.address, to: [letter.to] },
    from: { name: from.name ?? '', address: from.address },
    to: { name: '', address: letter.to },
    ...(letter.replyTo === null ? {} : { replyTo: { name: '', address: letter.replyTo } }),
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: messageIdOf(letter, domainOf(from.address)),
    headers: {
      'Content-Language': letter.locale,
      // RFC 3834 §5: nobody's absence notice answers this.
      'Auto-Submitted': 'auto-generated',
      ...(letter.unsubscribe === null ? {} : { 'List-Unsubscribe': `<${letter.unsubscribe}>` }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
}

/** Failures that say nothing about this mail: the server is set up wrongly, or cannot be reached. */
const ABOUT_THE_SERVER: Readonly<Record<string, LaterReason>> = {
  EAUTH: 'login',
  ENOAUTH: 'login',
  EOAUTH2: 'login',
  ETLS: 'tls',
  EREQUIRETLS: 'tls',
  EDNS: 'unreachable',
  ECONNECTION: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ESOCKET: 'unreachable',
};

/** RFC 5321 §4.2.1: 4yz may be tried again, 5yz may not. */
function deliveryOf({ code = '', responseCode }: SmtpFailure): Delivery {
  const answer = codeOf(responseCode);
  const reason = ABOUT_THE_SERVER[code];
  if (reason !== undefined) return { outcome: 'later', answer, reason };
  if (answer === null) return { outcome: 'later', answer, reason: 'broken' };
  return answer >= 500 ? { outcome: 'refused', answer } : { outcome: 'later', answer, reason: 'temporary' };
}

const codeOf = (code: number | undefined): number | null =>
  code !== undefined && Number.isInteger(code) && code >= 200 && code <= 599 ? code : null;
