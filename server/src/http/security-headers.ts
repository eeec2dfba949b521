// Headers on every answer, errors included (OWASP ASVS 5.0.0 V3.4, V14.3.2). The API is data: nothing may load it as
// a script, frame it, sniff it or keep it.

export const API_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

/**
 * For the pages that show documentation: their own script and nothing from elsewhere. The viewer of the reference
 * writes style elements, so styles may be inline; scripts may not.
 */
export const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** One year, subdomains included; only where the listener or a trusted proxy speaks TLS. */
export const HSTS = 'max-age=31536000; includeSubDomains';
