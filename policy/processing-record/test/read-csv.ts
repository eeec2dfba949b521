// Reads CSV by RFC 4180, as a spreadsheet would.

/** Rows of cells. @throws Error where a quote is left open or a line does not end with CR LF. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, next] = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(cell);
    at = next;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) throw new Error('the last line does not end');
      continue;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`no end of a cell at ${at}`);
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}

function quoted(text: string, start: number): [cell: string, next: number] {
  let cell = '';
  let at = start + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) throw new Error(`a quote at ${start} is left open`);
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') return [cell, end + 1];
    cell += '"';
    at = end + 2;
  }
}

function plain(text: string, start: number): [cell: string, next: number] {
  const length = text.slice(start).search(/[,\r]/);
  const end = length < 0 ? text.length : start + length;
  return [text.slice(start, end), end];
}
