// The routes by which administrators look after workspaces.
import { decodeId, microsOf } from '@sotto/contract';
import {
  createWorkspace as createOperation,
  creditWorkspace as creditOperation,
  listWorkspaces as listOperation,
} from '@sotto/contract/admin/workspaces';
import { balance, findTransaction, isAmount, presentEntry, setCreditLimit, type Wallet } from '#ledger';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { type Call, inTransaction, type RequestMacs, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { actorOf } from '#privacy/audit';
import { type Holds, refuseUnlessHeld } from '#privacy/collection';
import { noteActivity } from './activity.sql.ts';
import { presentWorkspace } from './present.ts';
import type { AdminPrincipal } from './principal.ts';
import { topUpByHand } from './top-up.ts';
import { createWorkspace, findWorkspaces, listWorkspaces } from './workspaces.ts';

export interface WorkspaceRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly holds: Holds;
  /** Most that one of the staff credits alone, in micros. */
  readonly creditAloneMaxMicros: bigint;
}

export function workspaceRoutes(options: WorkspaceRoutesOptions): readonly Route[] {
  const { db, keyring, holds, creditAloneMaxMicros } = options;
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, AdminPrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const found = await db.batch(async (tx) => {
        const workspaces = await listWorkspaces(tx, keyring, page);
        // Sent together, so one round trip for a page.
        return Promise.all(
          workspaces.map(async (workspace) => ({ workspace, wallet: await walletOf(tx, workspace.id) })),
        );
      });
      return pageAnswer(
        found,
        query.limit,
        ({ workspace }) => workspace.id,
        ({ workspace, wallet }) => presentWorkspace(workspace, wallet),
      );
    }),
    inTransaction(createOperation, async (call: Call<typeof createOperation, AdminPrincipal>, tx) => {
      const { kind, name = null, currency, credit_limit: limit } = call.body;
      if (name !== null) refuseUnlessHeld(holds, 'user.name', 'name');
      if (limit !== undefined && limit.currency !== currency) {
        throw new AppError('invalid_request', {
          field: 'credit_limit.currency',
          detail: 'The limit is in the currency of the workspace.',
        });
      }
      const limitMicros = limit === undefined ? 0n : amountOf(limit, 'credit_limit.amount');
      const workspace = await createWorkspace(tx, keyring, { kind, name, currency }, actorOf(call));
      if (limitMicros > 0n) await setCreditLimit(tx, workspace.id, limitMicros);
      return presentWorkspace(workspace, await walletOf(tx, workspace.id));
    }),
    inTransaction(creditOperation, async (call: Call<typeof creditOperation, AdminPrincipal>, tx) => {
      const { params, body, idempotency } = call;
      const id = decodeId('wrk', params.id);
      const [workspace] = id === null ? [] : await findWorkspaces(tx, keyring, [id]);
      if (workspace === undefined) throw new AppError('not_found');
      if (workspace.closedAt !== null) {
        throw new AppError('conflict', { detail: 'The workspace is closed.' });
      }
      const amountMicros = amountOf(body.amount, 'amount.amount');
      if (amountMicros > creditAloneMaxMicros) throw new AppError('second_person_needed');
      const topUp = {
        workspaceId: workspace.id,
        amountMicros,
        currency: body.amount.currency,
        key: postingKey(idempotency),
        reason: body.reason,
      };
      const posted = await topUpByHand(tx, keyring, topUp, actorOf(call));
      assertInvariant(posted.outcome !== 'insufficient_funds', 'a credit takes nothing');
      if (posted.outcome === 'conflict') throw new AppError('idempotency_mismatch');
      await noteActivity(tx, [workspace.id]);
      const transaction = await findTransaction(tx, workspace.id, posted.transactionId);
      assertInvariant(transaction !== undefined, 'what was posted can be read');
      return presentEntry(transaction, workspace.currency);
    }),
  ];
}

/** The key of the request, or one of its own: the books then remember a key longer than the answer is kept for it. */
const postingKey = (idempotency: RequestMacs | null): string =>
  idempotency === null ? `credit:${newId()}` : `credit.mac:${idempotency.keyMac.toString('hex')}`;

/** Micros of a checked amount. Throws `invalid_request` for more than the books take in one posting. */
function amountOf(money: Parameters<typeof microsOf>[0], field: string): bigint {
  const micros = microsOf(money);
  if (!isAmount(micros)) {
    throw new AppError('invalid_request', { field, detail: 'It is larger than the books take at once.' });
  }
  return micros;
}

async function walletOf(tx: Tx, workspaceId: string): Promise<Wallet> {
  const wallet = await balance(tx, workspaceId);
  assertInvariant(wallet !== undefined, 'every workspace has a wallet');
  return wallet;
}
