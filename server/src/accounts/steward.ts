// What each column of accounts holds about somebody, and what becomes of it.

import type { DB } from '#platform/tables';
import { clear, type DataMap, hashed, operations, sealed, steward } from '#privacy/data-map';

/** Facts of an account: kept while it lives, so that its owner can be served and its keys recognised. */
const account = clear({
  category: 'user.account.settings',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

export const accounts = steward('accounts', {
  workspace: {
    about: [{ column: 'id', leadsTo: 'workspace' }],
    columns: {
      id: account,
      kind: account,
      name: sealed({
        category: 'user.name',
        purposes: ['service', 'support'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      currency: account,
      created_at: account,
      closed_at: account,
    },
  },
  api_key: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: account,
      workspace_id: account,
      kind: account,
      origin: account,
      created_by: account,
      name: sealed({
        category: 'user.account.settings',
        purposes: ['service', 'security'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      secret_hash: hashed({
        category: 'user.authorization.password',
        purposes: ['security'],
        basis: 'contract',
        retention: 'account',
        dispose: 'erase',
      }),
      first_four: account,
      last_four: account,
      scopes: account,
      networks: clear({
        category: 'user.device.ip_address',
        purposes: ['security'],
        basis: 'legitimate_interest',
        interest: 'keeping a key from being used elsewhere',
        retention: 'account',
        dispose: 'erase',
      }),
      expires_at: account,
      created_at: account,
      last_used_at: clear({
        category: 'user.behavior.service_used',
        purposes: ['security'],
        basis: 'legitimate_interest',
        interest: 'a key nobody uses any more can be found and revoked',
        retention: 'account',
        dispose: 'erase',
      }),
      revoked_at: account,
    },
  },
  admin_token: {
    about: [{ column: 'api_key_id', leadsTo: 'accounts.api_key' }],
    columns: {
      id: operations,
      secret_hash: hashed({
        category: 'user.authorization.password',
        purposes: ['security'],
        basis: 'legitimate_interest',
        interest: 'the first administrator can be let in without a default password',
        retention: 'audit',
        dispose: 'erase',
      }),
      created_at: operations,
      expires_at: operations,
      redeemed_at: operations,
      api_key_id: operations,
    },
  },
} as const satisfies DataMap<DB, 'accounts'>);
