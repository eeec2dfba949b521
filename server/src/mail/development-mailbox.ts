// Where mails go in development when no mail server is set: into the memory of this process, for whoever follows their
// links. Bounded; the oldest leave.
import type { MailTransport } from './transport.ts';
import type { Locale } from './wording.ts';

export interface DevelopmentMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly locale: Locale;
}

export interface DevelopmentMailbox extends MailTransport {
  /** The latest first. */
  list(): readonly DevelopmentMail[];
}

export const MAILS_KEPT_MAX = 100;

export function developmentMailbox(): DevelopmentMailbox {
  const mails: DevelopmentMail[] = [];
  return {
    async send({ id, to, subject, text, html, locale }) {
      mails.unshift({ id, to, subject, text, html, locale });
      mails.length = Math.min(mails.length, MAILS_KEPT_MAX);
      return { outcome: 'sent', answer: null };
    },
    list: () => [...mails],
  };
}
