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

/** For as long as mail servers go on trying (RFC 5321 §4.5.4.1), and a day. */
const REPEATED_WITHIN = 'P6D';

/** What is known of mails that came in goes before the cases they opened. */
const arrivalExpiry: ExpiryHandler = {
  key: 'ticket',
  table: 'mail.arrival',
  columns: 'row',
  counts: ['ticket_closed', 'created'],
  async expire(tx, { now, limit }) {
    return rowsExpired(await expireArrivals(tx, cutoffOf(REPEATED_WITHIN, now), limit), limit);
  },
  async standing(tx, { now, limit }) {
    return { ...(await arrivalsStanding(tx, cutoffOf(REPEATED_WITHIN, now), limit)), held: 0 };
  },
};

/** For the engine of retention. */
export const mailExpiries: readonly ExpiryHandler[] = [mailExpiry, arrivalExpiry];
