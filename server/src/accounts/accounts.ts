// The face of accounts for the contexts above it: workspaces, API keys, and who is calling.

export {
  type ApiKey,
  type CreatedKey,
  createKey,
  type KeyOrigin,
  listAdminKeys,
  listKeys,
  type NewKey,
  revokeKey,
} from './api-keys.ts';
export {
  type AdminPrincipal,
  type Authentication,
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type Principal,
  type WorkspacePrincipal,
} from './authenticator.ts';
export { DEV_CREDENTIALS_FILE, type DevCredentials } from './dev-credentials.ts';
export { type DevelopmentSeed, seedDevelopment } from './development-seed.ts';
export { createAdminToken, redeemAdminToken } from './first-admin.ts';
export type { KeyKind, KeyLimits, KeyRefusal } from './key-rules.ts';
export { topUpByHand } from './top-up.ts';
export {
  closeWorkspace,
  createWorkspace,
  findWorkspaces,
  isWorkspaceOpen,
  listWorkspaces,
  type NewWorkspace,
  type Workspace,
} from './workspaces.ts';
