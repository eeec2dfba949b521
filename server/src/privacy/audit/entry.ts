// What an entry of the audit trail can say. Every field is a code of a closed list, a count or an id that becomes a
// pseudonym on the way in: there is no field that takes a name, a number or a text.
import type { auditActions, auditObjectKinds } from '@sotto/contract/admin/audit';

export type AuditAction = (typeof auditActions)[number];
export type AuditObjectKind = (typeof auditObjectKinds)[number];

/** The request somebody acted in, as it was answered: `req_...`. */
interface InRequest {
  readonly requestId?: string;
}

/**
 * Who acted. `keyId` is the row id of the API key; null for the operator at the machine, who uses none. `personId` is
 * who was signed in.
 */
export type Actor =
  | ({ readonly kind: 'staff'; readonly keyId: string | null } & InRequest)
  | ({ readonly kind: 'staff' | 'customer_key'; readonly keyId: string } & InRequest)
  | ({ readonly kind: 'staff' | 'customer'; readonly personId: string } & InRequest)
  | { readonly kind: 'system' };

/** The platform itself: jobs, seeds, retention. */
export const SYSTEM: Actor = { kind: 'system' };

/** The operator at the command line. */
export const OPERATOR: Actor = { kind: 'staff', keyId: null };

/** What the trail needs of whoever makes a request. */
export interface AuditedCaller {
  readonly kind: 'workspace' | 'admin' | 'person';
  readonly keyId: string;
  /** Who is signed in; null for a key. */
  readonly personId: string | null;
}

/** Whoever makes a request, as the trail knows them: the person, else the key. */
export const actorOf = ({
  caller,
  requestId,
}: {
  readonly caller: AuditedCaller;
  readonly requestId: string;
}): Actor => {
  const { kind, keyId, personId } = caller;
  if (personId !== null) return { kind: kind === 'admin' ? 'staff' : 'customer', personId, requestId };
  return { kind: kind === 'admin' ? 'staff' : 'customer_key', keyId, requestId };
};

export interface AuditEntry {
  readonly action: AuditAction;
  readonly actor: Actor;
  /** `done` when left out. */
  readonly outcome?: 'done' | 'refused' | 'failed';
  /** What was acted on; `id` is its row id, a UUID. */
  readonly object?: { readonly kind: AuditObjectKind; readonly id: string };
  /** How many, where the action counts. */
  readonly affected?: number;
  /**
   * Ids that let the entry be followed while its workspace lives: sealed under the workspace's identity key, and
   * unreadable once that is destroyed. Only the hash of the sealed bytes is chained, so the chain holds without it.
   */
  readonly sealed?: { readonly workspaceId: string; readonly ids: Readonly<Record<string, string>> };
}
