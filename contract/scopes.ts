// What a key may be allowed to do. Every operation that is not public names exactly one of these.

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
  'keys:read',
  'keys:write',
] as const;

/** Scopes of the platform: what an operator's key may hold. */
export const platformScopes = [
  'admin:carriers',
  'admin:routes',
  'admin:prices',
  'admin:numbers',
  'admin:workspaces',
  'admin:jobs',
  'admin:audit',
  'admin:telemetry',
  'admin:simulator',
  'metrics:read',
] as const;

export const scopes = [...workspaceScopes, ...platformScopes] as const;

export type Scope = (typeof scopes)[number];

/**
 * What a key may hand on to a key it creates: only scopes it holds itself, and never the power to create keys, so
 * that a leaked key cannot outlive its revocation (ASVS 5.0.0 V13.2.2).
 */
export const grantableScopes = scopes.filter(
  (scope): scope is Exclude<Scope, 'keys:write'> => scope !== 'keys:write',
);
