// Texts kept until they were read (`until_read`): what a reading leaves behind, and the erasure that follows it.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const MARK = statement<never>(
  'numbers.mark_read',
  'service',
  `update numbers.inbound i
      set erase_by = (select platform.clock()) + $5::bigint * interval '1 millisecond'
    where i.workspace_id = $1::uuid
      and i.id = any($2::uuid[])
      and i.id between $3::uuid and $4::uuid
      and i.erased_at is null
      and coalesce(i.erase_by, 'infinity') > (select platform.clock()) + $5::bigint * interval '1 millisecond'`,
);

/** Gives texts their end, `graceMs` from now. A text that ends sooner, as one read before does, keeps its end. */
export const markRead = (tx: Tx, workspaceId: string, ids: readonly string[], graceMs: number) => {
  const sorted = [...ids].sort();
  return tx.exec(MARK, [workspaceId, arrays.uuid(ids), sorted[0]!, sorted.at(-1)!, graceMs]);
};

const DUE = statement<{ id: string }>(
  'numbers.find_inbound_due',
  'service',
  `select i.id
     from numbers.inbound i
    where i.erase_by <= (select platform.clock())
    order by i.erase_by, i.id
    limit $1::integer`,
);

/** Texts whose end has come. By inbound_erase_by. */
export const selectDue = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(DUE, [limit])).map(({ id }) => id);

const ERASE = statement<{ id: string }>(
  'numbers.erase_inbound',
  'delivery',
  `with gone as (
     update numbers.inbound i
        set sender = null, sender_index = null, content = null, erase_by = null,
            erased_at = (select platform.clock())
      where i.id = any($1::uuid[])
        and i.id between $2::uuid and $3::uuid
        and i.erase_by <= (select platform.clock())
     returning i.id, i.set_id
   ), parts as (
     delete from numbers.inbound_set s
      using gone g
      where s.id = g.set_id
   )
   select id from gone`,
);

/** Erases sender and content of texts whose end has come, and the parts they were made of. */
export const eraseDueOf = (tx: Tx, ids: readonly string[]) => {
  const sorted = [...ids].sort();
  return tx.exec(ERASE, [arrays.uuid(ids), sorted[0]!, sorted.at(-1)!]);
};
