// Statements of single postings: the caller's keys, transactions and entries. Cold next to the holds.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { readerFor } from '#privacy/reading';
import { type Account, type Entry, type TransactionKind, workspaceOf } from './posting.ts';
import { ledger } from './steward.ts';

const read = readerFor(ledger);

interface KeyName {
  readonly scope: string;
  readonly key: string;
}

export interface PostingKeyRow extends KeyName {
  readonly transaction_id: string;
  readonly request_digest: Buffer;
}

const READ_KEYS = statement<PostingKeyRow>(
  'ledger.read_posting_keys',
  'billing',
  `select k.scope, k.key, k.transaction_id, k.request_digest
     from unnest($1::uuid[], $2::text[]) as named(scope, key)
     join ledger.posting_key k on k.scope = named.scope and k.key = named.key`,
);

/** What keys already stand for, by their primary key. */
export const readPostingKeys = (tx: Tx, names: readonly KeyName[]): Promise<PostingKeyRow[]> =>
  tx.exec(READ_KEYS, [
    arrays.uuid(names.map(({ scope }) => scope)),
    arrays.text(names.map(({ key }) => key)),
  ]);

const CLAIM_KEYS = statement<{ transaction_id: string }>(
  'ledger.claim_posting_keys',
  'billing',
  `insert into ledger.posting_key (scope, key, transaction_id, request_digest)
   select scope, key, transaction_id, request_digest
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[])
       as c(scope, key, transaction_id, request_digest)
       on conflict (scope, key) do nothing
   returning transaction_id`,
);

/** Gives keys their transactions; how many were free. Waits for one that is still deciding. */
export const claimPostingKeys = async (
  tx: Tx,
  claims: readonly (KeyName & { readonly id: string; readonly digest: Buffer })[],
): Promise<number> =>
  (
    await tx.exec(CLAIM_KEYS, [
      arrays.uuid(claims.map(({ scope }) => scope)),
      arrays.text(claims.map(({ key }) => key)),
      arrays.uuid(claims.map(({ id }) => id)),
      arrays.bytea(claims.map(({ digest }) => digest)),
    ])
  ).length;

const INSERT_TRANSACTIONS = statement<never>(
  'ledger.insert_transactions',
  'billing',
  `with posted as (
     insert into ledger.transaction (id, kind, workspace_id, reverses, reason, reference, created_at)
     select id, kind::ledger.transaction_kind, workspace_id, reverses, reason, reference, (select platform.clock())
       from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[])
         as t(id, kind, workspace_id, reverses, reason, reference)
   )
   insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
   select transaction_id, workspace_id, account::ledger.account, currency, amount
     from unnest($7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::bigint[])
       as e(transaction_id, workspace_id, account, currency, amount)`,
);

interface NewTransaction {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly workspaceId: string | null;
  readonly reverses: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly currency: string;
  readonly entries: readonly Entry[];
}

/** Writes transactions with their entries; the wallets move with them. */
export async function insertTransactions(tx: Tx, transactions: readonly NewTransaction[]): Promise<void> {
  const entries = transactions.flatMap(({ id, currency, entries: own }) =>
    own.map((entry) => ({ id, currency, entry })),
  );
  await tx.exec(INSERT_TRANSACTIONS, [
    arrays.uuid(transactions.map(({ id }) => id)),
    arrays.text(transactions.map(({ kind }) => kind)),
    arrays.uuid(transactions.map(({ workspaceId }) => workspaceId)),
    arrays.uuid(transactions.map(({ reverses }) => reverses)),
    arrays.text(transactions.map(({ reason }) => reason)),
    arrays.uuid(transactions.map(({ reference }) => reference)),
    arrays.uuid(entries.map(({ id }) => id)),
    arrays.uuid(entries.map(({ entry }) => workspaceOf(entry))),
    arrays.text(entries.map(({ entry }) => entry.account)),
    arrays.text(entries.map(({ currency }) => currency)),
    arrays.bigint(entries.map(({ entry }) => entry.amountMicros)),
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
