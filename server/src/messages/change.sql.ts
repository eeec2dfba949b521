// Changes a workspace asks for: cancelling what no carrier has, erasing content for good.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

// A row somebody else has locked is just being claimed, or its answer stored: then it is too late, for what this
// statement sees of the other parts is older than what is being written.
const CANCEL = statement<{ message_id: string }>(
  'messages.cancel',
  'service',
  `with waiting as materialized (
     select q.message_id, q.sequence, q.sender_token
       from messages.queue q
      where q.message_id = $2 and q.workspace_id = $1
        for update skip locked
   ), gone as (
     delete from messages.queue q
      using waiting w
      where q.message_id = w.message_id and q.sequence = w.sequence
        and not exists (select from waiting where sender_token is not null)
        and (select count(*) from waiting) = (
              select count(*) from messages.queue where message_id = $2 and workspace_id = $1)
        and not exists (select from messages.part p where p.message_id = $2)
     returning q.message_id
   )
   update messages.message m
      set closed_as = 'cancelled', closed_at = (select platform.clock())
     from (select distinct message_id from gone) g
    where m.id = g.message_id and m.workspace_id = $1
   returning m.id as message_id`,
);

/** Takes a message out of the queue if no part of it is claimed or gone; true when that was so. */
export const cancelQueued = async (tx: Tx, workspaceId: string, id: string): Promise<boolean> =>
  (await tx.exec(CANCEL, [workspaceId, id])).length === 1;

const ERASE = statement<{ id: string }>(
  'messages.erase_content',
  'service',
  `update messages.message m
      set recipient = null, recipient_index = null, body = null, annotations = null, erase_by = null,
          erased_at = coalesce(m.erased_at, (select platform.clock()))
    where m.workspace_id = $1
      and m.id = any($2::uuid[])
      and not exists (select from messages.queue q where q.message_id = m.id)
   returning m.id`,
);

/** Erases content and recipient of messages that are not waiting to be sent; returns those erased. */
export const eraseContent = async (tx: Tx, workspaceId: string, ids: readonly string[]): Promise<string[]> =>
  (await tx.exec(ERASE, [workspaceId, arrays.uuid(ids)])).map((row) => row.id);

const ERASE_AGAIN = statement<never>(
  'messages.erase_again',
  'service',
  `update messages.message m
      set recipient = null, recipient_index = null, body = null, annotations = null,
          erased_at = coalesce(m.erased_at, (select platform.clock()))
    where m.id = any($1::uuid[])
      and m.erased_at is null`,
);

/** Erases whatever of these messages is not erased, wherever they stand. */
export const eraseAgain = (tx: Tx, ids: readonly string[]) => tx.exec(ERASE_AGAIN, [arrays.uuid(ids)]);
