// Names of the headers this API speaks, in one place for server, document and client.

export const headers = {
  requestId: 'Request-Id',
  idempotencyKey: 'Idempotency-Key',
  /** The workspace somebody who is signed in acts in. */
  workspace: 'Sotto-Workspace',
  /** `cookie`: a browser wants the session it opens in a cookie and not in the answer. */
  session: 'Sotto-Session',
  retryAfter: 'Retry-After',
  rateLimit: 'RateLimit-Limit',
  rateRemaining: 'RateLimit-Remaining',
  rateReset: 'RateLimit-Reset',
} as const;

/** The cookie that holds the session of a browser, where the policy lists it by this name. */
export const sessionCookieName = '__Host-sid';

/** 1 to 255 visible ASCII characters (draft-ietf-httpapi-idempotency-key-header, narrowed). */
export const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/;
