// Whether browsers may hold a session in a cookie here. The policy lists cookies by the names they have in a browser.
import { sessionCookieName } from '@sotto/contract/headers';
import type { Policy } from '@sotto/policy';
import { boundsMs } from '@sotto/policy/duration';
import { holdsOf } from './holds.ts';

export interface SessionCookieTerms {
  readonly name: string;
  readonly maxAgeSeconds: number;
}

/** How long the cookie of a session lasts; null where the policy lists none that is essential and for security. Pure. */
export function sessionCookieOf(policy: Policy): SessionCookieTerms | null {
  if (!holdsOf(policy)('user.device.cookie_id')) return null;
  const listed = policy.cookies.list.find(({ name }) => name === sessionCookieName);
  if (listed === undefined || !listed.essential || listed.purpose !== 'security') return null;
  return { name: listed.name, maxAgeSeconds: Math.floor(boundsMs(listed.ttl).min / 1000) };
}
