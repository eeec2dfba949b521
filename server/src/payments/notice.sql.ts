// Statements on the ids of notices.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Feed } from './port.ts';

const KNOWN = statement<{ feed: Feed; notice_id: string }>(
  'payments.known_notices',
  'billing',
  `select n.feed, n.notice_id
     from unnest($1::text[], $2::text[]) as named(feed, notice_id)
     join payments.notice n on n.feed = named.feed and n.notice_id = named.notice_id`,
);

interface NamedNotice {
  readonly feed: Feed;
  readonly noticeId: string;
}

/** Which of these have been taken before, by the unique constraint of both. */
export const knownNotices = (
  tx: Tx,
  notices: readonly NamedNotice[],
): Promise<{ feed: Feed; notice_id: string }[]> =>
  tx.exec(KNOWN, [
    arrays.text(notices.map(({ feed }) => feed)),
    arrays.text(notices.map(({ noticeId }) => noticeId)),
  ]);

export interface NewNotice {
  readonly id: string;
  readonly feed: Feed;
  readonly notice_id: string;
  readonly payment_id: string | null;
  readonly outcome: 'applied' | 'ignored' | 'kept';
}

const INSERT = statement<never>(
  'payments.insert_notices',
  'billing',
  `insert into payments.notice (id, feed, notice_id, payment_id, outcome)
   select *
     from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[])
       as n(id, feed, notice_id, payment_id, outcome)
       on conflict (feed, notice_id) do nothing`,
);

/** Leaves those that are there as they are; waits for one that is being taken. */
export const insertNotices = (tx: Tx, rows: readonly NewNotice[]): Promise<unknown> =>
  tx.exec(INSERT, [
    arrays.uuid(rows.map(({ id }) => id)),
    arrays.text(rows.map(({ feed }) => feed)),
    arrays.text(rows.map(({ notice_id }) => notice_id)),
    arrays.uuid(rows.map(({ payment_id }) => payment_id)),
    arrays.text(rows.map(({ outcome }) => outcome)),
  ]);
