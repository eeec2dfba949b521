// How tests bring a notice of money, and read what it left.
import assert from 'node:assert/strict';
import { listTopUps } from '@sotto/contract/top-ups';
import { getWallet } from '@sotto/contract/wallet';
import type { SentNotice } from '@sotto/simulator';
import { auditBooks } from '#ledger';
import type { Tenant, TestApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';

/** Use what it returns inside tests. */
export function moneyToldTo(app: TestApi) {
  return {
    /** Sends notices to a path of the server, as the provider does. */
    to:
      (path: string) =>
      async ({ headers, body }: Pick<SentNotice, 'headers' | 'body'>) => {
        const answer = await app.server.fastify.inject({
          method: 'POST',
          url: path,
          headers: { 'content-type': 'application/json', ...headers },
          payload: body,
        });
        return { status: answer.statusCode, body: answer.json() };
      },
    available: async (tenant: Tenant = app.shop) =>
      Number((await callOperation(app.server, getWallet, { token: tenant.token })).body.available.amount),
    topUps: async (tenant: Tenant = app.shop) =>
      (await callOperation(app.server, listTopUps, { token: tenant.token })).body.data,
    booksHold: async () => assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []),
    subscriptions: () =>
      app.database.sql<{ state: string; workspace_id: string }>(
        'select state, workspace_id from payments.subscription order by id',
      ),
  };
}
