// E-mail addresses for sign-in: narrower than RFC 5321 and RFC 6531 allow, so that one person has one spelling and
// nobody can register one that reads like another's. What is refused are quoted local parts, comments and address
// literals, which no mailbox in use needs, and everything invisible, reordering or confusable.
import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 5321 §4.5.3.1.3: a path has 256 octets with its angle brackets. */
const ADDRESS_OCTETS_MAX = 254;
/** RFC 5321 §4.5.3.1.1 */
const LOCAL_OCTETS_MAX = 64;
/** RFC 1035 §2.3.4 */
const LABEL_OCTETS_MAX = 63;
const DOMAIN_OCTETS_MAX = 253;
/** Longer texts are not looked at. */
const TYPED_UNITS_MAX = 320;

export interface EmailAddress {
  /** Where mail goes: the local part as typed, in NFC, and the domain in lower case A-labels. */
  readonly address: string;
  /** What the index is made of: the same in lower case. Two addresses with one index are one account. */
  readonly index: string;
  /** In lower case A-labels, for lists of disposable domains. */
  readonly domain: string;
  /** Whether a server must know SMTPUTF8 (RFC 6531) to take mail for it. */
  readonly needsSmtpUtf8: boolean;
}

/** Why a text is no address. `confusable` mixes alphabets that look alike, or has nothing but lookalikes. */
export type EmailFault = 'too_long' | 'malformed' | 'invisible' | 'confusable';

export type EmailReading =
  | { readonly state: 'ok'; readonly email: EmailAddress }
  | { readonly state: 'refused'; readonly fault: EmailFault };

const refused = (fault: EmailFault): EmailReading => ({ state: 'refused', fault });

/**
 * Controls with CR and LF, formats with bidi marks and zero width, private use, unassigned, halves of surrogate pairs,
 * spaces and separators of every kind, and what is not shown by default.
 */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
/** Atoms and dots (RFC 5322 §3.2.3) with letters, marks and digits of any script (RFC 6531 §3.3). */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u;
/** Letters, digits and inner hyphens (RFC 1123 §2.1). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Reads what somebody typed. Spaces around it are the caller's to cut off. Never throws; computes no more than once. */
export function readEmailAddress(typed: string): EmailReading {
  if (typed.length > TYPED_UNITS_MAX) return refused('too_long');
  if (UNSEEN.test(typed)) return refused('invisible');
  const text = typed.normalize('NFC');
  // Full-width letters, ligatures and the like are other spellings of plain ones (UAX #15).
  if (text.normalize('NFKC') !== text) return refused('confusable');
  const parts = text.split('@');
  if (parts.length !== 2) return refused('malformed');
  const [local, typedDomain] = parts as [string, string];
  if (!LOCAL.test(local) || !DOMAIN.test(typedDomain)) return refused('malformed');
  const domain = domainToASCII(typedDomain);
  if (!isHostName(domain)) return refused(domain.length > DOMAIN_OCTETS_MAX ? 'too_long' : 'malformed');
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(local) > LOCAL_OCTETS_MAX) return refused('too_long');
  const index = `${local.toLowerCase().normalize('NFC')}@${domain}`;
  for (const form of [address, index])
    if (Buffer.byteLength(form) > ADDRESS_OCTETS_MAX) return refused('too_long');
  if (isConfusable(local, domain)) return refused('confusable');
  const needsSmtpUtf8 = Buffer.byteLength(local) !== local.length;
  return { state: 'ok', email: { address, index, domain, needsSmtpUtf8 } };
}

/** A name of the public DNS: labels in their lengths, and a last one that is no number (RFC 3696 §2). */
function isHostName(domain: string): boolean {
  const labels = domain.split('.');
  if (domain.length > DOMAIN_OCTETS_MAX || labels.length < 2 || /^\d+$/.test(labels.at(-1)!)) return false;
  return labels.every(
    (label) =>
      label.length <= LABEL_OCTETS_MAX &&
      LABEL.test(label) &&
      // Two hyphens in third place are for A-labels (RFC 5891 §4.2.3.1), and those have to mean something.
      (label.slice(2, 4) !== '--' || (label.startsWith('xn--') && domainToUnicode(label) !== label)),
  );
}

/** Alphabets with letters that look like those of another one of them. */
const LOOKALIKE_SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
];
/** Cyrillic and Greek letters that read as Latin ones, in lower case. */
const LATIN_LOOKALIKES =
  /^[\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u051d\u0445\u0443\u044a\u044c\u04bd\u043f\u0433\u0475\u0461\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5]+$/;

/**
 * Whether a word mixes such alphabets (UTS #39 §5.1, mixed-script confusables), or a whole name under an ASCII top
 * domain has nothing but letters that read as Latin ones (whole-script confusables).
 */
function isConfusable(local: string, domain: string): boolean {
  // A-labels are looked at as they are shown.
  const names = [local, ...domainToUnicode(domain).split('.').slice(0, -1)];
  const words = [local, domainToUnicode(domain)].flatMap((name) => name.split(/[^\p{L}\p{M}\p{N}]+/u));
  if (words.some((word) => LOOKALIKE_SCRIPTS.filter((script) => script.test(word)).length > 1)) return true;
  const topIsAscii = !domain.split('.').at(-1)!.startsWith('xn--');
  return (
    topIsAscii && names.some((name) => LATIN_LOOKALIKES.test(name.toLowerCase().replace(/[^\p{L}]/gu, '')))
  );
}
