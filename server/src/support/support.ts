// The face of support for the contexts above it and the wiring: cases by mail, exports, the end of a workspace.

export type { BusinessCalendar } from './business-calendar.ts';
export { firstReplyMissed, replied } from './events.ts';
export { endTicketsOf, keptUnder } from './expiry.ts';
export { exportTickets } from './export.ts';
export { type ReplyTerms, replyTermsOf } from './first-reply.ts';
export {
  type AppendedByMail,
  appendFromMail,
  type IncomingMail,
  type OpenedByMail,
  openFromMail,
  senderOf,
} from './mail-in.ts';
export type { Desk } from './opening.ts';
export { replyTokenOf } from './reply-token.ts';
