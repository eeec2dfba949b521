// Mails that come in over SMTP (RFC 5321), for the sinks that are registered and for nobody else: it relays nothing.
//
//   connected --too many, or too often--> 421
//   MAIL --an address nobody can be answered at--> 550          RCPT --not ours--> 550
//   DATA --too large--> 552
//        --line breaks that make two mails of one, too complex, a loop--> 554
//        --from a machine--> 250, and dropped: nothing answers it
//        --taken before--> 250
//        --taken, after the commit--> 250
//        --no room, or a fault of ours--> 451, and it comes again
//
// Who a mail says it is from is believed by nobody. What it says is in no log.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { SMTPServerSession } from 'smtp-server';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Log } from '#platform/log';
import { counter } from '#platform/metrics';
import type { Keyring } from '#privacy';
import { addressFault, domainOf } from '../address.ts';
import { noteArrival } from './arrival.sql.ts';
import type { InboundAddress, MailSink, Sunk } from './mail-sink.ts';
import { memoryRate, type Rate } from './memory-rate.ts';
import { MAIL_OCTETS_MAX, type MailFault, type ReadMail, readMail } from './read-mail.ts';

const SILENCE_MAX_MS = 60_000;
/** Who trickles never falls silent. */
const CONNECTION_MAX_MS = 600_000;
const DRAIN_MAX_MS = 5_000;
/** Octets of a mail that is too large which are still read, so that its sender hears the answer. */
const OVERSIZE_READ_MAX = 4 * MAIL_OCTETS_MAX;

export interface InboundBounds {
  readonly connections: number;
  readonly connectionsOfAddress: number;
  readonly recipients: number;
  /** Of one connection. */
  readonly commands: number;
  /** Mails of one network address, and of one sender. */
  readonly perAddress: Rate;
  readonly perSender: Rate;
}

const BOUNDS: InboundBounds = {
  connections: 40,
  connectionsOfAddress: 10,
  recipients: 10,
  commands: 500,
  // A mail server in front of this one brings everybody's.
  perAddress: { burst: 60, everyMs: 3_000 },
  perSender: { burst: 10, everyMs: 300_000 },
};

export interface SmtpListenerOptions {
  readonly db: Pick<Database, 'batch'>;
  readonly keyring: Keyring;
  readonly log: Log;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How the server calls itself: the domain it takes mail for. */
  readonly name: string;
  /** For STARTTLS; without one it is not offered. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly sinks: readonly [MailSink, ...MailSink[]];
  /** Addresses of our own, whose mails come back to us. */
  readonly ours: readonly string[];
  /** What network addresses are counted by. */
  readonly prefixOf: (address: string) => string;
  readonly bounds?: Partial<InboundBounds>;
}

export interface SmtpListener {
  start(): Promise<{ readonly port: number }>;
  /** Takes no more, and lets what is under way end. */
  stop(): Promise<void>;
}

/** What became of a mail. */
const OUTCOMES = [
  'taken',
  'repeated',
  'automatic',
  'dropped',
  'later',
  'failed',
  'too_large',
  'refused',
  'too_often',
] as const;
type Outcome = (typeof OUTCOMES)[number];

const counted = counter({
  name: 'sotto_mail_inbound_total',
  help: 'Mails that came in by what became of them',
  labels: { outcome: OUTCOMES },
});
const attachmentsDropped = counter({
  name: 'sotto_mail_inbound_attachments_total',
  help: 'Attachments of mails that came in, which are not kept',
});

