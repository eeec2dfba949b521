// Content kept until its message has ended (`until_final`). Such a message carries `erase_by`, the latest moment; it is
// erased when no part of it is queued or open. A message without it is kept by the day and touched by nothing here.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { idBounds } from './id-bounds.ts';

const LOCK = statement<{ id: string }>(
  'messages.lock_ending',
  'service',
  `select m.id
     from messages.message m
    where m.id = any($1::uuid[])
      and m.id between $2 and $3
      and m.erase_by is not null
    order by m.id
      for update`,
);

const ERASE = statement<{ id: string }>(
  'messages.erase_final',
  'service',
  `update messages.message m
      set recipient = null, recipient_index = null, body = null, annotations = null, erase_by = null,
          erased_at = coalesce(m.erased_at, (select platform.clock()))
    where m.id = any($1::uuid[])
      and m.id between $2 and $3
      and m.erase_by is not null
      and not exists (select from messages.queue q where q.message_id = m.id)
      and not exists (
            select
              from messages.part p
             where p.message_id = m.id and p.message_id between $2 and $3
               and (p.status = 'submitted' or p.undecided))
      and (m.closed_as is not null
           or m.segments = (
                select count(*) from messages.part p where p.message_id = m.id and p.message_id between $2 and $3))
   returning m.id`,
);

/**
 * Erases content and recipient of those of these messages that have ended and are kept until then; returns them. In
 * the transaction that ended them, after its other statements. Two transactions that end the last two parts of one
 * message meet at its row, and the second one sees what the first one wrote. May be repeated.
 */
export async function eraseFinal(tx: Tx, messageIds: readonly string[]): Promise<string[]> {
  if (messageIds.length === 0) return [];
  const values = [arrays.uuid(messageIds), ...idBounds(messageIds)];
  const [, erased] = await Promise.all([tx.exec(LOCK, values), tx.exec(ERASE, values)]);
  return erased.map(({ id }) => id);
}

export interface Keeping {
  readonly id: string;
  readonly erase_by: Date;
}

const KEPT = statement<Keeping>(
  'messages.find_kept_until_final',
  'service',
  `select m.id, m.erase_by
     from messages.message m
    where m.erase_by is not null
      and (m.erase_by, m.id) > ($1::timestamptz, $2::uuid)
    order by m.erase_by, m.id
    limit $3`,
);

/** Messages kept until their end, behind a place, in the order of their latest moments. By message_erase_by. */
export const findKept = (tx: Tx, after: Keeping, limit: number): Promise<Keeping[]> =>
  tx.exec(KEPT, [after.erase_by, after.id, limit]);

const OVERDUE = statement<{ id: string }>(
  'messages.find_content_overdue',
  'service',
  `select m.id
     from messages.message m
    where m.erase_by <= (select platform.clock())
    order by m.erase_by, m.id
    limit $1`,
);

/** Messages whose latest moment has come, whatever became of them. By message_erase_by. */
export const findOverdue = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(OVERDUE, [limit])).map(({ id }) => id);

const ERASE_OVERDUE = statement<never>(
  'messages.erase_overdue',
  'service',
  `update messages.message m
      set recipient = null, recipient_index = null, body = null, annotations = null, erase_by = null,
          erased_at = coalesce(m.erased_at, (select platform.clock()))
    where m.id = any($1::uuid[])
      and m.id between $2 and $3
      and m.erase_by <= (select platform.clock())`,
);

export const eraseOverdueOf = (tx: Tx, messageIds: readonly string[]): Promise<never[]> =>
  tx.exec(ERASE_OVERDUE, [arrays.uuid(messageIds), ...idBounds(messageIds)]);
