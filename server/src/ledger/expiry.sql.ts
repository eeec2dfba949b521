// Statements that end what the books keep. The work is done by functions of the tables' owner: the product's roles may
// not delete what was posted.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

type Held = readonly string[];

const CARRY = statement<{ carried: number }>(
  'ledger.carry_forward',
  'billing',
  'select ledger.carry_forward($1::timestamptz, $2::uuid[], $3::integer) as carried',
);

/** Carries transactions made at or before a moment into the opening balances; returns how many. */
export const carryForward = async (tx: Tx, before: Date, held: Held, limit: number): Promise<number> =>
  (await tx.exec(CARRY, [before, arrays.uuid(held), limit]))[0]!.carried;

const FORGET_HOLDS = statement<{ forgotten: number }>(
  'ledger.forget_holds',
  'billing',
  'select ledger.forget_holds($1::uuid[], $2::integer) as forgotten',
);

/** Deletes holds all of whose transactions were carried forward; returns how many. */
export const forgetHolds = async (tx: Tx, held: Held, limit: number): Promise<number> =>
  (await tx.exec(FORGET_HOLDS, [arrays.uuid(held), limit]))[0]!.forgotten;

const END_WALLETS = statement<{ ended: number }>(
  'ledger.end_wallets',
  'billing',
  'select ledger.end_wallets($1::timestamptz, $2::uuid[], $3::integer) as ended',
);

/** Deletes wallets of erased workspaces that have no transaction left; returns how many. */
export const endWallets = async (tx: Tx, before: Date, held: Held, limit: number): Promise<number> =>
  (await tx.exec(END_WALLETS, [before, arrays.uuid(held), limit]))[0]!.ended;

const OLDEST = statement<{ transaction: Date | null; entry: Date | null; hold: Date | null }>(
  'ledger.find_oldest_rows',
  'operations',
  `select (select platform.id_time(id) from ledger.transaction order by id limit 1) as transaction,
          (select platform.id_time(transaction_id) from ledger.entry order by transaction_id limit 1) as entry,
          (select platform.id_time(id) from ledger.hold order by id limit 1) as hold`,
);

const DROP_MONTHS = statement<{ dropped: number }>(
  'ledger.drop_empty_months',
  'operations',
  'select platform.drop_partitions($1::text::regclass, least($2::timestamptz, $3::timestamptz)) as dropped',
);

/**
 * Drops months of one table that ended at or before a moment and before every row that is left; returns how many. Call
 * it again, in another transaction, until there are none: the lock keeps everybody from a table until the transaction
 * ends.
 */
export async function dropEmptyMonths(tx: Tx, before: Date): Promise<number> {
  // A statement of its own: a table cannot be dropped by the query that reads it.
  const { transaction, entry, hold } = (await tx.exec(OLDEST, []))[0]!;
  const tables = [
    ['ledger.hold', hold],
    ['ledger.entry', entry],
    ['ledger.transaction', transaction],
  ] as const;
  for (const [table, oldest] of tables) {
    const { dropped } = (await tx.exec(DROP_MONTHS, [table, before, oldest]))[0]!;
    if (dropped > 0) return dropped;
  }
  return 0;
}

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

const standingOf = (name: string, oldest: string) =>
  statement<StandingRow>(
    name,
    'billing',
    `select min(began) filter (where not held) as oldest,
            count(*) filter (where not held and began <= $1::timestamptz)::integer as overdue,
            count(*) filter (where held and began <= $1::timestamptz)::integer as held
       from (${oldest}) oldest`,
  );

const TRANSACTIONS = standingOf(
  'ledger.standing_of_transactions',
  `select created_at as began, coalesce(workspace_id = any($2::uuid[]), false) as held
     from ledger.transaction order by id limit $3::integer`,
);
const HOLDS = standingOf(
  'ledger.standing_of_holds',
  `select platform.id_time(coalesce(resolved_by, id)) as began, workspace_id = any($2::uuid[]) as held
     from (select * from ledger.hold order by id limit $3::integer) h
    where state <> 'open'`,
);
const WALLETS = standingOf(
  'ledger.standing_of_wallets',
  `select closed_at as began, workspace_id = any($2::uuid[]) as held
     from ledger.wallet
    where closed_at is not null
    order by closed_at
    limit $3::integer`,
);

const readStanding =
  (of: typeof TRANSACTIONS) =>
  async (tx: Tx, before: Date, held: Held, limit: number): Promise<StandingRow> =>
    (await tx.exec(of, [before, arrays.uuid(held), limit]))[0]!;

export const transactionsStanding = readStanding(TRANSACTIONS);
export const holdsStanding = readStanding(HOLDS);
export const walletsStanding = readStanding(WALLETS);