/** Listens once it is started. Whatever comes over the wire is an answer of SMTP and never a fault of the process. */
export function smtpListener(options: SmtpListenerOptions): SmtpListener {
  const { sinks, prefixOf, log } = options;
  const bounds = { ...BOUNDS, ...options.bounds };
  const perAddress = memoryRate(bounds.perAddress);
  const perSender = memoryRate(bounds.perSender);
  const open = new Map<string, { readonly prefix: string; commands: number; readonly end: NodeJS.Timeout }>();
  const underway = new Set<Promise<unknown>>();
  const sinkOf = (address: string) => {
    const to = inboundAddress(address);
    const sink = to && sinks.find((each) => each.takes(to));
    return to && sink ? { to, sink } : null;
  };

  // Read where mail is taken in, which few processes do.
  const { SMTPServer }: typeof import('smtp-server') = createRequire(import.meta.url)('smtp-server');
  const server = new SMTPServer({
    name: options.name,
    banner: 'ready',
    authOptional: true,
    disabledCommands: [
      ...['AUTH', 'XCLIENT', 'XFORWARD', 'HELP', 'WIZ', 'SHELL', 'KILL'],
      ...(options.tls ? [] : ['STARTTLS']),
    ],
    ...options.tls,
    minVersion: 'TLSv1.2',
    hideENHANCEDSTATUSCODES: false,
    hideSMTPUTF8: false,
    // Who writes to us is asked of no name server.
    disableReverseLookup: true,
    size: MAIL_OCTETS_MAX,
    maxClients: bounds.connections,
    maxRecipients: bounds.recipients,
    maxCommandLength: 4_096,
    socketTimeout: SILENCE_MAX_MS,
    closeTimeout: DRAIN_MAX_MS,
    // Nothing is logged here: the library calls it once a command, which is what is counted.
    logger: countingCommands((connectionId) => {
      const one = open.get(connectionId);
      if (one !== undefined && ++one.commands > bounds.commands) drop(connectionId);
    }),
    onConnect(session, done) {
      const prefix = prefixOf(session.remoteAddress);
      const already = [...open.values()].filter((each) => each.prefix === prefix).length;
      if (already >= bounds.connectionsOfAddress) return done(answer(421, 'Too many connections'));
      const end = setTimeout(() => drop(session.id), CONNECTION_MAX_MS).unref();
      open.set(session.id, { prefix, commands: 0, end });
      done();
    },
    onClose(session) {
      clearTimeout(open.get(session.id)?.end);
      open.delete(session.id);
    },
    onMailFrom({ address }, _session, done) {
      done(address === '' || senderOf(address) !== null ? null : answer(550, 'Nobody can be answered there'));
    },
    onRcptTo({ address }, _session, done) {
      done(sinkOf(address) === null ? answer(550, 'No such mailbox here') : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk);
        else if (stream.byteLength > OVERSIZE_READ_MAX) drop(session.id);
        else chunks.length = 0;
      });
      // A connection that ends within a mail: nothing was taken, and there is nobody to answer.
      stream.on('error', () => undefined);
      stream.on('end', () => {
        const work = received(session, stream.sizeExceeded ? null : Buffer.concat(chunks)).then((outcome) => {
          counted.add(1, { outcome: outcome.outcome });
          done('error' in outcome ? outcome.error : null);
        });
        underway.add(work);
        void work.finally(() => underway.delete(work));
      });
    },
  });
  // Whatever goes wrong with one connection ends that one.
  server.on('error', () => undefined);

  async function received(session: SMTPServerSession, raw: Buffer | null): Promise<Received> {
    if (raw === null) return { outcome: 'too_large', error: answer(552, 'Too large') };
    try {
      const { mailFrom, rcptTo } = session.envelope;
      const sender = mailFrom === false || mailFrom.address === '' ? null : senderOf(mailFrom.address);
      if (!perAddress(prefixOf(session.remoteAddress)) || (sender !== null && !perSender(sender)))
        return { outcome: 'too_often', error: answer(451, 'Too many mails, try again later') };
      const reading = await readMail(raw);
      if (reading.outcome === 'refused')
        return { outcome: 'refused', error: answer(554, SAID[reading.fault]) };
      const { mail } = reading;
      if (sender === null || mail.automatic || options.ours.includes(sender)) return { outcome: 'automatic' };
      const recipients = rcptTo.flatMap(({ address }) => sinkOf(address) ?? []);
      return await stored(sender, mail, recipients);
    } catch (error) {
      log.error('mail.inbound_failed', { error });
      return { outcome: 'failed', error: answer(451, 'Not now, try again later') };
    }
  }

  /** One transaction for all recipients: one answer stands for them. */
  async function stored(
    sender: string,
    mail: ReadMail,
    recipients: readonly { readonly to: InboundAddress; readonly sink: MailSink }[],
  ): Promise<Received> {
    try {
      const outcomes = await options.db.batch(async (tx) => {
        const sunk: (Sunk | 'repeated')[] = [];
        for (const { to, sink } of recipients) sunk.push(await takeOnce(tx, sender, mail, to, sink));
        return sunk;
      });
      attachmentsDropped.add(mail.attachments);
      return {
        outcome: (['taken', 'repeated', 'dropped'] as const).find((each) => outcomes.includes(each))!,
      };
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      return { outcome: 'later', error: answer(451, 'Not now, try again later') };
    }
  }

  async function takeOnce(
    tx: Tx,
    sender: string,
    mail: ReadMail,
    to: InboundAddress,
    sink: MailSink,
  ): Promise<Sunk | 'repeated'> {
    const { keyring } = options;
    const said = JSON.stringify([sender, to, mail.mark, mail.subject, mail.text]);
    const candidates = keyring.macCandidates(HASH, said);
    if (!(await noteArrival(tx, keyring.mac(HASH, said), candidates))) return 'repeated';
    const { subject, text, attachments } = mail;
    const sunk = await sink.take(tx, { id: newId(), to, sender, subject, text, attachments });
    // The mail is not noted either: it comes again.
    if (sunk === 'later') throw new NoRoom();
    return sunk;
  }

  function drop(connectionId: string): void {
    for (const connection of server.connections) if (connection.id === connectionId) connection.close();
  }

  return {
    async start() {
      const listening = server.listen(options.port, options.host);
      if (!listening.listening) await once(listening, 'listening');
      return { port: (listening.address() as AddressInfo).port };
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.allSettled(underway);
      for (const connection of server.connections) connection.send(421, 'Closing');
      await closed;
    },
  };
}

