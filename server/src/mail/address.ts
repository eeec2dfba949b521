// The rule of a mail address (RFC 5321 §4.1.2, RFC 5322 §3.4.1, narrower than both): one addressee, no quoting, no
// comments, no address literal, nothing that reads as another address than it is. Whoever stores an address stores what
// this gives, so that one mailbox has one spelling of its domain.
import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 5321 §4.5.3.1.3 allows 256 octets with the angle brackets. */
const ADDRESS_OCTETS_MAX = 254;
/** RFC 5321 §4.5.3.1.1. */
const LOCAL_OCTETS_MAX = 64;
const LABEL_OCTETS_MAX = 63;

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

export type ParsedAddress =
  | { readonly outcome: 'valid'; readonly address: string }
  | { readonly outcome: 'refused'; readonly reason: 'malformed' | 'too_long' | 'lookalike' };

const refused = (reason: 'malformed' | 'too_long' | 'lookalike'): ParsedAddress => ({
  outcome: 'refused',
  reason,
});

/**
 * An address in the one spelling it is stored and sent in: the domain in lower case and in its ASCII form (RFC 5891), the
 * part before the @ as it was written. `lookalike` where scripts are mixed within a label, characters stand for others,
 * or the part before the @ is not ASCII. Pure; never throws.
 */
export function parseAddress(text: string): ParsedAddress {
  if (text.length > ADDRESS_OCTETS_MAX) return refused('too_long');
  const at = text.lastIndexOf('@');
  if (at < 1) return refused('malformed');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (local.length > LOCAL_OCTETS_MAX) return refused('too_long');
  if (/\p{L}/u.test(local.replace(/[A-Za-z]/g, ''))) return refused('lookalike');
  if (!LOCAL.test(local)) return refused('malformed');
  const host = asciiDomain(domain);
  if (host === 'malformed' || host === 'lookalike') return refused(host);
  const address = `${local}@${host}`;
  return address.length > ADDRESS_OCTETS_MAX ? refused('too_long') : { outcome: 'valid', address };
}

/** The domain of an address that was parsed. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

function asciiDomain(text: string): string {
  // Only what a domain is written with: the converter of URLs would quietly drop or reinterpret the rest.
  if (!/^[\p{L}\p{M}\p{Nd}.-]+$/u.test(text)) return 'malformed';
  if (text.normalize('NFKC').toLowerCase() !== text.normalize('NFC').toLowerCase()) return 'lookalike';
  const ascii = domainToASCII(text);
  const labels = ascii.split('.');
  if (labels.length < 2 || labels.some((label) => label.length > LABEL_OCTETS_MAX || !LABEL.test(label)))
    return 'malformed';
  // A domain of the top is never a number; an address of a machine is no domain.
  if (/^\d+$/.test(labels.at(-1)!)) return 'malformed';
  return domainToUnicode(ascii).split('.').every(isOfOneScript) ? ascii : 'lookalike';
}

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Bopomofo}/u,
];

/** Letters of a label come from one script (UTS 39 §5.1, single script; the East Asian ones count as one). */
const isOfOneScript = (label: string): boolean => SCRIPTS.filter((script) => script.test(label)).length <= 1;
