// A sender's life in the database: its lease, its claims, and what it may not forget.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { idBounds } from './id-bounds.ts';

const REGISTER = statement<never>(
  'messages.register_sender',
  'operations',
  `insert into messages.sender (token, expires_at)
   values ($1, (select platform.clock()) + $2 * interval '1 millisecond')`,
);

export const registerSender = (tx: Tx, token: string, leaseMs: number) => tx.exec(REGISTER, [token, leaseMs]);

const HEARTBEAT = statement<{ token: string }>(
  'messages.heartbeat_sender',
  'operations',
  `update messages.sender
      set expires_at = (select platform.clock()) + $2 * interval '1 millisecond'
    where token = $1
   returning token`,
);

/** Extends the lease; false when another process took over, which deletes the row under its lock. */
export const heartbeatSender = async (tx: Tx, token: string, leaseMs: number): Promise<boolean> =>
  (await tx.exec(HEARTBEAT, [token, leaseMs])).length === 1;

const END = statement<never>(
  'messages.end_sender',
  'operations',
  `delete from messages.sender s
    where s.token = $1
      and not exists (select from messages.queue q where q.sender_token = s.token)`,
);

/** Ends a lease that holds nothing any more. */
export const endSender = (tx: Tx, token: string) => tx.exec(END, [token]);

const RELEASE_UNWRITTEN = statement<{ connector_id: string }>(
  'messages.release_unwritten',
  'delivery',
  `update messages.queue
      set sender_token = null
    where sender_token = $1
   returning connector_id`,
);

/** Puts back what is still claimed under a token, of which the caller knows that nothing was written. */
export const releaseUnwritten = (tx: Tx, token: string) => tx.exec(RELEASE_UNWRITTEN, [token]);

export interface ClaimedRow {
  readonly message_id: string;
  readonly sequence: number;
  readonly workspace_id: string;
  readonly lane: number;
  readonly epoch: number;
  readonly attempts: number;
  readonly resent: boolean;
  readonly tried: string[] | null;
  readonly due_at: Date;
  readonly valid_until: Date;
  readonly expired: boolean;
}

/**
 * Takes ready rows of a connector, one-time codes first, each lane in the order the rows fell due, through the
 * index queue_ready. Rows another process is taking are skipped. Takes nothing once the lease has lapsed.
 */
const CLAIM = statement<ClaimedRow>(
  'messages.claim',
  'delivery',
  `with alive as materialized (
     select token from messages.sender where token = $1 and expires_at > (select platform.clock())
   ), codes as materialized (
     select q.ctid from messages.queue q
      where q.connector_id = $2 and q.lane = 0 and q.sender_token is null and q.due_at <= (select platform.clock())
        and exists (select from alive)
      order by q.due_at limit $3::integer
      for update skip locked
   ), notices as materialized (
     select q.ctid from messages.queue q
      where q.connector_id = $2 and q.lane = 1 and q.sender_token is null and q.due_at <= (select platform.clock())
        and exists (select from alive)
      order by q.due_at limit greatest(0, $4::integer - (select count(*) from codes)::integer)
      for update skip locked
   ), adverts as materialized (
     select q.ctid from messages.queue q
      where q.connector_id = $2 and q.lane = 2 and q.sender_token is null and q.due_at <= (select platform.clock())
        and exists (select from alive)
      order by q.due_at
      limit greatest(0, $4::integer - (select count(*) from codes)::integer - (select count(*) from notices)::integer)
      for update skip locked
   )
   update messages.queue q
      set sender_token = $1, epoch = q.epoch + 1
    where q.ctid = any (array(select ctid from codes union all select ctid from notices union all select ctid from adverts))
   returning q.message_id, q.sequence, q.workspace_id, q.lane, q.epoch, q.attempts, q.resent, q.tried, q.due_at,
             q.valid_until, q.valid_until <= (select platform.clock()) as expired`,
);

/** Claims at most `otpMax` one-time codes, and others while the sum stays within `othersMax`. */
export async function claim(
  tx: Tx,
  token: string,
  connectorId: string,
  otpMax: number,
  othersMax: number,
): Promise<ClaimedRow[]> {
  const rows = await tx.exec(CLAIM, [token, connectorId, otpMax, othersMax]);
  return rows.sort((a, b) => a.lane - b.lane || a.due_at.getTime() - b.due_at.getTime());
}

export interface ContentRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly recipient: Buffer | null;
  readonly body: Buffer | null;
  readonly sender: string | null;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  readonly price_per_part: bigint;
}

const CONTENT = statement<ContentRow>(
  'messages.read_content',
  'delivery',
  `select m.id, m.workspace_id, m.recipient, m.body, m.sender, m.encoding, m.segments, m.price_per_part
     from messages.message m
    where m.id = any($1::uuid[])
      and m.id between $2 and $3`,
);

/** What a sender needs of the messages it claimed. The days of other ids are skipped. */
export const readContent = (tx: Tx, ids: readonly string[]): Promise<ContentRow[]> =>
  tx.exec(CONTENT, [arrays.uuid(ids), ...idBounds(ids)]);
