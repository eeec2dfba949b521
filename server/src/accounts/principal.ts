// Who calls, once that is certain.
import type { Scope } from '@sotto/contract/scopes';

/** Administrators and people who look after their own account belong to no workspace. */
export type Principal = WorkspacePrincipal | AdminPrincipal | PersonPrincipal;

interface Presented {
  /** Row id of what was presented: an API key or a session. */
  readonly keyId: string;
  /** Who is signed in; null for a key. */
  readonly personId: string | null;
  readonly scopes: ReadonlySet<Scope>;
  /** How fast this key may be used; null or left out: as fast as any. */
  readonly requestsPerSecond?: number | null;
}

export interface WorkspacePrincipal extends Presented {
  readonly kind: 'workspace';
  readonly workspaceId: string;
  /** A test key: nothing it asks for reaches a carrier or is charged. */
  readonly test: boolean;
  /** The one currency of the workspace. */
  readonly currency: string;
}

export interface AdminPrincipal extends Presented {
  readonly kind: 'admin';
  readonly workspaceId: null;
  readonly test: false;
  readonly currency: null;
}

/** Somebody signed in, about their own account. */
export interface PersonPrincipal extends Presented {
  readonly kind: 'person';
  readonly personId: string;
  readonly workspaceId: null;
  /** How far they are signed in. */
  readonly strength: 'first_factor' | 'full' | 'second_factor';
  readonly test: false;
  readonly currency: null;
}
