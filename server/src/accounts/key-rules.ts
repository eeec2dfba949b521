// What a key may hand on to a key it creates: never more than it has itself, in any respect (ASVS 5.0.0 V13.2.2).
// Otherwise a leaked key that is narrow, bound to a network or about to expire would be as good as a master key.
import { grantableScopes, platformScopes, type Scope, workspaceScopes } from '@sotto/contract/scopes';
import { readNetwork } from '#platform/ip-address';
import { networkList } from '#platform/network-list';

export type KeyKind = 'live' | 'test' | 'admin';

/** The limits of a key: of the one that creates, and of the one that is wanted. */
export interface KeyLimits {
  readonly kind: KeyKind;
  readonly scopes: readonly Scope[];
  /** Networks it may be used from; empty means anywhere. */
  readonly networks: readonly string[];
  /** Null means it never expires. */
  readonly expiresAt: Date | null;
  /** How fast it may be used; null or left out: as fast as any key of the installation. */
  readonly requestsPerSecond?: number | null;
}

/** Why a key is not issued. Each names the field of the request it is about. */
export type KeyRefusal =
  | { readonly reason: 'kind_too_wide'; readonly field: 'kind' }
  | { readonly reason: 'no_scope' | 'scope_not_of_kind' | 'scope_too_wide'; readonly field: 'scopes' }
  | { readonly reason: 'network_malformed' | 'network_too_wide'; readonly field: 'networks' }
  | { readonly reason: 'already_expired' | 'lasts_too_long'; readonly field: 'expires_at' }
  | { readonly reason: 'too_fast'; readonly field: 'requests_per_second' };

/** Rules for every key, whoever issues it. `now` is the database's time. Null when there is nothing against it. */
export function refuseKey(wanted: KeyLimits, now: Date): KeyRefusal | null {
  if (wanted.scopes.length === 0) return { reason: 'no_scope', field: 'scopes' };
  const possible: readonly Scope[] = wanted.kind === 'admin' ? platformScopes : workspaceScopes;
  if (!wanted.scopes.every((scope) => possible.includes(scope)))
    return { reason: 'scope_not_of_kind', field: 'scopes' };
  if (wanted.networks.some((each) => readNetwork(each) === null))
    return { reason: 'network_malformed', field: 'networks' };
  if (wanted.expiresAt !== null && wanted.expiresAt <= now)
    return { reason: 'already_expired', field: 'expires_at' };
  return null;
}

/** Further rules for a key that keeps the rules for all and is created by another. Null when nothing is against it. */
export function refuseHandingOn(creator: KeyLimits, wanted: KeyLimits): KeyRefusal | null {
  if (!MAY_CREATE[creator.kind].includes(wanted.kind)) return { reason: 'kind_too_wide', field: 'kind' };
  const grantable: readonly Scope[] = grantableScopes;
  if (!wanted.scopes.every((scope) => creator.scopes.includes(scope) && grantable.includes(scope)))
    return { reason: 'scope_too_wide', field: 'scopes' };
  const anywhere = wanted.networks.length === 0;
  const allowed = networkList(creator.networks);
  if ((anywhere && creator.networks.length > 0) || !wanted.networks.every((each) => allowed.covers(each)))
    return { reason: 'network_too_wide', field: 'networks' };
  if (creator.expiresAt !== null && (wanted.expiresAt === null || wanted.expiresAt > creator.expiresAt))
    return { reason: 'lasts_too_long', field: 'expires_at' };
  if ((wanted.requestsPerSecond ?? Infinity) > (creator.requestsPerSecond ?? Infinity))
    return { reason: 'too_fast', field: 'requests_per_second' };
  return null;
}

/** A test key must not turn into one that reaches carriers and charges. */
const MAY_CREATE: Readonly<Record<KeyKind, readonly KeyKind[]>> = {
  live: ['live', 'test'],
  test: ['test'],
  admin: ['admin'],
};
