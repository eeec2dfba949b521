// Workspaces and keys as the API shows them.
import { encodeId, moneyOf } from '@sotto/contract';
import type { Workspace as WorkspaceAnswer } from '@sotto/contract/admin/workspaces';
import type { ApiKey as ApiKeyAnswer } from '@sotto/contract/keys';
import type { Wallet } from '#ledger';
import { assertInvariant } from '#platform/errors';
import type { ApiKey } from './api-keys.ts';
import type { Workspace } from './workspaces.ts';

/** A key of a workspace. Administrators' keys are no resource of the API. */
export function presentKey(key: ApiKey): ApiKeyAnswer {
  assertInvariant(key.kind !== 'admin', 'a key of a workspace is no key of an administrator');
  return {
    id: encodeId('key', key.id),
    name: key.name,
    kind: key.kind,
    prefix: key.prefix,
    last_four: key.lastFour,
    created_by: key.createdBy === null ? null : encodeId('key', key.createdBy),
    scopes: [...key.scopes] as ApiKeyAnswer['scopes'],
    networks: [...key.networks],
    expires_at: iso(key.expiresAt),
    requests_per_second: key.requestsPerSecond ?? null,
    last_used_at: iso(key.lastUsedAt),
    revoked_at: iso(key.revokedAt),
    created_at: key.createdAt.toISOString(),
  };
}

export const presentWorkspace = (workspace: Workspace, wallet: Wallet): WorkspaceAnswer => ({
  id: encodeId('wrk', workspace.id),
  kind: workspace.kind,
  name: workspace.name,
  currency: workspace.currency,
  available: moneyOf(wallet.availableMicros, wallet.currency),
  credit_limit: moneyOf(wallet.creditLimitMicros, wallet.currency),
  created_at: workspace.createdAt.toISOString(),
  closed_at: iso(workspace.closedAt),
});

const iso = (at: Date | null) => at?.toISOString() ?? null;
