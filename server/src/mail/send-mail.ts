// One run of the job that sends a mail.
//
//   waiting --taken by the server--> sent
//   waiting --refused for good--> refused
//   waiting --not now--> waiting, later and later
//   waiting --its time is over--> expired
//   waiting --its subject is gone, or does not want it--> dropped
//
// Whatever the end, address and params go with it. A process that dies between the server's answer and the commit leaves
// the mail to another, which sends it again under the same Message-ID.
import { assertInvariant } from '#platform/errors';
import { backoffMs, defineJob, type JobContext, type Later } from '#platform/jobs';
import { word } from '#platform/log';
import { counter } from '#platform/metrics';
import type { Keyring } from '#privacy';
import { endMail, type MailEnd, noteAttempt, selectWaiting, type WaitingRow } from './outbox.sql.ts';
import { isTemplate, type MailPurpose, TEMPLATES, type Template } from './params.ts';
import { type MailLeave, type MailSubject, mailPlace, POLICY_PURPOSES } from './queue-mail.ts';
import { type Rendered, render } from './render.ts';
import { sendMailJob } from './send-job.ts';
import type { Letter, MailTransport } from './transport.ts';
import type { Locale } from './wording.ts';

const RETRY = { baseMs: 5_000, maxMs: 900_000 };
/** How long a mail sleeps while no mail server is set; a start with one finds it within this time. */
const NO_SERVER_MS = 60_000;

const counted = counter({
  name: 'sotto_mail_attempts_total',
  help: 'Attempts to send a mail by what came of them',
  labels: { outcome: ['sent', 'refused', 'dropped', 'expired', 'later'] },
});

export interface SendMailOptions {
  readonly keyring: Keyring;
  /** Null where no mail server is set: mails wait. */
  readonly transport: MailTransport | null;
  /** The name of the platform, as mails say it. */
  readonly service: string;
  /** The purposes the policy in force sends mail for: a mail queued under another policy may not go any more. */
  readonly declared: ReadonlySet<string>;
  /** Asked again before marketing goes out: a wish may have changed since. */
  readonly leave: MailLeave;
}

export const sendMailHandler = (options: SendMailOptions) =>
  defineJob({ ...sendMailJob, handler: (context, { mail_id }) => sendMail(context, options, mail_id) });

async function sendMail(
  context: JobContext,
  options: SendMailOptions,
  id: string,
): Promise<Later | undefined> {
  const { keyring, transport } = options;
  const row = await context.db.batch((tx) => selectWaiting(tx, id));
  if (row === undefined) return undefined;
  if (row.expired) return ended(context, id, 'expired');
  if (!(await maySend(context, options, row))) return ended(context, id, 'dropped');
  const letter = await letterOf(keyring, row, options.service);
  if (letter === null) return ended(context, id, 'dropped');
  if (transport === null) return { laterMs: NO_SERVER_MS };
  const delivery = await transport.send(letter, context.signal);
  if (delivery.outcome !== 'later') return ended(context, id, delivery.outcome, 1, delivery.answer);
  context.log.warn('mail.later', { reason: word(delivery.reason) });
  counted.add(1, { outcome: 'later' });
  await context.db.batch(async (tx) => {
    await context.guard(tx);
    await noteAttempt(tx, id, delivery.answer);
  });
  return { laterMs: backoffMs(RETRY, row.attempts + 1, Math.random()) };
}

/** The end of the mail and of its job are one commit. */
async function ended(
  context: JobContext,
  id: string,
  end: MailEnd,
  attempts = 0,
  answer: number | null = null,
): Promise<undefined> {
  await context.db.batch(async (tx) => {
    await context.finishIn(tx);
    await endMail(tx, id, end, attempts, answer);
  });
  counted.add(1, { outcome: end });
}

async function maySend(
  { db }: JobContext,
  { declared, leave }: SendMailOptions,
  row: WaitingRow,
): Promise<boolean> {
  const purpose = row.purpose as MailPurpose;
  if (!declared.has(POLICY_PURPOSES[purpose])) return false;
  if (purpose !== 'marketing') return true;
  return (await db.batch((tx) => leave.marketing(tx, subjectOf(row)))) === 'allowed';
}

function subjectOf({ workspace_id, person_id, ticket_id }: WaitingRow): MailSubject {
  if (workspace_id !== null) return { kind: 'workspace', id: workspace_id };
  if (person_id !== null) return { kind: 'person', id: person_id };
  assertInvariant(ticket_id !== null, 'a mail has a subject');
  return { kind: 'ticket', id: ticket_id };
}

/** The mail as it goes out; null once the key of its subject is destroyed, or its template is no more. */
async function letterOf(keyring: Keyring, row: WaitingRow, service: string): Promise<Letter | null> {
  const subject = subjectOf(row);
  const place = (column: 'address' | 'params') => mailPlace(keyring, column, row.id, subject.id);
  await keyring.load([place('address').keyId]);
  const [address, params] = [
    keyring.open(place('address'), row.address),
    keyring.open(place('params'), row.params),
  ];
  if (address.state === 'shredded' || params.state === 'shredded' || !isTemplate(row.template)) return null;
  const filled = TEMPLATES[row.template].params.safeParse(JSON.parse(params.plaintext.toString()));
  // Queued by a release whose template had another form.
  if (!filled.success) return null;
  const given = filled.data as { readonly replyTo?: string | null; readonly unsubscribe?: string };
  return {
    id: row.id,
    to: address.plaintext.toString(),
    locale: row.locale as Locale,
    replyTo: given.replyTo ?? null,
    unsubscribe: given.unsubscribe ?? null,
    ...renderAny(row.template, row.locale as Locale, filled.data, service),
  };
}

/** Params were parsed by the very template they are for. */
const renderAny = (template: Template, locale: Locale, params: unknown, service: string): Rendered =>
  render(template, locale, params as never, service);
