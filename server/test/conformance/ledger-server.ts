// The ledger behind four routes, so that a client that knows nothing of its code can judge it: the shape is that of the
// Ledger Conformance Kit. It is made of what `#ledger` offers and of reads of the stored rows; it belongs to the tests,
// listens on the loopback alone, and no file of the product imports it (server/test/ledger-conformance.db.test.ts).
//
//   POST /_lck/reset    {accounts}      fresh accounts; books cannot be emptied, so the old ones are left behind
//   POST /_lck/post     a posting       {status: APPLIED | DUPLICATE | REJECTED, code?}, always 200
//   GET  /_lck/balance  ?account=       {currency, amount}: what the ledger says
//   GET  /_lck/journal                  every entry of these accounts as stored, in the order of the books
//
// Amounts are micros in strings: a JSON number is no amount. An account is `deposits`, `revenue`, `bonus_granted` or
// `adjustments` of the platform, or `available:alice` and `bonus:alice` of a customer.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { balance, type Entry, openWallet, platformBalances, post, reverse } from '#ledger';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';

export type Status = 'APPLIED' | 'DUPLICATE' | 'REJECTED';

export interface Answer {
  readonly status: Status;
  /** Why it was rejected. */
  readonly code?: string;
}

export interface JournalEntry {
  readonly transaction: string;
  readonly reverses: string | null;
  readonly account: string;
  readonly currency: string;
  readonly amount: string;
}

export interface AskedPosting {
  readonly id: string;
  readonly currency?: string;
  readonly entries?: readonly { readonly account: string; readonly amount: unknown }[];
  /** The id of the posting to undo, instead of entries. */
  readonly reverses?: string;
}

/** The stored rows from outside, by the owner: the ledger's own reads are what is judged. */
type ReadRows = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>;

