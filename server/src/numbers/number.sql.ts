// Statements on numbers.number and numbers.assignment. All are rare; `tx` is a sotto_batch transaction unless said.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export const NUMBER_STATUSES = ['available', 'leased', 'cooling', 'quarantined', 'retired'] as const;
export type NumberStatus = (typeof NUMBER_STATUSES)[number];

export interface NumberRow {
  readonly id: string;
  readonly e164: string;
  readonly connector_id: string;
  readonly capability: string;
  readonly status: string;
  readonly workspace_id: string | null;
  readonly assigned_at: Date | null;
  readonly available_at: Date | null;
  readonly retired_at: Date | null;
  readonly created_at: Date;
}

/**
 * A number with its state at this moment. The assignment in force comes from the exclusion constraint's index, which
 * allows one at most.
 */
const NUMBER = `
  select n.id,
         n.e164,
         n.connector_id,
         n.capability,
         case
           when n.retired_at is not null then 'retired'
           when a.id is not null and a.taken_back_at is null then 'leased'
           when a.id is not null then 'cooling'
           when n.quarantined_until > t.now then 'quarantined'
           else 'available'
         end as status,
         a.workspace_id,
         lower(a.during) as assigned_at,
         case when n.retired_at is null and n.quarantined_until > t.now then n.quarantined_until end as available_at,
         n.retired_at,
         n.created_at
    from (select platform.clock() as now) t
   cross join numbers.number n
    left join numbers.assignment a on a.number_id = n.id and a.during @> t.now`;

const FIND = statement<NumberRow>('numbers.find_number', 'service', `${NUMBER} where n.id = $1::uuid`);

const PAGE = statement<NumberRow>(
  'numbers.list_numbers',
  'service',
  `select *
     from (${NUMBER} where $1::uuid is null or n.id < $1::uuid) page
    where $2::text is null or page.status = $2::text
    order by page.id desc
    limit $3::integer`,
);

/** Serialises every change of one number: the state read after it is the state until the transaction ends. */
const LOCK = statement<{ id: string }>(
  'numbers.lock_number',
  'operations',
  `select id from numbers.number where id = $1::uuid for update`,
);

const INSERT = statement<{ id: string }>(
  'numbers.insert_number',
  'operations',
  `insert into numbers.number (id, e164, connector_id, capability)
   values ($1::uuid, $2::text, $3::uuid, $4::text)
   on conflict (e164) where retired_at is null do nothing
   returning id`,
);

const ASSIGN = statement<unknown>(
  'numbers.insert_assignment',
  'service',
  `insert into numbers.assignment (id, number_id, workspace_id, during)
   values ($1::uuid, $2::uuid, $3::uuid, tstzrange((select platform.clock()), null))`,
);

/** The range keeps at least an instant, for an empty one would say the workspace never had the number. */
const TAKE_BACK = statement<{ number_id: string }>(
  'numbers.take_number_back',
  'service',
  `with ended as (
     update numbers.assignment a
        set taken_back_at = t.now,
            during = tstzrange(
              lower(a.during),
              greatest(t.now + $2::float8 * interval '1 millisecond', lower(a.during) + interval '1 microsecond'))
       from (select platform.clock() as now) t
      where a.number_id = $1::uuid
        and a.taken_back_at is null
     returning a.number_id, upper(a.during) as until
   )
   update numbers.number n
      set quarantined_until = ended.until + $3::float8 * interval '1 millisecond'
     from ended
    where n.id = ended.number_id
   returning n.id as number_id`,
);

const RETIRE = statement<unknown>(
  'numbers.retire_number',
  'operations',
  `update numbers.number set retired_at = (select platform.clock()) where id = $1::uuid and retired_at is null`,
);

const SENDABLE = statement<{ workspace_id: string; e164: string }>(
  'numbers.find_sendable',
  'delivery',
  `select a.workspace_id, n.e164
     from numbers.assignment a
     join numbers.number n on n.id = a.number_id
    where a.workspace_id = any($1::uuid[])
      and a.taken_back_at is null
      and n.capability = 'two_way'
      and n.retired_at is null`,
);

/** Who has which number at this moment, for texts that came in; by number_in_use and the exclusion constraint. */
const HOLDERS = statement<{ e164: string; connector_id: string; number_id: string; workspace_id: string }>(
  'numbers.find_holders',
  'delivery',
  `select n.e164, n.connector_id, n.id as number_id, a.workspace_id
     from numbers.number n
     join numbers.assignment a on a.number_id = n.id and a.during @> (select platform.clock())
    where n.e164 = any($1::text[])
      and n.retired_at is null`,
);

export const findNumberRow = async (tx: Tx, id: string): Promise<NumberRow | undefined> =>
  (await tx.exec(FIND, [id]))[0];

export const selectNumberPage = (
  tx: Tx,
  before: string | null,
  status: string | null,
  limit: number,
): Promise<NumberRow[]> => tx.exec(PAGE, [before, status, limit]);

/** Locks the number and reads it under the lock. Undefined when there is none. */
export async function lockNumber(tx: Tx, id: string): Promise<NumberRow | undefined> {
  const [, row] = await Promise.all([tx.exec(LOCK, [id]), findNumberRow(tx, id)]);
  return row;
}

/** False when the number is in the inventory already. */
export const insertNumber = async (
  tx: Tx,
  number: { id: string; e164: string; connectorId: string; capability: string },
): Promise<boolean> =>
  (await tx.exec(INSERT, [number.id, number.e164, number.connectorId, number.capability])).length === 1;

export const insertAssignment = async (tx: Tx, id: string, numberId: string, workspaceId: string) => {
  await tx.exec(ASSIGN, [id, numberId, workspaceId]);
};

export const endAssignment = async (tx: Tx, numberId: string, coolingMs: number, quarantineMs: number) => {
  await tx.exec(TAKE_BACK, [numberId, coolingMs, quarantineMs]);
};

export const setRetired = async (tx: Tx, numberId: string) => {
  await tx.exec(RETIRE, [numberId]);
};

export const selectSendable = (tx: Tx, workspaceIds: Buffer) => tx.exec(SENDABLE, [workspaceIds]);

export const selectHolders = (tx: Tx, numbers: Buffer) => tx.exec(HOLDERS, [numbers]);
