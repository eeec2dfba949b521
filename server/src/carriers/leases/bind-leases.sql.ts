// The leases of bind slots. Each statement decides by the database's clock and by token and epoch, so a process that
// slept past its lease changes nothing.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface SlotKey {
  readonly connectorId: string;
  readonly slot: number;
}
export interface HeldSlot extends SlotKey {
  readonly epoch: bigint;
}

interface Row {
  connector_id: string;
  slot: number;
  epoch: bigint;
}

const toHeld = (row: Row): HeldSlot => ({ connectorId: row.connector_id, slot: row.slot, epoch: row.epoch });

// Rows are locked in one order by every process, so that two of them cannot wait for each other.
const EXTEND = statement<Row>(
  'carriers.extend_leases',
  'operations',
  `with mine as (
     select l.connector_id, l.slot
       from carriers.bind_lease l
       join unnest($2::uuid[], $3::smallint[], $4::bigint[]) as h (connector_id, slot, epoch)
         on l.connector_id = h.connector_id and l.slot = h.slot and l.epoch = h.epoch
      where l.token = $1::uuid
      order by l.connector_id, l.slot
        for update of l
   )
   update carriers.bind_lease l
      set expires_at = (select platform.clock()) + $5::integer * interval '1 millisecond'
     from mine
    where l.connector_id = mine.connector_id and l.slot = mine.slot
   returning l.connector_id, l.slot, l.epoch`,
);

// Joined to the connector, because it may have been deleted while the process still wanted its slots.
const TAKE = statement<Row>(
  'carriers.take_leases',
  'operations',
  `insert into carriers.bind_lease (connector_id, slot, token, expires_at)
   select distinct w.connector_id, w.slot, $1::uuid, (select platform.clock()) + $4::integer * interval '1 millisecond'
     from unnest($2::uuid[], $3::smallint[]) as w (connector_id, slot)
     join carriers.connector c on c.id = w.connector_id and c.enabled and w.slot < c.binds
    order by w.connector_id, w.slot
   on conflict (connector_id, slot) do update
      set token = excluded.token, epoch = bind_lease.epoch + 1, expires_at = excluded.expires_at
    where bind_lease.token is null or bind_lease.expires_at <= (select platform.clock())
   returning connector_id, slot, epoch`,
);

const GIVE_BACK = statement<Row>(
  'carriers.give_back_leases',
  'operations',
  `update carriers.bind_lease l
      set token = null, expires_at = (select platform.clock())
     from unnest($2::uuid[], $3::smallint[], $4::bigint[]) as h (connector_id, slot, epoch)
    where l.connector_id = h.connector_id and l.slot = h.slot and l.epoch = h.epoch and l.token = $1::uuid
   returning l.connector_id, l.slot, l.epoch`,
);

const HELD = statement<{ slot: number }>(
  'carriers.read_held_slots',
  'operations',
  `select slot
     from carriers.bind_lease
    where connector_id = $1::uuid
      and token is not null
      and expires_at > (select platform.clock())`,
);

/** Slots of a connector that a living process holds at this moment. */
export const heldSlots = async (tx: Tx, connectorId: string): Promise<number[]> =>
  (await tx.exec(HELD, [connectorId])).map(({ slot }) => slot);

/** Extends the leases that are still ours and answers with those alone. */
export async function extendLeases(
  tx: Tx,
  token: string,
  held: readonly HeldSlot[],
  ttlMs: number,
): Promise<HeldSlot[]> {
  const rows = await tx.exec(EXTEND, [
    token,
    arrays.uuid(held.map(({ connectorId }) => connectorId)),
    arrays.smallint(held.map(({ slot }) => slot)),
    arrays.bigint(held.map(({ epoch }) => epoch)),
    ttlMs,
  ]);
  return rows.map(toHeld);
}

/** Takes the slots that nobody holds, each under its next epoch. */
export async function takeLeases(
  tx: Tx,
  token: string,
  wanted: readonly SlotKey[],
  ttlMs: number,
): Promise<HeldSlot[]> {
  const rows = await tx.exec(TAKE, [
    token,
    arrays.uuid(wanted.map(({ connectorId }) => connectorId)),
    arrays.smallint(wanted.map(({ slot }) => slot)),
    ttlMs,
  ]);
  return rows.map(toHeld);
}

/** Gives slots back ahead of time; those we no longer hold are left alone. May be repeated. */
export async function giveBackLeases(tx: Tx, token: string, held: readonly HeldSlot[]): Promise<void> {
  await tx.exec(GIVE_BACK, [
    token,
    arrays.uuid(held.map(({ connectorId }) => connectorId)),
    arrays.smallint(held.map(({ slot }) => slot)),
    arrays.bigint(held.map(({ epoch }) => epoch)),
  ]);
}
