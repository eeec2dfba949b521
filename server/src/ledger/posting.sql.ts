// Statements of single postings: the caller's keys, transactions and entries. Cold next to the holds.
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { readerFor } from '#privacy/reading';
import { type Account, type Entry, type TransactionKind, workspaceOf } from './posting.ts';
import { ledger } from './steward.ts';

const read = readerFor(ledger);

export interface PostingKeyRow {
  readonly transaction_id: string;
  readonly request_digest: Buffer;
}

/** What a key already stands for. */
export async function readPostingKey(tx: Tx, scope: string, key: string): Promise<PostingKeyRow | undefined> {
  const rows = await tx.run(
    read(tx, 'billing')
      .selectFrom('ledger.posting_key')
      .select(['transaction_id', 'request_digest'])
      .where('scope', '=', scope)
      .where('key', '=', key),
  );
  return rows[0];
}

/** Gives a key its transaction; false when another transaction has it. Waits for one that is still deciding. */
export async function claimPostingKey(
  tx: Tx,
  claim: {
    readonly scope: string;
    readonly key: string;
    readonly transactionId: string;
    readonly requestDigest: Buffer;
  },
): Promise<boolean> {
  const rows = await tx.run(
    q
      .insertInto('ledger.posting_key')
      .values({
        scope: claim.scope,
        key: claim.key,
        transaction_id: claim.transactionId,
        request_digest: claim.requestDigest,
      })
      .onConflict((on) => on.columns(['scope', 'key']).doNothing())
      .returning('transaction_id'),
  );
  return rows.length === 1;
}

const INSERT_TRANSACTION = statement<never>(
  'ledger.insert_transaction',
  'billing',
  `with posted as (
     insert into ledger.transaction (id, kind, workspace_id, reverses, reason, reference, created_at)
     values ($1::uuid, $2::ledger.transaction_kind, $3::uuid, $4::uuid, $5::text, $6::uuid, (select platform.clock()))
   )
   insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
   select $1::uuid, workspace_id, account::ledger.account, $7::text, amount
     from unnest($8::uuid[], $9::text[], $10::bigint[]) as e(workspace_id, account, amount)`,
);

/** Writes a transaction with its entries; the wallets move with them. */
export async function insertTransaction(
  tx: Tx,
  transaction: {
    readonly id: string;
    readonly kind: TransactionKind;
    readonly workspaceId: string | null;
    readonly reverses: string | null;
    readonly reason: string | null;
    readonly reference: string | null;
    readonly currency: string;
    readonly entries: readonly Entry[];
  },
): Promise<void> {
  const { entries } = transaction;
  await tx.exec(INSERT_TRANSACTION, [
    transaction.id,
    transaction.kind,
    transaction.workspaceId,
    transaction.reverses,
    transaction.reason,
    transaction.reference,
    transaction.currency,
    arrays.uuid(entries.map(workspaceOf)),
    arrays.text(entries.map((entry) => entry.account)),
    arrays.bigint(entries.map((entry) => entry.amountMicros)),
  ]);
}

export interface PostedEntryRow {
  readonly kind: TransactionKind;
  readonly owner: string | null;
  readonly workspace_id: string | null;
  readonly account: Account;
  readonly currency: string;
  readonly amount: bigint;
}

/** The entries of one transaction with its kind and owner; none when there is no such transaction. */
export async function readPostedEntries(tx: Tx, transactionId: string): Promise<PostedEntryRow[]> {
  return tx.run(
    read(tx, 'billing')
      .selectFrom('ledger.entry as e')
      .innerJoin('ledger.transaction as t', 't.id', 'e.transaction_id')
      .select(['t.kind', 't.workspace_id as owner', 'e.workspace_id', 'e.account', 'e.currency', 'e.amount'])
      .where('e.transaction_id', '=', transactionId)
      .where('t.id', '=', transactionId),
  );
}
