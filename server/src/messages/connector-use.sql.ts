// Whether anything still depends on a connector: for whoever wants to delete one. Rare; `tx` is of sotto_batch.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

// The queue by queue_ready and its claimed rows; parts by part_at_carrier, newest partitions included, because a
// scheduled message may be a year old when its receipt comes. Stops at the first row found.
const AWAITED = statement<{ awaited: boolean }>(
  'messages.is_connector_awaited',
  'delivery',
  `select exists (select from messages.queue where connector_id = $1::uuid and sender_token is null)
       or exists (select from messages.queue where connector_id = $1::uuid and sender_token is not null)
       or exists (
            select
              from messages.part
             where connector_id = $1::uuid
               and carrier_message_id is not null
               and finished_at is null
          )
       or exists (
            select
              from messages.part
             where connector_id = $1::uuid
               and undecided
          ) as awaited`,
);

/** True while messages wait to go out by a connector, or for its receipts. */
export const isConnectorAwaited = async (tx: Tx, connectorId: string): Promise<boolean> =>
  (await tx.exec(AWAITED, [connectorId]))[0]!.awaited;
