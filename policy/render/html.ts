// The page as HTML: one document that is complete without style, script and network. Everything that is not markup of
// ours is escaped; class names are hooks for a stylesheet and nothing depends on them.
import { piecesOf } from './foreign-text.ts';
import type { Cell, Page, Section, Statement, Table } from './page.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes alike. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);

/** Renders a page as a whole document. Pure. */
export function renderHtml(page: Page): string {
  return [
    '<!doctype html>',
    `<html lang="${page.language}" dir="${page.direction}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${plain(page.title)}</title>`,
    '</head>',
    '<body>',
    '<main class="policy">',
    `<h1>${inline(page.title)}</h1>`,
    ...page.preface.map((sentence) => `<p class="policy-preface">${inline(sentence)}</p>`),
    contents(page),
    ...page.sections.map(section),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function contents({ contentsTitle, sections }: Page): string {
  return [
    '<nav class="policy-contents" aria-labelledby="contents">',
    `<h2 id="contents">${inline(contentsTitle)}</h2>`,
    '<ol>',
    ...sections.map(({ key, title }) => `<li><a href="#${key}">${inline(title)}</a></li>`),
    '</ol>',
    '</nav>',
  ].join('\n');
}

function section({ key, title, statements, tables }: Section): string {
  return [
    `<section class="policy-section" aria-labelledby="${key}">`,
    `<h2 id="${key}">${inline(title)}</h2>`,
    ...(statements.length > 0
      ? ['<ul class="policy-statements">', ...statements.map(statement), '</ul>']
      : []),
    ...tables.map(table),
    '</section>',
  ].join('\n');
}

function statement({ id, sentence, standing, standingNote, beside, evidenceNote }: Statement): string {
  const notes = [
    ...(beside === '' ? [] : [`<p class="policy-beside">${inline(beside)}</p>`]),
    ...(standingNote === '' ? [] : [`<p class="policy-standing">${inline(standingNote)}</p>`]),
    ...(evidenceNote === '' ? [] : [`<p class="policy-evidence">${inline(evidenceNote)}</p>`]),
  ];
  return `<li id="${anchor(id)}" class="policy-${standing}"><p>${inline(sentence)}</p>${notes.join('')}</li>`;
}

function table({ caption, columns, rows }: Table): string {
  return [
    '<table class="policy-table">',
    `<caption>${inline(caption)}</caption>`,
    `<thead><tr>${columns.map((column) => `<th scope="col">${inline(column)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map(
      ([head, ...cells]) =>
        `<tr><th scope="row">${cell(head ?? '')}</th>${cells.map((each) => `<td>${cell(each)}</td>`).join('')}</tr>`,
    ),
    '</tbody>',
    '</table>',
  ].join('\n');
}

function cell(value: Cell): string {
  if (typeof value === 'string') return inline(value);
  return `<a href="${escapeHtml(value.href)}" rel="noreferrer noopener">${inline(value.text)}</a>`;
}

/** What others wrote stands in an element that isolates its direction. */
const inline = (sentence: string): string =>
  piecesOf(sentence)
    .map(({ text, foreign }) => (foreign ? `<bdi>${escapeHtml(text)}</bdi>` : escapeHtml(text)))
    .join('');

const plain = (sentence: string): string =>
  piecesOf(sentence)
    .map(({ text }) => escapeHtml(text))
    .join('');

/** An id that is one word: what an id may not hold becomes a hyphen. */
const anchor = (id: string): string => escapeHtml(id.replace(/[^\w:.[\]-]+/g, '-'));
