// Homes of texts in memory: which processes are homes, and which home has an assignment's texts. Ids and epochs only.
// Each statement decides by the database's clock, so that a process that slept past its lease changes nothing.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

/** A dead home is removed, and what it held counted as lost, this long after its lease. */
const GRACE = `interval '2 seconds'`;

const REGISTER = statement<never>(
  'numbers.register_home',
  'operations',
  `insert into numbers.home (token, address, expires_at)
   values ($1::uuid, $2, (select platform.clock()) + $3::integer * interval '1 millisecond')`,
);

/** Makes this process a home under a name it drew. */
export const registerHome = (tx: Tx, token: string, address: string, leaseMs: number) =>
  tx.exec(REGISTER, [token, address, leaseMs]);

const BEAT = statement<{ token: string }>(
  'numbers.extend_home',
  'operations',
  `update numbers.home
      set expires_at = (select platform.clock()) + $3::integer * interval '1 millisecond', texts_held = $2::integer
    where token = $1::uuid and expires_at > (select platform.clock())
   returning token`,
);

/** Extends the lease and says how many texts would be lost with it; false when the lease is over. */
export const extendHome = async (tx: Tx, token: string, held: number, leaseMs: number): Promise<boolean> =>
  (await tx.exec(BEAT, [token, held, leaseMs])).length === 1;

const HELD = statement<never>(
  'numbers.record_texts_held',
  'operations',
  'update numbers.home set texts_held = $2::integer where token = $1::uuid',
);

export const recordHeld = (tx: Tx, token: string, held: number) => tx.exec(HELD, [token, held]);

const BURY = statement<{ texts_held: number }>(
  'numbers.bury_homes',
  'operations',
  `with dead as (
     delete from numbers.home h
      where h.token in (
        select d.token
          from numbers.home d
         where d.expires_at < (select platform.clock()) - ${GRACE}
            or d.token = $1::uuid
         order by d.token
         limit 100
           for update skip locked)
     returning h.texts_held
   ), lost as (
     update numbers.memory_loss l
        set texts = l.texts + d.texts, last_at = (select platform.clock())
       from (select sum(texts_held) as texts from dead) d
      where d.texts > 0
   )
   select texts_held from dead`,
);

/**
 * Removes homes whose lease has been over for a while, and the one that is named, and counts what they held as lost.
 * Returns how many texts. May be repeated: each home is counted once.
 */
export const buryHomes = async (tx: Tx, own: string | null): Promise<number> =>
  (await tx.exec(BURY, [own])).reduce((sum, row) => sum + row.texts_held, 0);

export interface HolderRow {
  readonly e164: string;
  readonly connector_id: string;
  readonly assignment_id: string;
  readonly workspace_id: string;
  readonly token: string | null;
  readonly epoch: bigint | null;
  /** Where the home listens; null when it is gone, or its lease is over. */
  readonly address: string | null;
}

const HOLDERS = statement<HolderRow>(
  'numbers.find_holders_and_homes',
  'delivery',
  `select n.e164, n.connector_id, a.id as assignment_id, a.workspace_id, ah.token, ah.epoch, h.address
     from numbers.number n
     join numbers.assignment a on a.number_id = n.id and a.during @> (select platform.clock())
     left join numbers.assignment_home ah on ah.assignment_id = a.id
     left join numbers.home h on h.token = ah.token and h.expires_at > (select platform.clock())
    where n.e164 = any($1::text[])
      and n.retired_at is null`,
);

/** Whose each number is at this moment, and which living home has its texts. */
export const selectHolders = (tx: Tx, numbers: readonly string[]) => tx.exec(HOLDERS, [arrays.text(numbers)]);

const TAKE = statement<never>(
  'numbers.take_assignments',
  'delivery',
  `insert into numbers.assignment_home (assignment_id, token)
   select distinct u.assignment_id, $1::uuid
     from unnest($2::uuid[]) as u(assignment_id)
    where exists (
            select from numbers.home own where own.token = $1::uuid and own.expires_at > (select platform.clock()))
    order by u.assignment_id
   on conflict (assignment_id) do update
      set token = excluded.token, epoch = assignment_home.epoch + 1
    where not exists (
            select
              from numbers.home h
             where h.token = assignment_home.token and h.expires_at > (select platform.clock()))`,
);

/** Takes assignments without a living home, each under its next epoch. Those that others have are left to them. */
export const takeAssignments = (tx: Tx, token: string, assignmentIds: readonly string[]) =>
  tx.exec(TAKE, [token, arrays.uuid(assignmentIds)]);

const HOMES_OF = statement<{ token: string; address: string }>(
  'numbers.find_homes_of_workspace',
  'service',
  `select distinct h.token, h.address
     from numbers.assignment a
     join numbers.assignment_home ah on ah.assignment_id = a.id
     join numbers.home h on h.token = ah.token and h.expires_at > (select platform.clock())
    where a.workspace_id = $1::uuid
    order by h.token
    limit 100`,
);

/** Living homes that may have texts of a workspace, also of numbers it has given back. By assignment_workspace. */
export const selectHomesOf = (tx: Tx, workspaceId: string) => tx.exec(HOMES_OF, [workspaceId]);

const LOSS = statement<{ texts: bigint }>(
  'numbers.read_memory_loss',
  'operations',
  'select l.texts from numbers.memory_loss l',
);

/** Texts that ended unread with the memory that held them, since the installation began. */
export const readLoss = async (tx: Tx): Promise<number> => Number((await tx.exec(LOSS, []))[0]!.texts);
