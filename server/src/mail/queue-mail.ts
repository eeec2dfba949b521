// Putting a mail into the outbox, in the transaction that made it true.
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { enqueue } from '#platform/jobs';
import type { Keyring, Place } from '#privacy';
import type { Purpose } from '#privacy/data-map';
import type { Processing, Verdict } from '#privacy/processing';
import { type AddressFault, addressFault } from './address.ts';
import { deleteMailsOf, insertMail } from './outbox.sql.ts';
import {
  lifeMsOf,
  type MailPurpose,
  type ParamsOf,
  type PurposeOf,
  TEMPLATES,
  type Template,
} from './params.ts';
import { sendMailJob } from './send-job.ts';
import type { Locale } from './wording.ts';

/** Whose mail it is: the identity key of this subject seals it, and its end ends the mail. */
export interface MailSubject {
  /** ticket: whoever wrote it by mail, and has no account. */
  readonly kind: 'workspace' | 'person' | 'ticket';
  readonly id: string;
}

/** What the policy calls the purposes of mail: a recipient of mails is declared for these. */
export const POLICY_PURPOSES = {
  service: 'contact',
  security: 'security',
  support: 'support',
  marketing: 'marketing',
} as const satisfies Readonly<Record<MailPurpose, Purpose>>;

/** Who answers whether marketing may be mailed to somebody; asked when it is queued and when it is sent. */
export interface MailLeave {
  marketing(tx: Tx, subject: MailSubject): Promise<Verdict | 'undeclared'>;
}

/**
 * Leave under a policy: its mail server has to be a recipient for marketing, and the subject has to want it. `declared`
 * are the purposes the policy sends mail for.
 */
export const mailLeave = (
  declared: ReadonlySet<string>,
  processing: Pick<Processing, 'mayProcess'>,
): MailLeave => ({
  marketing: async (tx, { kind, id }) =>
    declared.has('marketing') && kind !== 'ticket'
      ? processing.mayProcess(tx, { kind, id }, 'marketing')
      : 'undeclared',
});

export type NewMail<T extends Template> = {
  /** In the spelling that is stored: the domain in lower case A-labels. */
  readonly to: string;
  readonly template: T;
  readonly locale: Locale;
  readonly purpose: PurposeOf<T>;
  readonly params: ParamsOf<T>;
  readonly subject: MailSubject;
} & ('marketing' extends PurposeOf<T> ? { readonly leave: MailLeave } : { readonly leave?: never });

export type QueuedMail =
  | { readonly outcome: 'queued'; readonly id: string }
  | { readonly outcome: 'bad_address'; readonly reason: AddressFault }
  /** The subject was erased: there is nobody to write to. */
  | { readonly outcome: 'gone' }
  /** Marketing that the policy sends none of, or that its subject does not want or was not asked about. */
  | { readonly outcome: 'not_allowed'; readonly verdict: Exclude<Verdict, 'allowed'> | 'undeclared' };

/**
 * Queues a mail in the caller's transaction: it goes out after the commit, once as a rule, or not at all when the
 * transaction rolls back. Throws `feature_off` when the policy in force lists no such purpose, and an error for params
 * of another form than the template has. Not to be repeated: each call is another mail.
 */
export async function queueMail<T extends Template>(
  tx: Tx,
  keyring: Keyring,
  mail: NewMail<T>,
): Promise<QueuedMail> {
  const { template, locale, subject } = mail;
  const purpose: MailPurpose = mail.purpose;
  const terms = TEMPLATES[template];
  assertInvariant(
    (terms.purposes as readonly MailPurpose[]).includes(purpose),
    `a mail ${template} is not sent for ${purpose}`,
  );
  tx.demandPurpose(POLICY_PURPOSES[purpose]);
  const params = terms.params.parse(mail.params) as ParamsOf<T>;
  const fault = addressFault(mail.to);
  if (fault !== null) return { outcome: 'bad_address', reason: fault };
  if (purpose === 'marketing') {
    assertInvariant(mail.leave, 'marketing asks for leave');
    const verdict = await mail.leave.marketing(tx, subject);
    if (verdict !== 'allowed') return { outcome: 'not_allowed', verdict };
  }
  const [key] = await keyring.ensure([{ class: 'identity', subjectId: subject.id }]);
  if (key!.state === 'shredded') return { outcome: 'gone' };
  const id = newId();
  const written = Promise.all([
    insertMail(tx, {
      id,
      workspaceId: subject.kind === 'workspace' ? subject.id : null,
      personId: subject.kind === 'person' ? subject.id : null,
      ticketId: subject.kind === 'ticket' ? subject.id : null,
      template,
      locale,
      purpose,
      address: keyring.seal(mailPlace(keyring, 'address', id, subject.id), mail.to),
      params: keyring.seal(mailPlace(keyring, 'params', id, subject.id), JSON.stringify(params)),
      lifeMs: lifeMsOf(template, params),
    }),
    enqueue(tx, sendMailJob, { mail_id: id }),
  ]);
  await written.catch(refuseUnheld);
  return { outcome: 'queued', id };
}

/** SQLSTATE 23514: the guard of a policy that holds no addresses. Another check would be a fault of ours. */
function refuseUnheld(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23514' || !constraint?.startsWith('never_')) throw error;
  throw new AppError('feature_off', {
    detail: 'The privacy policy of this platform holds no e-mail addresses.',
  });
}

/** Deletes the mails of workspaces, persons or tickets that end, in the transaction that ends them. May be repeated. */
export async function endMailsOf(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  if (subjectIds.length > 0) await deleteMailsOf(tx, subjectIds);
}

/** Where the values of a mail are sealed. */
export const mailPlace = (
  keyring: Keyring,
  column: 'address' | 'params',
  mailId: string,
  subjectId: string,
): Place => ({
  column: `mail.outbox.${column}`,
  rowId: mailId,
  ownerId: subjectId,
  keyId: keyring.keyId({ class: 'identity', subjectId }),
});
