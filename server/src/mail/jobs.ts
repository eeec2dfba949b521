// Work of mail for the job runner: sending, one job a mail.
export { type SendMailOptions, sendMailHandler } from './send-mail.ts';
