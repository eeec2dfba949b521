// What a session lets its bearer do. Pure: facts of one moment in, a caller or a refusal out.
//
//   first_factor ──second factor──► second_factor          a session that waits can only be finished or ended
//   full                                                   everything the account and its roles allow

import { type StaffRole, scopesOfRole, scopesOfStaff, type WorkspaceRole } from '@sotto/contract/roles';
import { isAccountScope, isFreshScope, isPlatformScope, type Scope } from '@sotto/contract/scopes';
import type { PersonPrincipal, Principal } from '../principal.ts';

export type Strength = PersonPrincipal['strength'];

export interface Member {
  readonly workspaceId: string;
  readonly role: WorkspaceRole;
  /** The one currency of the workspace. */
  readonly currency: string;
}

/** What is known of a session at one moment. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly personId: string;
  readonly strength: Strength;
  /** Ended for good, or its time is over. */
  readonly ended: boolean;
  /** Milliseconds since a credential was presented. */
  readonly authenticatedMsAgo: number;
  readonly personalWorkspaceId: string | null;
  readonly members: readonly Member[];
  readonly staffRole: StaffRole | null;
}

/** What the request is for. */
export interface Asked {
  readonly scope: Scope;
  /** The workspace named in the request; null when none is. */
  readonly workspaceId: string | null;
}

export type Decision =
  | { readonly outcome: 'accepted'; readonly principal: Principal }
  | {
      readonly outcome: 'refused';
      readonly code:
        | 'session_ended'
        | 'second_factor_required'
        | 'reauthentication_required'
        | 'scope_missing'
        | 'not_found';
    };

/** How old a sign-in may be for acts that could take the account away. */
export const FRESH_MS = 600_000;

const refused = (code: Extract<Decision, { outcome: 'refused' }>['code']): Decision => ({
  outcome: 'refused',
  code,
});

/**
 * Decides on a request. A workspace the person is no member of is answered as one that does not exist. Who has a role
 * of the staff uses it with a second factor and not without.
 */
export function decideSession(facts: SessionFacts, { scope, workspaceId }: Asked): Decision {
  if (facts.ended) return refused('session_ended');
  const own = { keyId: facts.sessionId, personId: facts.personId };
  const isStale = isFreshScope(scope) && facts.authenticatedMsAgo > FRESH_MS;
  if (isAccountScope(scope)) {
    if (scope !== 'account:finish' && facts.strength === 'first_factor')
      return refused('second_factor_required');
    if (isStale) return refused('reauthentication_required');
    const { strength } = facts;
    return {
      outcome: 'accepted',
      principal: {
        kind: 'person',
        ...own,
        workspaceId: null,
        strength,
        scopes: new Set([scope]),
        test: false,
        currency: null,
      },
    };
  }
  if (facts.strength === 'first_factor') return refused('second_factor_required');
  if (isPlatformScope(scope)) {
    if (facts.staffRole === null) return refused('scope_missing');
    if (facts.strength !== 'second_factor') return refused('second_factor_required');
    const scopes: ReadonlySet<Scope> = scopesOfStaff(facts.staffRole);
    return {
      outcome: 'accepted',
      principal: { kind: 'admin', ...own, workspaceId: null, scopes, test: false, currency: null },
    };
  }
  const wanted = workspaceId ?? facts.personalWorkspaceId;
  const member = facts.members.find((one) => one.workspaceId === wanted);
  if (member === undefined) return refused(workspaceId === null ? 'scope_missing' : 'not_found');
  const scopes: ReadonlySet<Scope> = scopesOfRole(member.role);
  if (isStale && scopes.has(scope)) return refused('reauthentication_required');
  return {
    outcome: 'accepted',
    principal: {
      kind: 'workspace',
      ...own,
      workspaceId: member.workspaceId,
      scopes,
      test: false,
      currency: member.currency,
    },
  };
}
