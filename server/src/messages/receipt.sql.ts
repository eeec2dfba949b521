// Receipts in the database: found by the carrier's id, written to their part if they tell something new, parked
// when no part has that id (yet).
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#platform/tables';
import { idBounds } from './id-bounds.ts';
import type { PartState } from './status.ts';

export interface Candidate {
  readonly connectorId: string;
  readonly carrierMessageId: string;
}

export interface FoundPart {
  readonly connector_id: string;
  readonly carrier_message_id: string;
  readonly message_id: string;
  readonly sequence: number;
  readonly status: PartState;
}

const FIND = statement<FoundPart>(
  'messages.find_parts_at_carrier',
  'delivery',
  // One probe of part_at_carrier an id. No order and no limit inside: they would tempt the planner to walk the
  // primary key through the whole day; `offset 0` keeps it from turning the probes into a join of whole days.
  `select p.connector_id, p.carrier_message_id, p.message_id, p.sequence, p.status
     from unnest($1::uuid[], $2::text[]) as c(connector_id, carrier_message_id)
     cross join lateral (
       select p.connector_id, p.carrier_message_id, p.message_id, p.sequence, p.status
         from messages.part p
        where p.connector_id = c.connector_id and p.carrier_message_id = c.carrier_message_id
          and p.message_id between $3 and $4
       offset 0
     ) p`,
);

/** Parts of each (connector, carrier id) among messages of ids in the bounds, whose days alone are read. */
export const findPartsAtCarrier = (
  tx: Tx,
  candidates: readonly Candidate[],
  floor: string,
  ceiling: string,
): Promise<FoundPart[]> =>
  tx.exec(FIND, [
    arrays.uuid(candidates.map((c) => c.connectorId)),
    arrays.text(candidates.map((c) => c.carrierMessageId)),
    floor,
    ceiling,
  ]);

export interface PartChange {
  readonly messageId: string;
  readonly sequence: number;
  readonly status: PartState;
  readonly errorCode: string | null;
  /** True when nothing more is expected for the part. */
  readonly final: boolean;
}

const APPLY = statement<{ message_id: string }>(
  'messages.apply_receipts',
  'delivery',
  `update messages.part p
      set status = r.status::messages.part_status,
          error_code = coalesce(r.error_code, p.error_code),
          finished_at = case when r.final then (select platform.clock()) else p.finished_at end
     from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::boolean[]) as r(message_id, sequence, status, error_code, final)
    where p.message_id = any($1::uuid[])
      and p.message_id between $6 and $7
      and p.message_id = r.message_id and p.sequence = r.sequence
      and p.status in ('submitted', 'unknown')
   returning p.message_id`,
);

/** Writes new states; a part that is final already keeps its state whatever comes. */
export function applyReceipts(tx: Tx, changes: readonly PartChange[]) {
  return tx.exec(APPLY, [
    arrays.uuid(changes.map((c) => c.messageId)),
    arrays.smallint(changes.map((c) => c.sequence)),
    arrays.text(changes.map((c) => c.status)),
    arrays.text(changes.map((c) => c.errorCode)),
    arrays.boolean(changes.map((c) => c.final)),
    ...idBounds(changes.map((c) => c.messageId)),
  ]);
}

export interface ParkedReceipt {
  readonly id: string;
  readonly connectorId: string;
  readonly carrierMessageIds: readonly string[];
  readonly destination: Sealed | null;
  readonly status: PartState;
  readonly final: boolean;
  readonly errorCode: string | null;
}

/** Ids travel in one text column, newline between: a carrier's id is a C-octet string and has none. */
const PARK = statement<never>(
  'messages.park_receipts',
  'delivery',
  `insert into messages.parked_receipt (id, connector_id, carrier_message_ids, destination, status, final, error_code)
   select r.id, r.connector_id, string_to_array(r.ids, chr(10)), r.destination, r.status::messages.part_status, r.final, r.error_code
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::boolean[], $7::text[])
       as r(id, connector_id, ids, destination, status, final, error_code)`,
);

export const parkReceipts = (tx: Tx, rows: readonly ParkedReceipt[]) =>
  tx.exec(PARK, [
    arrays.uuid(rows.map((row) => row.id)),
    arrays.uuid(rows.map((row) => row.connectorId)),
    arrays.text(rows.map((row) => row.carrierMessageIds.join('\n'))),
    arrays.bytea(rows.map((row) => row.destination)),
    arrays.text(rows.map((row) => row.status)),
    arrays.boolean(rows.map((row) => row.final)),
    arrays.text(rows.map((row) => row.errorCode)),
  ]);

export interface ParkedRow {
  readonly id: string;
  readonly connector_id: string;
  readonly carrier_message_ids: string[];
  readonly destination: Buffer | null;
  readonly status: PartState;
  readonly final: boolean;
  readonly error_code: string | null;
  readonly received_at: Date;
}

const TAKE_FOR = statement<ParkedRow>(
  'messages.take_parked_for',
  'delivery',
  // Few are parked, most often none: then no id is looked for.
  `delete from messages.parked_receipt r
    where exists (select from messages.parked_receipt)
      and r.carrier_message_ids && $1::text[]
      and r.connector_id = any($2::uuid[])
   returning r.id, r.connector_id, r.carrier_message_ids, r.destination, r.status, r.final, r.error_code, r.received_at`,
);

/** Takes the parked receipts that may belong to answers just stored. What does not match is parked again. */
export const takeParkedFor = (
  tx: Tx,
  carrierMessageIds: readonly string[],
  connectorIds: readonly string[],
) => tx.exec(TAKE_FOR, [arrays.text(carrierMessageIds), arrays.uuid(connectorIds)]);
