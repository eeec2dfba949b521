// Remembered answers. Ids are UUIDv7 and the table is cut by day, so bounds on the id keep a look-up within the
// partitions that can hold a living key. Within them the primary key (scope, key_mac, id) is used: a lateral
// look-up with limit 1, because a plain join of the arrays gets planned as a hash over the whole table.
import { arrays } from '../db/arrays.ts';
import type { Tx } from '../db/database.ts';
import { statement } from '../db/statement.ts';

export interface KeyName {
  /** The workspace (or platform principal) whose key it is. */
  readonly scope: string;
  /** 16 octets. */
  readonly keyMac: Buffer;
}

export interface RememberedAnswer extends KeyName {
  readonly id: string;
  /** 16 octets. */
  readonly requestMac: Buffer;
  /** HTTP status; null while undecided. */
  readonly status: number | null;
  /** Sealed; null while undecided. */
  readonly answer: Buffer | null;
}

/** How long a key is known, in hours: the promised 24 and as much again. */
export const KEYS_LIVE_HOURS = 48;

/** An id's time may run ahead of the database's clock by what two machines' clocks differ. */
const LOOK_UP = statement<RememberedAnswer>(
  'platform.look_up_idempotency_keys',
  'service',
  `select k.id, k.scope, k.key_mac as "keyMac", k.request_mac as "requestMac", k.status, k.answer
     from unnest($1::uuid[], $2::bytea[]) as u(scope, key_mac)
    cross join lateral (
      select i.id, i.scope, i.key_mac, i.request_mac, i.status, i.answer
        from platform.idempotency i
       where i.scope = u.scope
         and i.key_mac = u.key_mac
         and i.id >= (select platform.id_floor(platform.clock() - interval '${KEYS_LIVE_HOURS} hours'))
         and i.id < (select platform.id_floor(platform.clock() + interval '1 hour'))
       order by i.id
       limit 1
    ) k`,
);

/**
 * The answers of the keys that are known, in no particular order; a key that is not known has no row. The caller
 * must hold a lock that everybody takes who writes keys of these scopes, and must have taken it in an earlier
 * statement: the snapshot of a statement that locks is older than the lock.
 */
export const lookUp = (tx: Tx, keys: readonly KeyName[]): Promise<RememberedAnswer[]> =>
  tx.exec(LOOK_UP, [
    arrays.uuid(keys.map(({ scope }) => scope)),
    arrays.bytea(keys.map(({ keyMac }) => keyMac)),
  ]);

const REMEMBER = statement<unknown>(
  'platform.remember_idempotency_keys',
  'service',
  `insert into platform.idempotency (id, scope, key_mac, request_mac, status, answer)
   select u.id, u.scope, u.key_mac, u.request_mac, u.status, u.answer
     from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::smallint[], $6::bytea[])
       as u(id, scope, key_mac, request_mac, status, answer)`,
);

/** Remembers answers in the transaction that made them true. `id` is a fresh UUIDv7, its time the key's birth. */
export const remember = async (tx: Tx, rows: readonly RememberedAnswer[]): Promise<void> => {
  await tx.exec(REMEMBER, [
    arrays.uuid(rows.map(({ id }) => id)),
    arrays.uuid(rows.map(({ scope }) => scope)),
    arrays.bytea(rows.map(({ keyMac }) => keyMac)),
    arrays.bytea(rows.map(({ requestMac }) => requestMac)),
    arrays.smallint(rows.map(({ status }) => status)),
    arrays.bytea(rows.map(({ answer }) => answer)),
  ]);
};

const SET_LOCK_TIMEOUT = statement<unknown>(
  'platform.set_lock_timeout',
  'operations',
  `select set_config('lock_timeout', $1::text, true)`,
);
const LOCK = statement<unknown>(
  'platform.lock_idempotency_key',
  'operations',
  `select pg_advisory_xact_lock($1::bigint)`,
);

/** Waits for the key, at most `waitMs`, until the end of the transaction. Fails with SQLSTATE 55P03 when it is late. */
export const lockKey = (tx: Tx, number: bigint, waitMs: number): Promise<unknown> =>
  Promise.all([
    tx.exec(SET_LOCK_TIMEOUT, [String(waitMs)]),
    tx.exec(LOCK, [number.toString()]),
    tx.exec(SET_LOCK_TIMEOUT, ['0']),
  ]);

const DECIDE = statement<{ id: string }>(
  'platform.decide_idempotency_key',
  'service',
  `update platform.idempotency
      set status = $4::smallint, answer = $5::bytea
    where scope = $1::uuid
      and key_mac = $2::bytea
      and id = $3::uuid
      and status is null
   returning id`,
);

/** Gives an undecided key its answer; false when it had one. */
export const decideKey = async (
  tx: Tx,
  row: KeyName & { readonly id: string; readonly status: number; readonly answer: Buffer },
): Promise<boolean> =>
  (await tx.exec(DECIDE, [row.scope, row.keyMac, row.id, row.status, row.answer])).length === 1;

const DROP = statement<{ dropped: number }>(
  'platform.drop_old_idempotency_keys',
  'operations',
  `select platform.drop_partitions('platform.idempotency',
            platform.clock() - interval '${KEYS_LIVE_HOURS} hours') as dropped`,
);

/** Drops the days whose every key has ended; returns how many. */
export const dropOldKeys = async (tx: Tx): Promise<number> => (await tx.exec(DROP, []))[0]!.dropped;
