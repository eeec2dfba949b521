// Origin-bound one-time codes (WICG "Origin-bound one-time codes delivered via SMS"): the last line of the text is
// `@example.com #123456`, or `@example.com #123456 @embedded.example` for a code asked for by an embedded page; an
// earlier draft, still in use, wrote `%embedded.example`.

export interface OriginBoundCode {
  readonly code: string;
  /** Host of the site, in small letters, with a port only if the text has one. */
  readonly origin: string;
  /** Host of the embedded page that asked, if named. */
  readonly embeddedOrigin?: string;
  /** Where the code stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** Longer last lines are prose. */
const LINE_MAX = 512;

/** Longer codes are no codes; the format itself names no bound. */
const CODE_MAX = 64;

/** The origin-bound code of `text`, or null. Looks at the last line that is not empty, and only there. Linear. */
export function findOriginBoundCode(text: string): OriginBoundCode | null {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  const start = Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)) + 1;
  if (end - start > LINE_MAX || text[start] !== '@') return null;
  const words = text.slice(start, end).split(' ');
  const [site, mark, embedded] = words;
  if (site === undefined || mark === undefined || mark[0] !== '#') return null;
  const origin = hostOf(site.slice(1));
  const code = mark.slice(1);
  if (origin === null || code.length === 0 || code.length > CODE_MAX || /\s/.test(code)) return null;
  const codeStart = start + site.length + 2;
  const found = { code, origin, start: codeStart, end: codeStart + code.length };
  if (embedded === undefined || (embedded[0] !== '@' && embedded[0] !== '%')) return found;
  const embeddedOrigin = hostOf(embedded.slice(1));
  return embeddedOrigin === null ? found : { ...found, embeddedOrigin };
}

/** A host of labels, with an optional port, in small letters; null if it is none. */
function hostOf(text: string): string | null {
  const host = text.toLowerCase();
  return host.length <= 260 && /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*(:\d{1,5})?$/u.test(host) ? host : null;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}
