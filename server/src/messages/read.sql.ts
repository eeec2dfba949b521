// Reading messages on behalf of their workspace, under forced row-level security.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { MessageClass } from './classes.ts';
import { idBounds } from './id-bounds.ts';
import type { PartState } from './status.ts';

export interface MessageRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly class: MessageClass;
  readonly recipient: Buffer | null;
  readonly body: Buffer | null;
  readonly annotations: Buffer | null;
  readonly sender: string | null;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  readonly price_per_part: bigint;
  readonly currency: string;
  readonly test: boolean;
  readonly created_at: Date;
  readonly scheduled_at: Date | null;
  readonly valid_until: Date;
  readonly possible_duplicate: boolean;
  readonly closed_as: 'cancelled' | 'expired' | 'rejected' | 'tested' | null;
  readonly closed_at: Date | null;
  readonly close_error: string | null;
  readonly erased_at: Date | null;
  readonly now: Date;
}

const COLUMNS = `m.id, m.workspace_id, m.class, m.recipient, m.body, m.annotations, m.sender, m.encoding, m.segments,
          m.price_per_part, m.currency, m.test, m.created_at, m.scheduled_at, m.valid_until, m.possible_duplicate,
          m.closed_as, m.closed_at, m.close_error, m.erased_at, platform.clock() as now`;

/**
 * A record past its time is not shown, to the second, whatever expiry has done by now; `kept` is the parameter that
 * holds how long, or null. PostgreSQL and the limit count months alike, in UTC.
 */
const stillKept = (kept: string) => `(${kept}::text is null
           or (m.created_at at time zone 'UTC' + ${kept}::interval) at time zone 'UTC' > (select platform.clock()))`;

const PAGE = statement<MessageRow>(
  'messages.read_page',
  'service',
  `select ${COLUMNS}
     from messages.message m
    where m.workspace_id = $1
      and m.id < $2 and m.id >= $3
      and ${stillKept('$5')}
    order by m.id desc
    limit $4`,
);

/** Messages below an id and not below a floor, newest first. Bounds are ids; partitions outside are skipped. */
export const readPage = (
  tx: Tx,
  workspaceId: string,
  below: string,
  floor: string,
  limit: number,
  keptFor: string | null,
) => tx.exec(PAGE, [workspaceId, below, floor, limit, keptFor]);

const SEARCH = statement<MessageRow>(
  'messages.search_recipient',
  'service',
  `select ${COLUMNS}
     from messages.message m
    where m.workspace_id = $1
      and m.recipient_index = any($2::bytea[])
      and m.id < $3
      and ${stillKept('$5')}
    order by m.id desc
    limit $4`,
);

/** Messages to a number, by its indexes of all epochs in use. */
export const searchRecipient = (
  tx: Tx,
  workspaceId: string,
  indexes: readonly Buffer[],
  below: string,
  limit: number,
  keptFor: string | null,
) => tx.exec(SEARCH, [workspaceId, arrays.bytea(indexes), below, limit, keptFor]);

const ONE = statement<MessageRow>(
  'messages.read_one',
  'service',
  `select ${COLUMNS}
     from messages.message m
    where m.workspace_id = $1
      and m.id = $2
      and ${stillKept('$3')}`,
);

export const readOne = async (
  tx: Tx,
  workspaceId: string,
  id: string,
  keptFor: string | null,
): Promise<MessageRow | undefined> => (await tx.exec(ONE, [workspaceId, id, keptFor]))[0];

export interface PartRow {
  readonly message_id: string;
  readonly sequence: number;
  readonly status: PartState;
  readonly error_code: string | null;
  readonly submitted_at: Date;
  readonly finished_at: Date | null;
}

const PARTS = statement<PartRow>(
  'messages.read_parts',
  'service',
  `select p.message_id, p.sequence, p.status, p.error_code, p.submitted_at, p.finished_at
     from messages.part p
    where p.workspace_id = $1
      and p.message_id = any($2::uuid[])
      and p.message_id between $3 and $4
    order by p.message_id, p.sequence`,
);

export interface QueuedRow {
  readonly message_id: string;
  readonly sequence: number;
  /** It has been claimed at least once; a part that was given back stays `submitting` to the one who looks. */
  readonly claimed: boolean;
}

const QUEUED = statement<QueuedRow>(
  'messages.read_queued',
  'service',
  `select q.message_id, q.sequence, q.epoch > 0 as claimed
     from messages.queue q
    where q.workspace_id = $1
      and q.message_id = any($2::uuid[])
    order by q.message_id, q.sequence`,
);

/** What carriers and the queue hold of these messages. One round trip. */
export async function readProgress(tx: Tx, workspaceId: string, ids: readonly string[]) {
  const [parts, queued] = await Promise.all([
    tx.exec(PARTS, [workspaceId, arrays.uuid(ids), ...idBounds(ids)]),
    tx.exec(QUEUED, [workspaceId, arrays.uuid(ids)]),
  ]);
  return { parts, queued };
}
