// Who may be sent what. A recipient is declared once, in code or by the operator's configuration; what is not
// declared cannot be sent. The policy's list of recipients is compared with these declarations.
import type { Purpose } from '../map/purposes.ts';
import { isAddress, isLoopbackAddress, isPublicAddress } from './address-rules.ts';

export interface DeclaredHost {
  /** A name in lower case, or an address without brackets. No wildcards. */
  readonly host: string;
  /** Default 443. */
  readonly ports?: readonly number[];
}

export interface Recipient {
  readonly purpose: Purpose;
  /** The hosts it has, or `customer_endpoints`: any public host, since customers name them in their own table. */
  readonly hosts: readonly DeclaredHost[] | 'customer_endpoints';
  /**
   * The fields its requests may carry, in body and query alike: `to`, `message.text`, `items[].id`, or
   * `metadata.*` for everything below.
   */
  readonly fields: readonly string[];
  /** Header names in lower case it may be sent, besides those of HTTP itself. */
  readonly headers?: readonly string[];
  /** In development also plain http to this machine, for simulated recipients. Production ignores it. */
  readonly loopbackInDevelopment?: boolean;
  readonly timeoutMs?: number;
  readonly responseBytesMax?: number;
}

export type Recipients = Readonly<Record<string, Recipient>>;

/** Why a call was not made. Neither code nor message carries a URL, a value or a token. */
export type EgressRefusalCode =
  | 'E-REC-UNDECLARED'
  | 'E-REC-PAYLOAD'
  | 'E-TLS'
  | 'url_invalid'
  | 'address_not_public'
  | 'request_too_large';

export class EgressRefusal extends Error {
  readonly code: EgressRefusalCode;
  constructor(code: EgressRefusalCode, sentence: string) {
    super(`${code}: ${sentence}`);
    this.name = 'EgressRefusal';
    this.code = code;
  }
}

/** Ports a customer's endpoint may have. */
const CUSTOMER_PORTS = [443, 8443];
const DEFAULT_PORTS = [443];

/** A URL that may be called, and whether its connection may reach this machine. */
export interface Destination {
  readonly url: URL;
  readonly loopback: boolean;
}

/**
 * Checks a URL against a recipient's declaration and returns it in canonical form. It is parsed first, because
 * the parser already turns `0x7f.1`, `2130706433` and `127.1` into the address they mean.
 */
export function destinationOf(
  name: string,
  recipient: Recipient,
  text: string,
  development: boolean,
): Destination {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new EgressRefusal('url_invalid', `${name}: not an http(s) URL`);
  if (url.username || url.password)
    throw new EgressRefusal('url_invalid', `${name}: a URL may not carry credentials`);
  url.hash = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.replace(/\.+$/, '');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw new EgressRefusal('url_invalid', `${name}: a URL needs a host`);

  const loopback = development && recipient.loopbackInDevelopment === true && isLoopback(host);
  if (url.protocol === 'http:' && !loopback)
    throw new EgressRefusal('E-TLS', `${name}: only https leaves this machine`);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (!allows(recipient, host, port, loopback)) {
    throw new EgressRefusal('E-REC-UNDECLARED', `${name}: this host and port are not declared for it`);
  }
  // Names are checked when they are resolved; an address is never resolved, so it is checked here.
  if (isAddress(host) && !loopback && !isPublicAddress(host)) {
    throw new EgressRefusal('address_not_public', `${name}: the address is not on the public Internet`);
  }
  return { url, loopback };
}

const isLoopback = (host: string) =>
  host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host);

function allows(recipient: Recipient, host: string, port: number, loopback: boolean): boolean {
  if (recipient.hosts === 'customer_endpoints') return loopback || CUSTOMER_PORTS.includes(port);
  return recipient.hosts.some(
    (declared) => declared.host === host && (declared.ports ?? DEFAULT_PORTS).includes(port),
  );
}
