// What the product has on disk, read as the owner of the database: the third of the truths that are compared.
import type { DatabaseProcess } from './database-process.ts';

export interface MessageRow {
  readonly id: string;
  readonly class: 'otp' | 'transactional' | 'marketing';
  readonly segments: number;
  readonly price_per_part: string;
  readonly possible_duplicate: boolean;
  readonly closed_as: string | null;
}

export interface PartRow {
  readonly message_id: string;
  readonly sequence: number;
  readonly carrier_message_id: string | null;
  readonly status: string;
  readonly finished: boolean;
}

export interface QueueRow {
  readonly message_id: string;
  readonly sequence: number;
  readonly claimed: boolean;
  readonly attempts: number;
  readonly resent: boolean;
}

export interface HoldRow {
  readonly id: string;
  readonly amount: string;
  readonly captured: string;
  readonly state: 'open' | 'captured' | 'released' | 'expired';
}

export interface WalletRow {
  readonly workspace_id: string;
  readonly account: string;
  readonly cached: string;
  readonly summed: string;
}

export interface Books {
  readonly messages: readonly MessageRow[];
  readonly parts: readonly PartRow[];
  readonly queue: readonly QueueRow[];
  readonly holds: readonly HoldRow[];
  /** Ids of the parked receipts, each list the spellings of one. */
  readonly parked: readonly { readonly carrier_message_ids: string[] }[];
  /** Each account of each wallet, as the wallet says and as its entries say. */
  readonly wallets: readonly WalletRow[];
  /** Wallets whose floor is broken. */
  readonly overdrawn: number;
  /** Transactions whose entries do not sum to zero in a currency. */
  readonly unbalanced: number;
  /** Sum of the whole book, over all accounts. */
  readonly bookSum: string;
  /** What the platform earned by captures. */
  readonly revenue: string;
  /** Keys that name more than one stored answer. */
  readonly repeatedKeys: number;
}

/** Reads everything at one instant: one transaction, one snapshot. */
export async function readBooks(database: DatabaseProcess): Promise<Books> {
  await database.sql('begin isolation level repeatable read read only');
  try {
    const messages = await database.sql<MessageRow>(
      `select id, class, segments, price_per_part::text, possible_duplicate, closed_as from messages.message order by id`,
    );
    const parts = await database.sql<PartRow>(
      `select message_id, sequence, carrier_message_id, status, finished_at is not null as finished
         from messages.part order by message_id, sequence`,
    );
    const queue = await database.sql<QueueRow>(
      `select message_id, sequence, sender_token is not null as claimed, attempts, resent from messages.queue`,
    );
    const holds = await database.sql<HoldRow>(
      `select id, amount::text, captured::text, state from ledger.hold`,
    );
    const parked = await database.sql<{ carrier_message_ids: string[] }>(
      `select carrier_message_ids from messages.parked_receipt`,
    );
    const wallets = await database.sql<WalletRow>(
      `select w.workspace_id, a.account, a.cached::text,
              coalesce((select sum(e.amount) from ledger.entry e
                         where e.workspace_id = w.workspace_id and e.account = a.account::ledger.account), 0)::text as summed
         from ledger.wallet w
        cross join lateral (values ('available', w.available), ('held', w.held), ('bonus', w.bonus)) as a(account, cached)`,
    );
    const [sums] = await database.sql<
      Record<'overdrawn' | 'unbalanced' | 'repeated', number> & { book: string; revenue: string }
    >(
      `select (select count(*)::integer from ledger.wallet where available + credit_limit < 0 or held < 0) as overdrawn,
              (select count(*)::integer from (
                 select from ledger.entry group by transaction_id, currency having sum(amount) <> 0) t) as unbalanced,
              (select coalesce(sum(amount), 0)::text from ledger.entry) as book,
              (select coalesce(sum(amount), 0)::text from ledger.entry where account = 'revenue') as revenue,
              (select count(*)::integer from (
                 select from platform.idempotency group by scope, key_mac having count(*) > 1) k) as repeated`,
    );
    const { overdrawn, unbalanced, repeated, book, revenue } = sums!;
    return {
      messages,
      parts,
      queue,
      holds,
      parked,
      wallets,
      overdrawn,
      unbalanced,
      bookSum: book,
      revenue,
      repeatedKeys: repeated,
    };
  } finally {
    await database.sql('rollback');
  }
}
