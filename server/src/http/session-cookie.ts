// The session of a browser in a cookie (ASVS 5.0.0 V3.3): out of reach of scripts, bound to this very host, and not sent
// along by forms and frames of other sites. Where the policy lists no such cookie it is neither set nor read.
import { sessionCookieName } from '@sotto/contract/headers';
import { isSessionToken } from '#accounts';

/** Browsers send what a host has set; longer headers are nobody's of ours. */
const HEADER_LENGTH_MAX = 4_096;
/** RFC 6265bis §4.1.3.2: `__Host-` is kept only with Secure, with this path, and for no domain. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/**
 * The session a `Cookie` header presents; null when it presents none. What came twice was not all set by us, so none
 * of it counts; nothing but a session is ever in a cookie.
 */
export function readSessionCookie(header: string | undefined): string | null {
  if (header === undefined || header.length > HEADER_LENGTH_MAX) return null;
  const prefix = `${sessionCookieName}=`;
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  if (found.length !== 1) return null;
  const token = found[0]!.slice(prefix.length);
  return isSessionToken(token) ? token : null;
}

/** The `Set-Cookie` of a session that was opened: it ends with the session, and as the policy says before that. */
export function setSessionCookie(
  { token, created_at, expires_at }: { token: string; created_at: string; expires_at: string },
  maxAgeSeconds: number,
): string {
  const livesSeconds = Math.floor((Date.parse(expires_at) - Date.parse(created_at)) / 1000);
  return `${sessionCookieName}=${token}; Max-Age=${Math.min(livesSeconds, maxAgeSeconds)}; ${ATTRIBUTES}`;
}

/** What makes a browser forget the session, and whatever it kept of ours (ASVS 5.0.0 V14.3.1). */
export const FORGET_COOKIE = `${sessionCookieName}=; Max-Age=0; ${ATTRIBUTES}`;
/** Without "cookies": that reaches those of other hosts of the domain. */
export const FORGET_DATA = '"cache", "storage"';
