// The writes of acceptance: message rows and queue rows of one flush, each in one statement.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { BlindIndex, Sealed } from '#platform/tables';
import type { MessageClass } from './classes.ts';
import { idBounds } from './id-bounds.ts';

export interface NewMessage {
  readonly id: string;
  readonly workspaceId: string;
  readonly class: MessageClass;
  readonly recipient: Sealed;
  readonly recipientIndex: BlindIndex;
  readonly body: Sealed;
  readonly annotations: Sealed | null;
  readonly sender: string | null;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  readonly pricePerPartMicros: bigint;
  readonly currency: string;
  readonly test: boolean;
  readonly createdAt: Date;
  readonly scheduledAt: Date | null;
  readonly validUntil: Date;
  /** Set where content is kept until the message has ended: the latest moment. */
  readonly eraseBy: Date | null;
}

const INSERT_MESSAGES = statement<never>(
  'messages.insert_messages',
  'service',
  `insert into messages.message (id, workspace_id, class, recipient, recipient_index, body, annotations, sender,
                                 encoding, segments, price_per_part, currency, test, created_at, scheduled_at,
                                 valid_until, erase_by, closed_as, closed_at)
   select i.id, i.workspace_id, i.class::messages.class, i.recipient, i.recipient_index, i.body, i.annotations, i.sender,
          i.encoding, i.segments, i.price_per_part, i.currency, i.test, i.created_at, i.scheduled_at,
          i.valid_until, i.erase_by, case when i.test then 'tested'::messages.closing end, case when i.test then i.created_at end
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
                 $9::text[], $10::smallint[], $11::bigint[], $12::text[], $13::boolean[], $14::timestamptz[],
                 $15::timestamptz[], $16::timestamptz[], $17::timestamptz[])
       as i(id, workspace_id, class, recipient, recipient_index, body, annotations, sender, encoding, segments,
            price_per_part, currency, test, created_at, scheduled_at, valid_until, erase_by)`,
);

/** Writes the messages of a flush. Test messages are written as done: no carrier ever sees them. */
export const insertMessages = (tx: Tx, rows: readonly NewMessage[]): Promise<never[]> =>
  tx.exec(INSERT_MESSAGES, [
    arrays.uuid(rows.map((row) => row.id)),
    arrays.uuid(rows.map((row) => row.workspaceId)),
    arrays.text(rows.map((row) => row.class)),
    arrays.bytea(rows.map((row) => row.recipient)),
    arrays.bytea(rows.map((row) => row.recipientIndex)),
    arrays.bytea(rows.map((row) => row.body)),
    arrays.bytea(rows.map((row) => row.annotations)),
    arrays.text(rows.map((row) => row.sender)),
    arrays.text(rows.map((row) => row.encoding)),
    arrays.smallint(rows.map((row) => row.segments)),
    arrays.bigint(rows.map((row) => row.pricePerPartMicros)),
    arrays.text(rows.map((row) => row.currency)),
    arrays.boolean(rows.map((row) => row.test)),
    arrays.timestamptz(rows.map((row) => row.createdAt)),
    arrays.timestamptz(rows.map((row) => row.scheduledAt)),
    arrays.timestamptz(rows.map((row) => row.validUntil)),
    arrays.timestamptz(rows.map((row) => row.eraseBy)),
  ]);

export interface NewQueueRow {
  readonly messageId: string;
  readonly sequence: number;
  readonly workspaceId: string;
  readonly lane: number;
  readonly connectorId: string;
  readonly dueAt: Date;
  readonly validUntil: Date;
  /** Set when this process claims the part in the same transaction; it then starts at epoch 1. */
  readonly senderToken: string | null;
}

const INSERT_QUEUE = statement<never>(
  'messages.insert_queue',
  'delivery',
  `insert into messages.queue (message_id, sequence, workspace_id, lane, connector_id, due_at, valid_until, sender_token, epoch)
   select i.message_id, i.sequence, i.workspace_id, i.lane, i.connector_id, i.due_at, i.valid_until, i.sender_token,
          case when i.sender_token is null then 0 else 1 end
     from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::smallint[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::uuid[])
       as i(message_id, sequence, workspace_id, lane, connector_id, due_at, valid_until, sender_token)`,
);

export const insertQueue = (tx: Tx, rows: readonly NewQueueRow[]): Promise<never[]> =>
  tx.exec(INSERT_QUEUE, [
    arrays.uuid(rows.map((row) => row.messageId)),
    arrays.smallint(rows.map((row) => row.sequence)),
    arrays.uuid(rows.map((row) => row.workspaceId)),
    arrays.smallint(rows.map((row) => row.lane)),
    arrays.uuid(rows.map((row) => row.connectorId)),
    arrays.timestamptz(rows.map((row) => row.dueAt)),
    arrays.timestamptz(rows.map((row) => row.validUntil)),
    arrays.uuid(rows.map((row) => row.senderToken)),
  ]);

const NOW = statement<{ now: Date }>('messages.now', 'operations', 'select platform.clock() as now');

/** The database's time, which the flush decides by. */
export const databaseNow = async (tx: Tx): Promise<Date> => (await tx.exec(NOW, []))[0]!.now;

const STORED = statement<{ id: string }>(
  'messages.find_stored',
  'service',
  `select m.id
     from messages.message m
    where m.id = any($1::uuid[])
      and m.id between $2 and $3`,
);

/** Which of these messages exist: asked after a commit whose outcome is unknown. */
export async function findStored(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.exec(STORED, [arrays.uuid(ids), ...idBounds(ids)]);
  return new Set(rows.map((row) => row.id));
}
