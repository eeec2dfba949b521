// Statements on payments.auto_top_up, and on what automatic payments have come to.
import type { Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';
import type { AutoTopUpStatus, Failure, Stop } from './decide-auto-top-up.ts';

const read = readerFor(payments);

const OWN = [
  'workspace_id',
  'status',
  'threshold',
  'amount',
  'monthly_cap',
  'stopped_by',
  'look_at',
] as const;
const ALL = [...OWN, 'declines'] as const;

type Row = Selectable<DB['payments.auto_top_up']>;
export type OwnAutoTopUp = Pick<Row, (typeof OWN)[number]>;
export type AutoTopUpRow = Pick<Row, (typeof ALL)[number]>;

export interface Terms {
  readonly threshold: bigint;
  readonly amount: bigint;
  readonly monthly_cap: bigint;
}

/** In a tenant's transaction. */
export const findOwnAutoTopUp = async (tx: Tx, workspaceId: string): Promise<OwnAutoTopUp | undefined> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.auto_top_up')
        .select(OWN)
        .where('workspace_id', '=', workspaceId),
    )
  )[0];

/** Locked until the transaction ends: before any lock of its cards, and after those of a payment and its wallet. */
export const lockAutoTopUp = async (tx: Tx, workspaceId: string): Promise<AutoTopUpRow | undefined> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.auto_top_up')
        .select(ALL)
        .where('workspace_id', '=', workspaceId)
        .forUpdate(),
    )
  )[0];

const SET = statement<never>(
  'payments.set_auto_top_up',
  'billing',
  `insert into payments.auto_top_up as a (workspace_id, status, threshold, amount, monthly_cap)
   values ($1::uuid, 'setting_up', $2::bigint, $3::bigint, $4::bigint)
   on conflict (workspace_id) do update
      set threshold = excluded.threshold,
          amount = excluded.amount,
          monthly_cap = excluded.monthly_cap,
          changed_at = (select platform.clock())`,
);

/** Writes terms; the row is locked afterwards, whether it was there or not. May be repeated. */
export const setTerms = async (tx: Tx, workspaceId: string, terms: Terms): Promise<void> => {
  await tx.exec(SET, [workspaceId, terms.threshold, terms.amount, terms.monthly_cap]);
};

const BEGIN = statement<never>(
  'payments.begin_auto_top_up',
  'billing',
  `update payments.auto_top_up a
      set status = $2::text,
          declines = 0,
          stopped_by = null,
          untold = false,
          look_at = greatest((select platform.clock()),
                             (select max(p.created_at) + make_interval(secs => $3::integer)
                                from payments.payment p
                               where p.workspace_id = $1::uuid
                                 and p.instrument_id is not null))
    where a.workspace_id = $1::uuid`,
);

/** Begins anew, no sooner than a pause after the last try. */
export const beginAnew = async (
  tx: Tx,
  workspaceId: string,
  status: Extract<AutoTopUpStatus, 'setting_up' | 'on'>,
  pauseSeconds: number,
): Promise<void> => {
  await tx.exec(BEGIN, [workspaceId, status, pauseSeconds]);
};

/** Stops it, to be told of once. */
export const stopAutoTopUp = async (
  tx: Tx,
  workspaceId: string,
  status: Extract<AutoTopUpStatus, 'off' | 'needs_you' | 'declined'>,
  stoppedBy: Stop,
): Promise<void> => {
  await tx.run(
    q
      .updateTable('payments.auto_top_up')
      .set({ status, stopped_by: stoppedBy, untold: true })
      .where('workspace_id', '=', workspaceId),
  );
};

const PAUSE = statement<never>(
  'payments.pause_auto_top_up',
  'billing',
  `update payments.auto_top_up
      set declines = $2::integer,
          look_at = (select platform.clock()) + make_interval(secs => $3::integer)
    where workspace_id = $1::uuid`,
);
export const pauseAutoTopUp = async (
  tx: Tx,
  workspaceId: string,
  declines: number,
  pauseSeconds: number,
): Promise<void> => {
  await tx.exec(PAUSE, [workspaceId, declines, pauseSeconds]);
};

