// Statements on identity.access_window, and the line of what waits for a decision.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const TAKE = statement<{ ends_at: Date }>(
  'identity.take_check',
  'security',
  `insert into identity.access_window as w (check_id, holder_id, opened_at, ends_at)
   values ($1::uuid, $2::uuid, $3::timestamptz, $3::timestamptz + $4::integer * interval '1 minute')
   on conflict (check_id) do update
      set holder_id = excluded.holder_id,
          opened_at = excluded.opened_at,
          ends_at = excluded.ends_at
    where w.holder_id = excluded.holder_id
       or w.ends_at <= excluded.opened_at
   returning ends_at`,
);

/** Opens a window or begins it anew; undefined while somebody else holds one. */
export const takeWindow = async (
  tx: Tx,
  checkId: string,
  holderId: string,
  now: Date,
  minutes: number,
): Promise<Date | undefined> => (await tx.exec(TAKE, [checkId, holderId, now, minutes]))[0]?.ends_at;

const FIND = statement<{ ends_at: Date }>(
  'identity.find_window',
  'security',
  `select ends_at
     from identity.access_window
    where check_id = $1::uuid
      and holder_id = $2::uuid
      and ends_at > $3::timestamptz`,
);

/** When the window of this holder ends; undefined when none is open. */
export const findWindow = async (
  tx: Tx,
  checkId: string,
  holderId: string,
  now: Date,
): Promise<Date | undefined> => (await tx.exec(FIND, [checkId, holderId, now]))[0]?.ends_at;

const DELETE = statement<never>(
  'identity.delete_window',
  'operations',
  'delete from identity.access_window where check_id = $1::uuid',
);

export const deleteWindow = (tx: Tx, checkId: string) => tx.exec(DELETE, [checkId]);

export interface WaitingRow {
  readonly id: string;
  readonly kind: string;
  readonly submitted_at: Date;
  readonly place_in_line: string;
  readonly taken_until: Date | null;
}

const WAITING = statement<WaitingRow>(
  'identity.list_waiting_checks',
  'security',
  `select c.id, c.kind, c.submitted_at, c.place_in_line, w.ends_at as taken_until
     from identity.identity_check c
     left join identity.access_window w
       on w.check_id = c.id
      and w.ends_at > (select platform.clock())
    where c.place_in_line > $1::uuid
      and c.workspace_ended_at is null
    order by c.place_in_line
    limit $2::integer`,
);

const FIRST_PLACE = '00000000-0000-0000-0000-000000000000';

/** What waits after a place in the line, longest first, along the unique index on place_in_line. */
export const selectWaiting = (tx: Tx, after: string | null, limit: number): Promise<WaitingRow[]> =>
  tx.exec(WAITING, [after ?? FIRST_PLACE, limit]);
