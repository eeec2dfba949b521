// From the octets of a mail to what it says: subject and text, with nothing else of it. Whatever comes, this answers
// within bounds and never throws: a mail is hostile until it is read.
import type { Email } from 'postal-mime';

/** Octets of a mail, attachments included; what they need in memory is a few times as much. */
export const MAIL_OCTETS_MAX = 2_097_152;
/** Each line is a step of the reader; of base64 a mail of the greatest size has 27,600. */
const LINES_MAX = 30_000;
const HEADER_OCTETS_MAX = 131_072;
const HEADERS_MAX = 300;
const DEPTH_MAX = 20;
/** Hops (RFC 5321 §6.3 wants 100 at least): more is a mail that goes round in circles. */
const HOPS_MAX = 100;
/** Characters that leave here; whoever takes the mail cuts to what it may keep. */
const TEXT_LENGTH_MAX = 100_000;
const SUBJECT_LENGTH_MAX = 1_000;

export interface ReadMail {
  /** One line; empty where there is none. */
  readonly subject: string;
  readonly text: string;
  /** Attachments, which nobody kept. */
  readonly attachments: number;
  /** Written by a machine: an answer to it would be answered by a machine. */
  readonly automatic: boolean;
  /** Message-ID and Date as they stand, by which a mail that comes again is known. */
  readonly mark: string;
}

/** bare_line_break: a line ends in CR or LF alone, with which one mail is made to look like two. */
export type MailFault = 'bare_line_break' | 'too_complex' | 'loops';

export type Reading =
  | { readonly outcome: 'read'; readonly mail: ReadMail }
  | { readonly outcome: 'refused'; readonly fault: MailFault };

/** Reads a mail of MAIL_OCTETS_MAX octets or fewer. Never rejects. */
export async function readMail(raw: Buffer): Promise<Reading> {
  const fault = faultOfLines(raw);
  if (fault !== null) return { outcome: 'refused', fault };
  let email: Email;
  try {
    const { default: PostalMime } = await import('postal-mime');
    email = await PostalMime.parse(raw, {
      maxNestingDepth: DEPTH_MAX,
      maxHeadersSize: HEADER_OCTETS_MAX,
      // A mail within the mail is an attachment.
      maxRfc822NestingDepth: 0,
    });
  } catch {
    return { outcome: 'refused', fault: 'too_complex' };
  }
  if (email.headers.length > HEADERS_MAX) return { outcome: 'refused', fault: 'too_complex' };
  if (headers(email, 'received').length > HOPS_MAX) return { outcome: 'refused', fault: 'loops' };
  return {
    outcome: 'read',
    mail: {
      subject: oneLine(email.subject ?? '').slice(0, SUBJECT_LENGTH_MAX),
      text: await textOf(email),
      attachments: email.attachments.length,
      automatic: isAutomatic(email),
      mark: [email.messageId ?? '', headers(email, 'date')[0] ?? ''].join('\n').slice(0, SUBJECT_LENGTH_MAX),
    },
  };
}

/** RFC 5321 §2.3.8: CR and LF come together or not at all. */
function faultOfLines(raw: Buffer): MailFault | null {
  let lines = 0;
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, at + 1)) {
    if (raw[at - 1] !== CR) return 'bare_line_break';
    if (++lines > LINES_MAX) return 'too_complex';
  }
  for (let at = raw.indexOf(CR); at !== -1; at = raw.indexOf(CR, at + 1))
    if (raw[at + 1] !== LF) return 'bare_line_break';
  return null;
}

const LF = 0x0a;
const CR = 0x0d;

async function textOf({ text, html }: Email): Promise<string> {
  const plain = clean(text ?? '');
  if (plain !== '' || html === undefined) return plain;
  const { textOfHtml } = await import('./html-text.ts');
  return clean(textOfHtml(html, TEXT_LENGTH_MAX));
}

/** Line breaks and tabs are the only control characters of a text. */
const clean = (text: string): string =>
  text
    .slice(0, 2 * TEXT_LENGTH_MAX)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim()
    .slice(0, TEXT_LENGTH_MAX);

const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

const headers = (email: Email, key: string): string[] =>
  email.headers.filter((header) => header.key === key).map(({ value }) => value);

/**
 * RFC 3834 §2, RFC 2369 and RFC 2919, and what older machines say instead. Reports of delivery are multipart/report
 * (RFC 6522); that a bounce has no sender the envelope says.
 */
function isAutomatic(email: Email): boolean {
  return email.headers.some(({ key, value }) => {
    const said = value.trim().toLowerCase();
    if (key === 'auto-submitted') return !/^no\b/.test(said);
    if (key === 'precedence') return /^(?:bulk|junk|list|auto_reply)\b/.test(said);
    if (key === 'content-type') return said.startsWith('multipart/report');
    return key.startsWith('list-') || MACHINES.has(key);
  });
}

const MACHINES: ReadonlySet<string> = new Set([
  'x-autoreply',
  'x-autorespond',
  'x-auto-reply',
  'x-failed-recipients',
  'x-loop',
]);
