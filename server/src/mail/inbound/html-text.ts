// What a mail in HTML says, as plain text. Tags are read one after the other and no tree is built; what is nested deeper
// than any letter ends the reading there, for each open tag makes the next one dearer. Scripts, styles and everything
// that would be loaded from elsewhere are left out.
import { Parser } from 'htmlparser2';

/** Elements whose text nobody is meant to read. */
const SILENT: ReadonlySet<string> = new Set([
  'head',
  'iframe',
  'noscript',
  'object',
  'script',
  'style',
  'svg',
  'template',
  'title',
]);
/** Elements that begin and end a line. */
const LINES: ReadonlySet<string> = new Set(
  'address article aside blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul'.split(
    ' ',
  ),
);

/** Open tags at once. */
const DEPTH_MAX = 1_000;
/** Characters that are read between two looks at what has become of it. */
const CHUNK_LENGTH = 8_192;

/** The text of HTML, at most `lengthMax` characters. Pure, never throws. */
export function textOfHtml(html: string, lengthMax: number): string {
  let text = '';
  let silent = 0;
  let depth = 0;
  const line = (name: string) => {
    if (silent === 0 && LINES.has(name) && text.length < lengthMax) text += '\n';
  };
  const parser = new Parser(
    {
      onopentag(name) {
        depth++;
        if (SILENT.has(name)) silent++;
        line(name);
      },
      ontext(piece) {
        if (silent === 0 && text.length < lengthMax) text += piece.replace(/\s+/g, ' ');
      },
      onclosetag(name) {
        depth--;
        if (SILENT.has(name)) silent = Math.max(0, silent - 1);
        if (name !== 'br') line(name);
      },
    },
    { decodeEntities: true },
  );
  for (let at = 0; at < html.length && depth <= DEPTH_MAX && text.length < lengthMax; at += CHUNK_LENGTH)
    parser.write(html.slice(at, at + CHUNK_LENGTH));
  parser.end();
  return text
    .slice(0, lengthMax)
    .split('\n')
    .map((one) => one.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
