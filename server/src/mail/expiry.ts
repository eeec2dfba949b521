// The end of mails. What a mail held goes when it is sent; that it was sent goes a week after it was queued, or with its
// account where that comes first. Under a legal hold the row stays.
import { cutoffOf, type Due, type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { arrivalsStanding, expireArrivals } from './inbound/arrival.sql.ts';
import { expireMails, mailsStanding } from './outbox.sql.ts';

/** Longer than any mail is of use, and long enough to see why one did not arrive. */
const KEPT = 'P7D';

const mailExpiry: ExpiryHandler = {
  key: 'account',
  table: 'mail.outbox',
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, due) {
    return rowsExpired(await expireMails(tx, pastOf(due), due.held, due.limit), due.limit);
  },
  standing: (tx, due) => mailsStanding(tx, pastOf(due), due.held, due.limit),
};

/** The policy bounds the account; its mails go before it. */
const pastOf = ({ now }: Due): Date => cutoffOf(KEPT, now);

/** What is known of mails that came in, as long as of any other request: who sends again does so within hours. */
const arrivalExpiry: ExpiryHandler = {
  key: 'request',
  table: 'mail.arrival',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireArrivals(tx, before, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await arrivalsStanding(tx, before, limit)), held: 0 };
  },
};

/** For the engine of retention. */
export const mailExpiries: readonly ExpiryHandler[] = [mailExpiry, arrivalExpiry];
