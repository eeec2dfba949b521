// Rows as CSV (RFC 4180): quoted where needed, lines ended by CR LF. A cell that a spreadsheet would run as a formula
// gets an apostrophe before it, so that a hostile name cannot fetch or send anything when the file is opened.

const FORMULA = /^[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** The first row names the columns. Every row has as many cells; no cell spans lines. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  const safe = FORMULA.test(line) ? `'${line}` : line;
  return /[",]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
