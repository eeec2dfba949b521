// The mail server as a recipient the policy has to declare. It is reached past the egress client, as carriers are.
import type { EgressFact, Policy } from '@sotto/policy';
import type { Purpose } from '#privacy/data-map';
import { POLICY_PURPOSES } from './queue-mail.ts';
import type { SmtpServerAddress } from './smtp-transport.ts';

/** A policy names its mail server under this key of `recipients`. */
const MAIL_RECIPIENT = 'mail_provider';

/** What the policy sends mail for: the purposes of its mail server. Empty where it names none. */
export const mailPurposes = ({ recipients }: Pick<Policy, 'recipients'>): ReadonlySet<Purpose> =>
  new Set(recipients[MAIL_RECIPIENT]?.purposes ?? []);

/**
 * Facts for the boot gate: one for each purpose a mail may go out for. Marketing goes out where the policy declares it
 * and nowhere else, so that elsewhere it is no fact. Empty where no mail server is set.
 */
export const mailRecipients = (
  server: Pick<SmtpServerAddress, 'host'> | null,
  declared: ReadonlySet<Purpose>,
): readonly EgressFact[] =>
  server === null
    ? []
    : Object.values<Purpose>(POLICY_PURPOSES)
        .filter((purpose) => purpose !== 'marketing' || declared.has(purpose))
        .map((purpose) => ({
          name: MAIL_RECIPIENT,
          purpose,
          hosts: [server.host],
          fields: ['to', 'subject', 'text', 'html'],
          categories: ['user.contact.email'],
          feature: 'email_accounts',
        }));
