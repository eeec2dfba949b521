// Statements on long texts that are not whole yet: their sets and their parts. All set-based.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

/** How long a closed set is remembered, so that a part sent again is known for a repeat. */
const REPEAT_WINDOW = `interval '15 minutes'`;
/** How long parts wait for the others. */
export const REASSEMBLY_MS = 86_400_000;
/** Open sets of one sender at one number, and of one number altogether. */
const OPEN_OF_SENDER_MAX = 16;
const OPEN_OF_NUMBER_MAX = 2_000;
/** Sets closed by one call: their keys must fit into one request to the keyring. */
export const SETS_AT_ONCE_MAX = 256;

/** In the order given, which is the same for everybody, so that no two callers wait for each other. */
const LOCK_TIES = statement<unknown>(
  'numbers.lock_ties',
  'delivery',
  `select pg_advisory_xact_lock(k) from unnest($1::bigint[]) as k`,
);

/** One caller at a time decides about the parts of a tie, also when there is no row of it yet. */
export async function lockTies(tx: Tx, setIndexes: readonly Buffer[]): Promise<void> {
  const keys = [...new Set(setIndexes.map((index) => index.readBigInt64BE(1)))];
  await tx.exec(LOCK_TIES, [arrays.bigint(keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)))]);
}

export interface SetPartRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly number_id: string;
  readonly set_index: Buffer;
  readonly sender: Buffer;
  readonly form: string;
  readonly total: number;
  readonly opened_at: Date;
  readonly closed: boolean;
  readonly sequence: number | null;
  readonly content: Buffer | null;
}

const SET_PARTS = `
  select s.id, s.workspace_id, s.number_id, s.set_index, s.sender, s.form, s.total,
         s.opened_at, s.closed_at is not null as closed, p.sequence, p.content
    from numbers.inbound_set s
    left join numbers.inbound_part p on p.set_id = s.id`;

/** Sets of certain ties that still matter, newest first, a row for each part; by inbound_set_index. */
const SETS_OF_TIES = statement<SetPartRow>(
  'numbers.find_sets_of_ties',
  'delivery',
  `${SET_PARTS}
    where s.workspace_id = any($1::uuid[])
      and s.set_index = any($2::bytea[])
      and (s.closed_at is null or s.closed_at > (select platform.clock()) - ${REPEAT_WINDOW})
    order by s.id desc
      for update of s`,
);

export const selectSetsOfTies = (tx: Tx, workspaceIds: readonly string[], setIndexes: readonly Buffer[]) =>
  tx.exec(SETS_OF_TIES, [arrays.uuid(workspaceIds), arrays.bytea(setIndexes)]);

/** Open sets by id, locked; those another transaction works on are left to it. */
const OPEN_SETS = statement<SetPartRow>(
  'numbers.find_open_sets',
  'delivery',
  `${SET_PARTS}
    where s.id = any($1::uuid[])
      and s.closed_at is null
    order by s.id
      for update of s skip locked`,
);

export const lockOpenSets = (tx: Tx, ids: readonly string[]) => tx.exec(OPEN_SETS, [arrays.uuid(ids)]);

export interface NewSet {
  readonly id: string;
  readonly workspaceId: string;
  readonly numberId: string;
  readonly setIndex: Buffer;
  readonly sender: Buffer;
  readonly senderIndex: Buffer;
  readonly form: string;
  readonly total: number;
}

const INSERT_SETS = statement<unknown>(
  'numbers.insert_sets',
  'delivery',
  `insert into numbers.inbound_set
     (id, workspace_id, number_id, set_index, sender, sender_index, form, total, opened_at)
   select u.id, u.workspace_id, u.number_id, u.set_index, u.sender, u.sender_index, u.form, u.total,
          (select platform.clock())
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[],
                 $8::smallint[])
       as u(id, workspace_id, number_id, set_index, sender, sender_index, form, total)`,
);

export const insertSets = (tx: Tx, sets: readonly NewSet[]) =>
  tx.exec(INSERT_SETS, [
    arrays.uuid(sets.map((set) => set.id)),
    arrays.uuid(sets.map((set) => set.workspaceId)),
    arrays.uuid(sets.map((set) => set.numberId)),
    arrays.bytea(sets.map((set) => set.setIndex)),
    arrays.bytea(sets.map((set) => set.sender)),
    arrays.bytea(sets.map((set) => set.senderIndex)),
    arrays.text(sets.map((set) => set.form)),
    arrays.smallint(sets.map((set) => set.total)),
  ]);

export interface NewPart {
  readonly setId: string;
  readonly sequence: number;
  readonly content: Buffer;
}

const INSERT_PARTS = statement<unknown>(
  'numbers.insert_parts',
  'delivery',
  `insert into numbers.inbound_part (set_id, sequence, content)
   select u.set_id, u.sequence, u.content
     from unnest($1::uuid[], $2::smallint[], $3::bytea[]) as u(set_id, sequence, content)`,
);

export const insertParts = (tx: Tx, parts: readonly NewPart[]) =>
  tx.exec(INSERT_PARTS, [
    arrays.uuid(parts.map((part) => part.setId)),
    arrays.smallint(parts.map((part) => part.sequence)),
    arrays.bytea(parts.map((part) => part.content)),
  ]);

const CLOSE_SETS = statement<unknown>(
  'numbers.close_sets',
  'delivery',
  `update numbers.inbound_set set closed_at = (select platform.clock())
    where id = any($1::uuid[]) and closed_at is null`,
);

export const markClosed = (tx: Tx, ids: readonly string[]) => tx.exec(CLOSE_SETS, [arrays.uuid(ids)]);

/** The oldest open sets beyond what a sender or a number may have open; by inbound_set_number. */
const SURPLUS = statement<{ id: string }>(
  'numbers.find_surplus_sets',
  'delivery',
  `select ranked.id
     from (
       select id,
              row_number() over (partition by number_id, sender_index order by id desc) as of_sender,
              row_number() over (partition by number_id order by id desc) as of_number
         from numbers.inbound_set
        where number_id = any($1::uuid[]) and closed_at is null
     ) ranked
    where ranked.of_sender > ${OPEN_OF_SENDER_MAX} or ranked.of_number > ${OPEN_OF_NUMBER_MAX}
    order by ranked.id
    limit ${SETS_AT_ONCE_MAX}`,
);

export const selectSurplus = async (tx: Tx, numberIds: readonly string[]): Promise<string[]> =>
  (await tx.exec(SURPLUS, [arrays.uuid(numberIds)])).map((row) => row.id);

const OVERDUE = statement<{ id: string }>(
  'numbers.find_overdue_sets',
  'delivery',
  `select id
     from numbers.inbound_set
    where closed_at is null and opened_at <= (select platform.clock()) - $2::bigint * interval '1 millisecond'
    order by opened_at
    limit $1::integer`,
);

/** Open sets that have waited `waitMs` or longer. */
export const selectOverdue = async (tx: Tx, limit: number, waitMs: number): Promise<string[]> =>
  (await tx.exec(OVERDUE, [limit, waitMs])).map((row) => row.id);

/** Takes the parts along. */
const FORGET = statement<{ id: string; workspace_id: string }>(
  'numbers.forget_sets',
  'delivery',
  `delete from numbers.inbound_set
    where id in (
      select id
        from numbers.inbound_set
       where closed_at <= (select platform.clock()) - ${REPEAT_WINDOW}
       order by closed_at
       limit $1::integer
         for update skip locked)
   returning id, workspace_id`,
);

export const deleteForgotten = (tx: Tx, limit: number) => tx.exec(FORGET, [limit]);