const HASH = 'mail.arrival.hash';

type Received =
  | { readonly outcome: Outcome }
  | { readonly outcome: Outcome; readonly error: ReturnType<typeof answer> };

class NoRoom extends Error {}

const SAID: Readonly<Record<MailFault, string>> = {
  bare_line_break: 'CR and LF come together',
  too_complex: 'Too many headers, lines or parts',
  loops: 'This mail goes round in circles',
};

/** What the library answers with. The text is ours: nothing of the mail comes back. */
const answer = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

/** An address of an envelope in the spelling that is stored; null when nobody can be answered there. */
function senderOf(address: string): string | null {
  const domain = domainToASCII(domainOf(address)).toLowerCase();
  const stored = `${address.slice(0, address.lastIndexOf('@')).normalize('NFC')}@${domain}`;
  return domain === '' || isIP(domain) !== 0 || addressFault(stored) !== null ? null : stored;
}

function inboundAddress(address: string): InboundAddress | null {
  const [local = '', domain = '', ...more] = address.toLowerCase().split('@');
  if (more.length > 0 || local === '' || domain === '') return null;
  const [name = '', ...tags] = local.split('+');
  return { name, tag: tags.length === 0 ? null : tags.join('+'), domain };
}

/** A log of the library that keeps nothing and counts commands. */
function countingCommands(onCommand: (connectionId: string) => void) {
  const silent = () => undefined;
  return {
    trace: silent,
    info: silent,
    warn: silent,
    error: silent,
    fatal: silent,
    debug(entry: unknown) {
      const { tnx, cid } = entry as { readonly tnx?: string; readonly cid?: string };
      if (tnx === 'command' && cid !== undefined) onCommand(cid);
    },
  };
}
