// The face of identity for the contexts above it and the wiring: what was decided, and the end of a workspace.
import type { IdentityCheckKind } from '@sotto/contract/identity-checks';
import type { Tx } from '#platform/database';
import { selectApprovedKinds } from './check.sql.ts';

export { decided } from './events.ts';
export { endIdentityChecksOf } from './expiry.ts';

/** The kinds of checks a workspace has passed, for whoever decides how far it is trusted. */
export const approvedKinds = async (tx: Tx, workspaceId: string): Promise<ReadonlySet<IdentityCheckKind>> =>
  new Set((await selectApprovedKinds(tx, workspaceId)) as IdentityCheckKind[]);
