// The page as Markdown (CommonMark with the tables of GitHub): no HTML inside, and nothing that others wrote can become
// markup.
import { isolated, piecesOf } from './foreign-text.ts';
import type { Cell, Page, Section, Statement, Table } from './page.ts';

/** Renders a page. Pure. */
export function renderMarkdown(page: Page): string {
  return `${new MarkdownWriter(page.direction).page(page)}\n`;
}

class MarkdownWriter {
  readonly #direction: Page['direction'];

  constructor(direction: Page['direction']) {
    this.#direction = direction;
  }

  page({ title, preface, sections }: Page): string {
    const blocks = [`# ${this.#inline(title)}`, ...preface.map((sentence) => this.#inline(sentence))];
    return [...blocks, ...sections.flatMap((section) => this.#section(section))].join('\n\n');
  }

  #section({ title, statements, tables }: Section): string[] {
    return [
      `## ${this.#inline(title)}`,
      ...(statements.length > 0
        ? [statements.map((statement) => this.#statement(statement)).join('\n')]
        : []),
      ...tables.map((table) => this.#table(table)),
    ];
  }

  #statement({ sentence, beside, standingNote, evidenceNote }: Statement): string {
    const notes = [beside, standingNote, evidenceNote].filter((note) => note !== '');
    const line = `- ${this.#inline(sentence)}`;
    return notes.length === 0 ? line : `${line}\n  *${notes.map((note) => this.#inline(note)).join(' ')}*`;
  }

  #table({ caption, columns, rows }: Table): string {
    const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    return [
      `**${this.#inline(caption)}**`,
      '',
      row(columns.map((column) => this.#inline(column))),
      row(columns.map(() => '---')),
      ...rows.map((cells) => row(cells.map((cell) => this.#cell(cell)))),
    ].join('\n');
  }

  #cell(value: Cell): string {
    if (typeof value === 'string') return this.#inline(value);
    return `[${this.#inline(value.text)}](<${value.href.replace(/[<>\\|]/g, encodeURIComponent)}>)`;
  }

  /** Isolates stay only around text that could turn its surroundings: elsewhere they are noise in an editor. */
  #inline(sentence: string): string {
    const text = piecesOf(sentence)
      .map((piece) =>
        piece.foreign && turns(piece.text, this.#direction) ? isolated(piece.text) : piece.text,
      )
      .join('');
    return escapeMarkdown(text);
  }
}

/** Whether a text has letters of the other direction. */
const turns = (text: string, direction: Page['direction']): boolean =>
  direction === 'ltr'
    ? /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text)
    : /[\p{Letter}\d]/u.test(text);

/**
 * Escapes what Markdown could read as markup. Text is one line already; a leading number or sign would begin a list, a
 * scheme or `www.` would become a link by itself.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|&#~!$^{}@]/g, '\\$&')
    .replace(/^([\s\u2068]*)([-+=])/, '$1\\$2')
    .replace(/^([\s\u2068]*\d{1,9})([.)])/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.');
}
