// Whose turn it is, and what becomes of the clock of the first answer. Pure; the caller brings the database's time.
//
//   (opened) ─► waiting_for_staff ─staff─► waiting_for_customer ─customer─► waiting_for_staff …
//   any open one ─close, or silence of the customer─► closed ─customer, within REOPENING_DAYS─► waiting_for_staff
//
//   first reply   waiting ─staff in time─► met
//                 waiting ─its time has passed─► missed
//                 waiting ─closed before its time─► not_needed ─opened again─► waiting, with the time it had
import { newId } from '#platform/ids';

export type TicketState = 'waiting_for_staff' | 'waiting_for_customer' | 'closed';
export type FirstReply = 'waiting' | 'met' | 'missed' | 'not_needed';

/** How long after its end a reply opens a ticket again. */
export const REOPENING_DAYS = 14;
/** A customer who says nothing for so long has their answer. */
export const SILENCE_DAYS = 14;
export const DAY_MS = 86_400_000;

/** The part of a ticket that changes. */
export interface Standing {
  readonly state: TicketState;
  readonly firstReply: FirstReply;
  readonly firstReplyDueAt: Date;
  readonly firstRepliedAt: Date | null;
  readonly replyDueAt: Date | null;
  readonly placeInLine: string | null;
  readonly closedAt: Date | null;
}

/** The customer wrote. `ended` when the ticket is closed for too long to be opened again. */
export function afterRequester(standing: Standing, now: Date, replyDueAt: Date): Standing | 'ended' {
  if (standing.state === 'waiting_for_staff') return standing;
  if (standing.closedAt !== null && now.getTime() > standing.closedAt.getTime() + REOPENING_DAYS * DAY_MS)
    return 'ended';
  const firstReply = standing.firstReply === 'not_needed' ? 'waiting' : standing.firstReply;
  // Closing and opening again buys nobody time: a first answer that is still owed keeps its own.
  const dueAt = firstReply === 'waiting' ? standing.firstReplyDueAt : replyDueAt;
  return {
    ...standing,
    state: 'waiting_for_staff',
    firstReply,
    replyDueAt: dueAt,
    placeInLine: placeInLine(dueAt),
    closedAt: null,
  };
}

/** Staff answered. The ticket must be open. */
export const afterStaff = (standing: Standing, now: Date): Standing => ({
  ...standing,
  ...(standing.firstReply === 'waiting' ? { firstReply: judged(standing, now) } : {}),
  firstRepliedAt: standing.firstRepliedAt ?? now,
  state: 'waiting_for_customer',
  replyDueAt: null,
  placeInLine: null,
});

/** The conversation ended. The ticket must be open. */
export const afterClosing = (standing: Standing, now: Date): Standing => ({
  ...standing,
  ...(standing.firstReply === 'waiting'
    ? { firstReply: judged(standing, now) === 'missed' ? 'missed' : 'not_needed' }
    : {}),
  state: 'closed',
  replyDueAt: null,
  placeInLine: null,
  closedAt: now,
});

/** An answer at the due moment is in time. */
const judged = ({ firstReplyDueAt }: Standing, now: Date): 'met' | 'missed' =>
  now.getTime() <= firstReplyDueAt.getTime() ? 'met' : 'missed';

/** A UUID of its own that sorts by the time it was made for: 48 bits of milliseconds, as in UUIDv7. */
export function placeInLine(dueAt: Date): string {
  const hex = dueAt.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`;
}
