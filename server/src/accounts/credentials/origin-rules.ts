// Whether a request that carries the session cookie was made by our own pages (ASVS 5.0 V3.5.1 to V3.5.3). Browsers
// add the cookie to whatever a foreign page sends; what they say about where it came from cannot be set by that page.
// Requests that carry a token in a header need none of this: nobody's browser adds that by itself.

/** Headers as they arrived; undefined where there was none. */
export interface CookieRequest {
  readonly method: string;
  /** RFC 6454 §7 */
  readonly origin: string | undefined;
  /** Fetch Metadata §2.3 */
  readonly secFetchSite: string | undefined;
  readonly contentType: string | undefined;
  /** Whether it has a header that a foreign page may send only after asking, such as `Idempotency-Key`. */
  readonly hasOwnHeader: boolean;
}

export type OriginDecision =
  | 'allowed'
  /** Made by another origin, a sandboxed page, or by nobody's page. */
  | 'foreign'
  /** Nothing says where it came from. */
  | 'unknown'
  /** In a form that any page may send without asking first. */
  | 'simple';

/** These change nothing, in any operation of the contract (RFC 9110 §9.2.1). Spelt as HTTP spells them. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Fetch §2.2.1: with one of the types below and no header of its own, sent to other origins without asking. */
const SIMPLE_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);
/** RFC 9110 §8.3.1; what follows the first semicolon says nothing about the type. */
const MEDIA_TYPE = /^([a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100})[ \t]*(?:;|$)/;

/** Decides on a request that would be let in by its cookie. `publicOrigin` is spelt as `new URL(...).origin` does. */
export function judgeCookieRequest(request: CookieRequest, publicOrigin: string): OriginDecision {
  if (SAFE_METHODS.has(request.method)) return 'allowed';
  const { origin, secFetchSite } = request;
  // What is said has to be right, and something has to be said. Both are looked at: a proxy may drop either.
  if (origin !== undefined && origin !== publicOrigin) return 'foreign';
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') return 'foreign';
  if (origin === undefined && secFetchSite === undefined) return 'unknown';
  return isSimple(request) ? 'simple' : 'allowed';
}

/** Whether a page of any origin could have sent this without a preflight (Fetch §4.8). */
function isSimple({ method, contentType, hasOwnHeader }: CookieRequest): boolean {
  // No type and no header of its own: the methods other than POST are asked for beforehand.
  if (contentType === undefined) return method === 'POST' && !hasOwnHeader;
  const type = MEDIA_TYPE.exec(contentType.trim().toLowerCase())?.[1];
  return type === undefined || SIMPLE_TYPES.has(type);
}
