// The page as Markdown (CommonMark with the tables of GitHub): no HTML inside, and nothing that others wrote can become
// markup.
import type { Cell, Page, Section, Statement, Table } from './page.ts';

/** Renders a page. Pure. */
export function renderMarkdown(page: Page): string {
  const blocks = [
    `# ${escapeMarkdown(page.title)}`,
    ...page.preface.map(escapeMarkdown),
    ...page.sections.flatMap(section),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function section({ title, statements, tables }: Section): string[] {
  return [
    `## ${escapeMarkdown(title)}`,
    ...(statements.length > 0 ? [statements.map(statement).join('\n')] : []),
    ...tables.map(table),
  ];
}

function statement({ sentence, beside, standingNote, evidenceNote }: Statement): string {
  const notes = [beside, standingNote, evidenceNote].filter((note) => note !== '').map(escapeMarkdown);
  const line = `- ${escapeMarkdown(sentence)}`;
  return notes.length === 0 ? line : `${line}\n  *${notes.join(' ')}*`;
}

function table({ caption, columns, rows }: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${escapeMarkdown(caption)}**`,
    '',
    row(columns.map(escapeMarkdown)),
    row(columns.map(() => '---')),
    ...rows.map((cells) => row(cells.map(cell))),
  ].join('\n');
}

const cell = (value: Cell): string =>
  typeof value === 'string'
    ? escapeMarkdown(value)
    : `[${escapeMarkdown(value.text)}](<${value.href.replace(/[<>\\]/g, encodeURIComponent)}>)`;

/**
 * Escapes what Markdown could read as markup. Text is one line already; a leading number or sign would begin a list, a
 * scheme or `www.` would become a link by itself.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|&#~!$^{}@]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.');
}
