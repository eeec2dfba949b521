// The lint of a page as it is published: the words that are ours. What the policy's author wrote is the business of
// `lint-policy.ts`, which knows its line; here it is left out.
import { ownWords } from '../render/foreign-text.ts';
import type { Page } from '../render/page.ts';
import { lintText, type WordingFinding } from './lint-text.ts';

/** Findings of every statement, title, note and cell of a page. Pure. */
export function lintPage(page: Page): WordingFinding[] {
  return [...textsOf(page)].flatMap(([path, text]) => lintText(ownWords(text), path, 'statement'));
}

function* textsOf(page: Page): Generator<readonly [path: string, text: string]> {
  yield ['controller.name', page.title];
  for (const sentence of page.preface) yield ['policy', sentence];
  for (const { key, title, statements, tables } of page.sections) {
    yield [key, title];
    for (const { path, sentence, beside, standingNote, evidenceNote } of statements) {
      for (const text of [sentence, beside, standingNote, evidenceNote]) yield [path, text];
    }
    for (const { caption, columns, rows } of tables) {
      for (const text of [caption, ...columns]) yield [key, text];
      for (const cell of rows.flat()) yield [key, typeof cell === 'string' ? cell : cell.text];
    }
  }
}
