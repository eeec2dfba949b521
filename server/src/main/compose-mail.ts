// How mail leaves this installation: over the mail server that is set, into a mailbox of development, or not yet.
import type { Policy } from '@sotto/policy';
import {
  type DevelopmentMailbox,
  developmentMailbox,
  mailLeave,
  mailPurposes,
  type Sender,
  smtpServerOf,
  smtpTransport,
} from '#mail';
import { type SendMailOptions, sendMailHandler } from '#mail/jobs';
import type { Config } from '#platform/config';
import type { Check } from '#platform/readiness';
import type { Keyring } from '#privacy';
import type { Processing } from '#privacy/processing';
import { UNNAMED } from './compose-accounts.ts';

export interface ComposedMail {
  /** Null unless mails of this process stay in its memory, for development. */
  readonly mailbox: DevelopmentMailbox | null;
  readonly jobs: readonly ReturnType<typeof sendMailHandler>[];
  /** Whether mail that is queued can leave at all. */
  readonly check: Check;
}

/** `isOn` says whether the policy has mail: where it has not, nothing is sent whatever is configured. */
export function composeMail(
  { production, smtpUrl, mailFrom }: Pick<Config, 'production' | 'smtpUrl' | 'mailFrom'>,
  policy: Policy,
  isOn: boolean,
  { keyring, processing }: { readonly keyring: Keyring; readonly processing: Processing },
): ComposedMail {
  const mailbox = smtpUrl === undefined && !production ? developmentMailbox() : null;
  const declared = mailPurposes(policy);
  const options: SendMailOptions = {
    keyring,
    transport:
      smtpUrl === undefined || mailFrom === undefined
        ? mailbox
        : smtpTransport(smtpServerOf(smtpUrl.reveal()), mailFrom satisfies Sender),
    service: mailFrom?.name ?? UNNAMED,
    declared,
    leave: mailLeave(declared, processing),
  };
  return {
    mailbox,
    jobs: isOn ? [sendMailHandler(options)] : [],
    check: () => (isOn && options.transport === null ? 'no mail server is set, so mail waits' : undefined),
  };
}
