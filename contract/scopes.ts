// What a caller may be allowed to do. Every operation that is not public names exactly one of these. Keys hold scopes of
// a workspace or of the platform; who is signed in holds those of their role, and over their own account the rest.

/** Scopes of a workspace: what a customer's key may hold. */
export const workspaceScopes = [
  'messages:send',
  'messages:read',
  'messages:erase',
  'inbound:read',
  'opt_outs:read',
  'opt_outs:write',
  'consents:read',
  'consents:write',
  'wallet:read',
  'tickets:read',
  'tickets:write',
  'identity:read',
  'identity:write',
  'payments:read',
  'payments:write',
  'invoices:read',
  'invoices:write',
  'keys:read',
  'keys:write',
  'members:read',
  'workspace:read',
  'workspace:write',
] as const;

/**
 * Scopes of a workspace that a role gives and no key: what they do outlives a revocation, binds the organisation, or ends
 * the workspace (ASVS 5.0.0 V13.2.2), or is a consent to be charged. All but the first want a sign-in that is minutes old.
 */
export const memberScopes = [
  'members:write',
  'agreements:accept',
  'workspace:close',
  'payments:automate',
] as const;

/** Scopes of the platform: what an operator's key may hold. */
export const platformScopes = [
  'admin:carriers',
  'admin:routes',
  'admin:prices',
  'admin:numbers',
  'admin:workspaces',
  'admin:agreements',
  'admin:staff',
  'admin:tickets',
  'admin:identity',
  'admin:payments',
  'admin:abuse',
  'admin:jobs',
  'admin:audit',
  'admin:telemetry',
  'admin:simulator',
  'metrics:read',
] as const;

/**
 * What somebody who is signed in may do with their own account. No key holds these: a key speaks for a workspace, and
 * must not be able to change a password (ASVS 5.0.0 V13.2.2). `account:secure` wants a sign-in that is minutes old.
 */
export const accountScopes = ['account:read', 'account:write', 'account:secure', 'account:finish'] as const;

/** Scopes that a key can have. */
export const scopes = [...workspaceScopes, ...platformScopes] as const;

export type WorkspaceScope = (typeof workspaceScopes)[number] | (typeof memberScopes)[number];
export type PlatformScope = (typeof platformScopes)[number];
export type AccountScope = (typeof accountScopes)[number];
export type Scope = WorkspaceScope | PlatformScope | AccountScope;

/** Whether a scope is over the caller's own account. */
export const isAccountScope = (scope: Scope): scope is AccountScope =>
  (accountScopes as readonly string[]).includes(scope);

/** Whether a scope is held by who is signed in alone, and by no key. */
export const isPersonScope = (scope: Scope): boolean =>
  isAccountScope(scope) || (memberScopes as readonly string[]).includes(scope);

/** Scopes that want a sign-in that is minutes old. */
export const isFreshScope = (scope: Scope): boolean =>
  scope === 'account:secure' ||
  ((memberScopes as readonly string[]).includes(scope) && scope !== 'members:write');

/** Whether a scope is the platform's. */
export const isPlatformScope = (scope: Scope): scope is PlatformScope =>
  (platformScopes as readonly string[]).includes(scope);

/**
 * What a key may hand on to a key it creates: only scopes it holds itself, and never the power to create keys, so
 * that a leaked key cannot outlive its revocation (ASVS 5.0.0 V13.2.2).
 */
export const grantableScopes = scopes.filter(
  (scope): scope is Exclude<(typeof scopes)[number], 'keys:write'> => scope !== 'keys:write',
);
