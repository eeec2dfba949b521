// Statements on the ids of notices.
import { q, type Tx } from '#platform/database';
import { readerFor } from '#privacy/reading';
import type { Feed } from './port.ts';
import { payments } from './steward.ts';

const read = readerFor(payments);

export const isNoticeKnown = async (tx: Tx, feed: Feed, noticeId: string): Promise<boolean> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.notice')
        .select('id')
        .where('feed', '=', feed)
        .where('notice_id', '=', noticeId)
        .limit(1),
    )
  ).length > 0;

export interface NewNotice {
  readonly id: string;
  readonly feed: Feed;
  readonly notice_id: string;
  readonly payment_id: string | null;
  readonly outcome: 'applied' | 'ignored' | 'kept';
}

/** Leaves one that is there as it is; waits for one that is being taken. */
export const insertNotice = (tx: Tx, row: NewNotice): Promise<unknown> =>
  tx.run(
    q
      .insertInto('payments.notice')
      .values(row)
      .onConflict((conflict) => conflict.columns(['feed', 'notice_id']).doNothing()),
  );
