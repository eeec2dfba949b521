// The face of mail: queueing, ending, the rule of an address, and what is needed to wire the sending.
export { type DevelopmentMailbox, developmentMailbox } from './development-mailbox.ts';
export type { InboundAddress, InboundMail, MailSink, Sunk } from './inbound/mail-sink.ts';
export { type SmtpListener, smtpListener } from './inbound/smtp-listener.ts';
export type { MailPurpose, ParamsOf, Template } from './params.ts';
export {
  endMailsOf,
  type MailLeave,
  type MailSubject,
  mailLeave,
  type NewMail,
  type QueuedMail,
  queueMail,
} from './queue-mail.ts';
export { mailPurposes, mailRecipients } from './recipients.ts';
export { type SmtpServerAddress, smtpServerOf, smtpTransport } from './smtp-transport.ts';
export type { MailTransport, Sender } from './transport.ts';
export type { Locale } from './wording.ts';
