// The permission table: what each role may do. A member's role gives scopes in one workspace, a role of the staff
// gives scopes of the platform; operations ask for scopes and know no role.
import type { PlatformScope, WorkspaceScope } from './scopes.ts';

/** Roles of members, the mightiest first. */
export const workspaceRoles = ['owner', 'admin', 'developer', 'billing', 'viewer'] as const;
export type WorkspaceRole = (typeof workspaceRoles)[number];

/** Roles of the operator's people. Each is granted apart from any workspace and used with a second factor only. */
export const staffRoles = ['administrator', 'support', 'abuse', 'finance', 'privacy_officer'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Who holds each scope of a workspace. The power over owners and the end of the workspace is the owner's. */
const WORKSPACE: Readonly<Record<WorkspaceScope, readonly WorkspaceRole[]>> = {
  'messages:send': ['owner', 'admin', 'developer'],
  'messages:read': ['owner', 'admin', 'developer', 'viewer'],
  'messages:erase': ['owner', 'admin', 'developer'],
  'inbound:read': ['owner', 'admin', 'developer', 'viewer'],
  'opt_outs:read': ['owner', 'admin', 'developer', 'viewer'],
  'opt_outs:write': ['owner', 'admin', 'developer'],
  'consents:read': ['owner', 'admin', 'viewer'],
  'consents:write': ['owner', 'admin'],
  'wallet:read': ['owner', 'admin', 'billing', 'viewer'],
  'tickets:read': ['owner', 'admin', 'developer', 'billing', 'viewer'],
  'tickets:write': ['owner', 'admin', 'developer', 'billing'],
  'identity:read': ['owner', 'admin'],
  'identity:write': ['owner', 'admin'],
  'payments:read': ['owner', 'admin', 'billing', 'viewer'],
  'payments:write': ['owner', 'admin', 'billing'],
  'payments:automate': ['owner', 'admin', 'billing'],
  'invoices:read': ['owner', 'admin', 'billing'],
  'invoices:write': ['owner', 'admin', 'billing'],
  'keys:read': ['owner', 'admin', 'developer'],
  'keys:write': ['owner', 'admin', 'developer'],
  // Addresses of colleagues are for whoever looks after them.
  'members:read': ['owner', 'admin'],
  'members:write': ['owner', 'admin'],
  'workspace:read': ['owner', 'admin', 'developer', 'billing', 'viewer'],
  'workspace:write': ['owner', 'admin'],
  'agreements:accept': ['owner', 'admin'],
  'workspace:close': ['owner'],
};

/**
 * Who holds each scope of the platform. A privacy officer sees evidence and registers, and no content. Who runs the
 * platform does not look at passports for it: an administrator who reviews is granted `abuse`, on the record.
 */
const PLATFORM: Readonly<Record<PlatformScope, readonly StaffRole[]>> = {
  'admin:carriers': ['administrator'],
  'admin:routes': ['administrator'],
  'admin:prices': ['administrator', 'finance'],
  'admin:numbers': ['administrator'],
  'admin:workspaces': ['administrator', 'finance'],
  'admin:agreements': ['administrator', 'privacy_officer'],
  'admin:staff': ['administrator'],
  'admin:tickets': ['administrator', 'support'],
  'admin:identity': ['abuse'],
  'admin:payments': ['administrator', 'finance'],
  'admin:abuse': ['administrator', 'abuse'],
  'admin:jobs': ['administrator'],
  'admin:audit': ['administrator', 'privacy_officer'],
  'admin:telemetry': ['administrator', 'privacy_officer'],
  'admin:simulator': ['administrator'],
  'metrics:read': ['administrator'],
};

/** The scopes of a member's role. */
export const scopesOfRole = (role: WorkspaceRole): ReadonlySet<WorkspaceScope> => of(WORKSPACE, role);

/** The scopes of a role of the staff. */
export const scopesOfStaff = (role: StaffRole): ReadonlySet<PlatformScope> => of(PLATFORM, role);

function of<S extends string, R>(table: Readonly<Record<S, readonly R[]>>, role: R): ReadonlySet<S> {
  return new Set((Object.keys(table) as S[]).filter((scope) => table[scope].includes(role)));
}
