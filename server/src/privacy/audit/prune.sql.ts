// Statements of retention: which months may go, the record that they went, and the drop itself.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const PRUNABLE = statement<{ segment: number; month: number; headHash: Buffer; links: bigint }>(
  'privacy.find_prunable_audit',
  'audit',
  `select s.segment, s.month, s.head_hash as "headHash", s.last_seq - s.first_seq + 1 as links
     from privacy.audit_segment s
    where s.month = (
            select o.month
              from privacy.audit_segment o
             where o.month < $1::integer
               and not exists (select from privacy.audit_pruning p where p.segment = o.segment)
             order by o.month
             limit 1)
      and not exists (select from privacy.audit_pruning p where p.segment = s.segment)
      and not exists (
            select from privacy.audit_pending w
             where w.entry_id < platform.id_floor(to_timestamp($1::integer::text || '01', 'YYYYMMDD')))
    order by s.segment`,
);

/** The segments of the oldest month before `month` (YYYYMM) that are not pruned; none while entries of then wait. */
export const findPrunable = (tx: Tx, month: number) => tx.exec(PRUNABLE, [month]);

const RECORD_PRUNING = statement<never>(
  'privacy.insert_audit_pruning',
  'audit',
  `insert into privacy.audit_pruning (segment, pruned_at, key_epoch, signature)
   values ($1::integer, $2::timestamptz, $3::smallint, $4::bytea)`,
);

export const insertPruning = (
  tx: Tx,
  segment: number,
  prunedAt: Date,
  signature: { readonly epoch: number; readonly bytes: Buffer },
): Promise<never[]> => tx.exec(RECORD_PRUNING, [segment, prunedAt, signature.epoch, signature.bytes]);

const DROP = statement<never>(
  'privacy.drop_audit_month',
  'audit',
  'select privacy.drop_audit_month($1::integer)',
);

/** Drops a month's entries and links. Refused by the database while one of its segments is not recorded as pruned. */
export const dropMonth = (tx: Tx, month: number): Promise<never[]> => tx.exec(DROP, [month]);

const CUTOFF = statement<{ month: number }>(
  'privacy.read_audit_cutoff',
  'operations',
  `select to_char((select platform.clock()) - $1::integer * interval '1 day', 'YYYYMM')::integer as month`,
);

/** The month (YYYYMM) that lies `days` back: the months before it are past their time. */
export const monthBefore = async (tx: Tx, days: number): Promise<number> =>
  (await tx.exec(CUTOFF, [days]))[0]!.month;
