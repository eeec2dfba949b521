// Accounts nobody uses end, as the policy says (`account.inactivity`): a notice at each distance before the end, then
// closing; retention erases what is closed. Activity is known to the day, and the time counts from that day's
// beginning, so that nobody idle is kept longer than promised.
import { mayExceed } from '@sotto/policy/duration';
import type { Database } from '#platform/database';
import { emitAll } from '#platform/outbox';
import { cutoffOf, endOf, heldWorkspaces, type RetentionLimits } from '#privacy/retention';
import { NOW } from './api-key.sql.ts';
import { type ClosingMail, tellOfEnd } from './closing-mail.ts';
import { inactivityNotice } from './events.ts';
import { forgetNotices, lockIdle, noteNotices } from './inactivity.sql.ts';
import { closePeople, peopleOfWorkspaces } from './people/person.sql.ts';
import { endSessions } from './sessions/session.sql.ts';
import { closeWorkspace } from './workspaces.ts';

export interface InactivityTerms {
  /** ISO 8601, from the day of the last activity. */
  readonly after: string;
  /** How long before the end each notice goes out, ISO 8601. */
  readonly notify: readonly string[];
}

/** What the policy says, cut to the ceiling on an open account where that may come first. */
export function inactivityTerms(
  { after, notify }: InactivityTerms,
  limits: RetentionLimits,
): InactivityTerms {
  const account = limits.get('account');
  const isCut = account?.from === 'last_activity' && mayExceed(after, account.duration);
  return { after: isCut ? account.duration : after, notify };
}

export interface InactivityRun {
  readonly notices: number;
  readonly closed: readonly string[];
}

const AT_ONCE_MAX = 200;

/**
 * Sends the notices that are due and closes what has had all of them, one bounded batch of each; call it again while
 * `closed` or `notices` are many. Owners of what is closed are told so by mail, where they have an address. A notice that went out late puts the end off: the last one always leaves its whole
 * distance. May be repeated and run twice at once. Workspaces under a legal hold get notices and are not closed.
 */
export async function endInactive(
  db: Database,
  { after, notify }: InactivityTerms,
  closing: ClosingMail,
): Promise<InactivityRun> {
  return db.batch(async (tx) => {
    const now = (await tx.exec(NOW, []))[0]!.now;
    let notices = 0;
    for (const distance of notify) {
      const lastActiveOn = dayOf(cutoffOf(after, endOf(distance, now)));
      await forgetNotices(tx, distance, lastActiveOn);
      const told = await noteNotices(tx, distance, lastActiveOn, AT_ONCE_MAX);
      notices += told.length;
      if (told.length === 0) continue;
      await emitAll(
        tx,
        told.map((workspaceId) => ({
          name: inactivityNotice.name,
          payload: { workspace_id: workspaceId, distance },
        })),
      );
    }
    const last = shortest(notify, now);
    const idle = await lockIdle(
      tx,
      dayOf(cutoffOf(after, now)),
      await heldWorkspaces(tx),
      notify.map((distance) => ({ distance, sentBy: distance === last ? cutoffOf(distance, now) : now })),
      AT_ONCE_MAX,
    );
    for (const id of idle) {
      await tellOfEnd(tx, closing, id);
      await closeWorkspace(tx, id);
    }
    const people = await peopleOfWorkspaces(tx, idle);
    if (people.length > 0) await closePeople(tx, people);
    await endSessions(tx, people, null);
    return { notices, closed: idle };
  });
}

/** The notice that goes out last. */
const shortest = (distances: readonly string[], now: Date): string | undefined =>
  [...distances].sort((a, b) => endOf(a, now).getTime() - endOf(b, now).getTime())[0];

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
