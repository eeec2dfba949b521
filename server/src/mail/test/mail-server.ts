// A real mail server for tests, on a free port of this machine: it keeps what it takes, and answers as it is told.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly taken: Taken[];
  /** Answers of the coming RCPT commands, first to last; after them everything is taken. */
  readonly answers: { readonly code: number; readonly at: 'rcpt' | 'data' }[];
  /** Called when a mail is there and not yet answered. */
  onMail: () => Promise<void>;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const taken: Taken[] = [];
  const answers: { code: number; at: 'rcpt' | 'data' }[] = [];
  const refusal = (at: 'rcpt' | 'data') => {
    if (answers[0]?.at !== at) return null;
    return Object.assign(new Error('as the test wants it'), { responseCode: answers.shift()!.code });
  };
  const made: Pick<MailServer, 'onMail'> = { onMail: () => Promise.resolve() };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => done(refusal('rcpt')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope;
        const failed = refusal('data');
        if (failed) return done(failed);
        await made.onMail();
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  if (!listening.listening) await once(listening, 'listening');
  return Object.assign(made, {
    port: (listening.address() as AddressInfo).port,
    taken,
    answers,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