const DELETE = statement<{ workspace_id: string }>(
  'payments.delete_auto_top_ups',
  'billing',
  `delete from payments.auto_top_up
    where workspace_id = any($1::uuid[])
   returning workspace_id`,
);

/** Those that were there. */
export const deleteAutoTopUps = async (tx: Tx, workspaceIds: readonly string[]): Promise<string[]> =>
  (await tx.exec(DELETE, [arrays.uuid(workspaceIds)])).map(({ workspace_id }) => workspace_id);

export interface DueRow extends Terms {
  readonly workspace_id: string;
  readonly declines: number;
}

const TAKE = statement<DueRow>(
  'payments.take_auto_top_ups',
  'billing',
  `update payments.auto_top_up a
      set look_at = (select platform.clock()) + make_interval(secs => $1::integer)
     from (
       select workspace_id
         from payments.auto_top_up
        where status = 'on'
          and look_at <= (select platform.clock())
        order by look_at
        limit $2::integer
          for update skip locked) due
    where a.workspace_id = due.workspace_id
   returning a.workspace_id, a.threshold, a.amount, a.monthly_cap, a.declines`,
);

/** Those whose turn it is, longest first, locked; looked at again after so long, by auto_top_up_turn. */
export const takeDue = (tx: Tx, againSeconds: number, limit: number): Promise<DueRow[]> =>
  tx.exec(TAKE, [againSeconds, limit]);

export interface UntoldRow {
  readonly workspace_id: string;
  readonly amount: bigint;
  readonly stopped_by: Stop;
}

const TELL = statement<UntoldRow>(
  'payments.take_untold_auto_top_ups',
  'billing',
  `update payments.auto_top_up a
      set untold = false
     from (
       select workspace_id
         from payments.auto_top_up
        where untold
        limit $1::integer
          for update skip locked) silent
    where a.workspace_id = silent.workspace_id
   returning a.workspace_id, a.amount, a.stopped_by`,
);

/** Those that stopped and were not told of, which now are; by auto_top_up_untold. */
export const takeUntold = (tx: Tx, limit: number): Promise<UntoldRow[]> => tx.exec(TELL, [limit]);

const SPENT = statement<{ spent: bigint; under_way: boolean }>(
  'payments.automatic_spending',
  'billing',
  `select coalesce(sum(case when status = 'paid' then credited else asked end)
                   filter (where status in ('open', 'pending')
                              or created_at >= month.first
                              or paid_at >= month.first), 0)::bigint as spent,
          coalesce(bool_or(status in ('open', 'pending')), false) as under_way
     from payments.payment,
          (select date_trunc('month', (select platform.clock()), 'UTC') as first) month
    where workspace_id = $1::uuid
      and instrument_id is not null
      and status in ('open', 'pending', 'review', 'paid')
      and created_at >= month.first - interval '31 days'`,
);

export interface Spending {
  readonly spentMicros: bigint;
  readonly underWay: boolean;
}

/**
 * What automatic payments come to in the calendar month (UTC), by payment_automatic. One that was begun in one month and
 * paid in the next counts in both, so that neither passes its cap.
 */
export const spendingOf = async (tx: Tx, workspaceId: string): Promise<Spending> => {
  const [row] = await tx.exec(SPENT, [workspaceId]);
  return { spentMicros: row!.spent, underWay: row!.under_way };
};

const LAST = ['id', 'status', 'failed_because', 'created_at'] as const;
export interface LastTry {
  readonly id: string;
  readonly status: string;
  readonly failed_because: Failure | null;
  readonly created_at: Date;
}

/** The last automatic payment, by payment_automatic; in a tenant's transaction. */
export const findLastTry = async (tx: Tx, workspaceId: string): Promise<LastTry | undefined> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.payment')
        .select(LAST)
        .where('workspace_id', '=', workspaceId)
        .where('instrument_id', 'is not', null)
        .orderBy('created_at', 'desc')
        .limit(1),
    )
  )[0] as LastTry | undefined;