export async function startLedgerServer(db: Database, readRows: ReadRows) {
  let names = new Map<string, { readonly workspaceId: string; readonly currency: string }>();
  /** Where the books of this reset begin; ids of postings are told apart by it, too. */
  let since = newId();
  /** What the platform's accounts had before the reset. */
  let before = new Map<string, bigint>();

  async function reset(accounts: Record<string, string>): Promise<object> {
    names = new Map();
    for (const [name, currency] of Object.entries(accounts)) {
      const workspaceId = newId();
      await db.batch((tx) => openWallet(tx, workspaceId, currency));
      names.set(name, { workspaceId, currency });
    }
    before = await platformNow();
    since = newId();
    return { accounts: [...names.keys()] };
  }

  const platformNow = async () =>
    new Map(
      (await db.batch((tx) => platformBalances(tx))).map((sum) => [
        `${sum.account} ${sum.currency}`,
        sum.amountMicros,
      ]),
    );

  async function postAsked(asked: AskedPosting): Promise<Answer> {
    try {
      return await db.batch((tx) => (asked.reverses ? undo(tx, asked.reverses) : postEntries(tx, asked)));
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict')
        return { status: 'REJECTED', code: 'conflict' };
      // A posting that breaks the rules is a fault of the caller, who gets no more than that from outside.
      if (error instanceof Malformed || (error as Error).message.startsWith('Invariant broken'))
        return { status: 'REJECTED', code: 'malformed' };
      throw error;
    }
  }

  async function postEntries(tx: Tx, asked: AskedPosting): Promise<Answer> {
    const entries = (asked.entries ?? []).map(toEntry);
    const workspaceId = entries.flatMap((entry) => ('workspaceId' in entry ? [entry.workspaceId] : []))[0];
    const posted = await post(tx, {
      key: keyOf(asked.id),
      kind: 'adjustment',
      workspaceId: workspaceId ?? null,
      currency: asked.currency ?? '',
      entries,
    });
    return answerTo(posted.outcome);
  }

  async function undo(tx: Tx, id: string): Promise<Answer> {
    const rows = await readRows<{ transaction_id: string }>(
      'select transaction_id from ledger.posting_key where key = $1',
      [keyOf(id)],
    );
    const undone = await reverse(tx, { transactionId: rows[0]?.transaction_id ?? newId() });
    return answerTo(undone.outcome);
  }

  const keyOf = (id: string) => `${since}:${id}`;

  function toEntry({ account, amount }: { account: string; amount: unknown }): Entry {
    if (typeof amount !== 'string' || !/^-?[0-9]{1,19}$/.test(amount)) throw new Malformed();
    const [kind, name] = account.split(':') as [string, string | undefined];
    const amountMicros = BigInt(amount);
    if (name === undefined) {
      if (!PLATFORM.has(kind)) throw new Malformed();
      return { account: kind as 'deposits', amountMicros };
    }
    const found = names.get(name);
    if (found === undefined || !CUSTOMERS.has(kind)) throw new Malformed();
    return { account: kind as 'available', workspaceId: found.workspaceId, amountMicros };
  }

  async function balanceOf(account: string): Promise<object> {
    const [kind, name] = account.split(':') as [string, string | undefined];
    if (name === undefined) {
      const now = await platformNow();
      const sums = [...now].filter(([key]) => key.startsWith(`${kind} `));
      return Object.fromEntries(
        sums.map(([key, micros]) => [key.split(' ')[1], String(micros - (before.get(key) ?? 0n))]),
      );
    }
    const { workspaceId, currency } = names.get(name)!;
    const wallet = (await db.batch((tx) => balance(tx, workspaceId)))!;
    return { [currency]: String(kind === 'bonus' ? wallet.bonusMicros : wallet.availableMicros) };
  }

  async function journal(): Promise<JournalEntry[]> {
    const named = new Map([...names].map(([name, { workspaceId }]) => [workspaceId, name]));
    const rows = await readRows<Record<'transaction' | 'account' | 'currency' | 'amount', string> & Owned>(
      `select t.id as transaction, t.reverses, e.workspace_id, e.account::text, e.currency, e.amount::text
         from ledger.transaction t
         join ledger.entry e on e.transaction_id = t.id
        where t.id > $1::uuid
        order by t.id, e.account`,
      [since],
    );
    return rows.map(({ transaction, reverses, workspace_id, account, currency, amount }) => ({
      transaction,
      reverses,
      account: workspace_id === null ? account : `${account}:${named.get(workspace_id)}`,
      currency,
      amount,
    }));
  }

  const server: Server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const answer = async () => {
      switch (`${request.method} ${url.pathname}`) {
        case 'POST /_lck/reset':
          return reset((await bodyOf(request)) as Record<string, string>);
        case 'POST /_lck/post':
          return postAsked((await bodyOf(request)) as AskedPosting);
        case 'GET /_lck/balance':
          return balanceOf(url.searchParams.get('account')!);
        case 'GET /_lck/journal':
          return journal();
        default:
          return undefined;
      }
    };
    answer().then(
      (value) => response.writeHead(value === undefined ? 404 : 200).end(JSON.stringify(value ?? {})),
      (error: Error) => response.writeHead(500).end(JSON.stringify({ error: error.message })),
    );
  });
  // A socket that a slow machine leaves idle must not be closed under the request that comes next.
  server.keepAliveTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise<unknown>((stopped) => server.close(stopped).closeAllConnections()),
  };
}

interface Owned {
  readonly reverses: string | null;
  readonly workspace_id: string | null;
}

const PLATFORM = new Set(['deposits', 'revenue', 'bonus_granted', 'adjustments']);
const CUSTOMERS = new Set(['available', 'bonus', 'held']);

class Malformed extends Error {}

const ANSWERS: Record<string, Answer> = {
  posted: { status: 'APPLIED' },
  replayed: { status: 'DUPLICATE' },
};

const answerTo = (outcome: string): Answer => ANSWERS[outcome] ?? { status: 'REJECTED', code: outcome };

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}
