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
  revokeKeysOf,
} from './api-keys.ts';
export {
  type Authentication,
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
} from './authenticator.ts';
export type { BoundsOf, WorkspaceBounds } from './bounds.ts';
export { openBreachedPasswords } from './credentials/breached-passwords.ts';
export { type CookieRequest, judgeCookieRequest, type OriginDecision } from './credentials/origin-rules.ts';
export { type PasskeySite, passkeySite } from './credentials/passkeys.ts';
export { createPasswordHasher } from './credentials/password-hash.ts';
export { createPasswordRules } from './credentials/password-rules.ts';
export { DEV_CREDENTIALS_FILE, type DevCredentials } from './dev-credentials.ts';
export { type DevelopmentSeed, seedDevelopment } from './development-seed.ts';
export { createAdminToken, redeemAdminToken } from './first-admin.ts';
export { type Hand, handOf, isSameHand } from './hand.ts';
export type { KeyKind, KeyLimits, KeyRefusal } from './key-rules.ts';
export { type Contact, contactsOf } from './people/contacts.ts';
export { isMember, shareAPerson } from './people/person.sql.ts';
export type { AdminPrincipal, PersonPrincipal, Principal, WorkspacePrincipal } from './principal.ts';
export { endPresented } from './sessions/sessions.ts';
export type { AccountLetter, AccountMail } from './sign-in/account-mail.ts';
export { attemptsUnder } from './sign-in/attempts.ts';
export type { OpeningTerms, SignInParts } from './sign-in/routes.ts';
export { isSessionToken } from './token.ts';
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
