// Proxies whose word on the caller's address is believed. One on this machine or in a private network is the
// operator's own; one on the public Internet is somebody else's, such as a CDN, who sees every request in clear: it is
// a recipient (GDPR Art. 4(9)), and the policy has to name it (R-RECIP).
import { networkList } from '#platform/network-list';

/** Loopback, private and link-local networks (RFC 1918, RFC 4193, RFC 6598, RFC 3927, RFC 4291 §2.5.3 and §2.5.6). */
const OWN_NETWORKS = networkList([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]);

/** Why a proxy may not be trusted as configured. Names a block of the configuration, never an address of a caller. */
export interface ProxyObjection {
  /** The block as configured. */
  readonly proxy: string;
  /** `unnamed`: no recipient is configured for it. `undeclared`: the policy does not list that recipient. */
  readonly reason: 'unnamed' | 'undeclared';
  readonly sentence: string;
  readonly waysOut: readonly string[];
}

/** Whether every address of a block is the operator's own. A text that is no network is not. */
function isOwn(block: string): boolean {
  try {
    return OWN_NETWORKS.covers(block);
  } catch {
    return false;
  }
}

/** The configured proxies that are on the public Internet, at least in part. */
export const foreignProxies = (trustedProxies: readonly string[]): readonly string[] =>
  trustedProxies.filter((block) => !isOwn(block));

/**
 * Every trusted proxy that is not the operator's own and that no declared recipient stands for. Empty when all is
 * well. `recipient` is the configured key of the policy's `recipients`; `declared` are the keys the policy has.
 */
export function undeclaredProxies(
  trustedProxies: readonly string[],
  recipient: string | undefined,
  declared: readonly string[],
): readonly ProxyObjection[] {
  const reason = recipient === undefined ? 'unnamed' : 'undeclared';
  if (recipient !== undefined && declared.includes(recipient)) return [];
  return foreignProxies(trustedProxies).map((proxy) => ({
    proxy,
    reason,
    sentence:
      reason === 'unnamed'
        ? `SOTTO_TRUSTED_PROXIES has ${proxy}, which is not a private network: whoever runs it sees every request, and no recipient is named for it.`
        : `SOTTO_PROXY_RECIPIENT names ${recipient}, which the policy does not list among its recipients.`,
    waysOut: [
      'put a proxy of your own in front, in a private network',
      'set SOTTO_PROXY_RECIPIENT to the key of a recipient that the policy lists',
      'take the block out of SOTTO_TRUSTED_PROXIES',
    ],
  }));
}
