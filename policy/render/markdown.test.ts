// The page as Markdown: nobody's text becomes markup, and tables stay tables.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { changed, profile } from '../test/policies.ts';
import { escapeMarkdown, renderMarkdown } from './markdown.ts';
import { anyPolicy, HOSTILE_TEXTS } from './test/any-policy.ts';
import { pageOf, SHIPPED } from './test/pages.ts';

const standard = profile('standard');

/** Cells of a row, counted by the bars that are not escaped. */
const bars = (line: string) => line.replace(/\\\\/g, '').match(/(?<!\\)\|/g)?.length ?? 0;

/** Lines that are of none of the forms the writer has. */
function strangeLines(markdown: string): string[] {
  return markdown
    .split('\n')
    .filter(
      (line) => !/^$|^#{1,2} \S|^- \S|^ {2}\*.*\*$|^\*\*.*\*\*$|^\| .* \|$|^[\p{L}\u2068“«]/u.test(line),
    );
}

describe('Markdown', () => {
  test('of every shipped policy has only headings, statements, notes and tables', () => {
    for (const name of SHIPPED) {
      for (const language of ['en', 'ar'] as const) {
        const markdown = renderMarkdown(pageOf(profile(name), { language }));
        assert.deepEqual(strangeLines(markdown), []);
        assert.equal(markdown.match(/^# /gm)?.length, 1);
        assert.ok(markdown.match(/^## /gm)!.length >= 12);
      }
    }
  });

  test('has tables in which every row has as many cells as the head', () => {
    for (const text of HOSTILE_TEXTS) {
      const hostile = changed(standard, ['recipients', 'carrier', 'name'], text);
      const tables = renderMarkdown(pageOf(hostile))
        .split('\n\n')
        .filter((block) => block.startsWith('| '));
      assert.equal(tables.length, 3);
      for (const table of tables) assert.equal(new Set(table.split('\n').map(bars)).size, 1, text);
    }
  });

  test('escapes what would be markup, and leaves plain words alone', () => {
    assert.equal(
      escapeMarkdown('<b> *x* _y_ `z` [a](b) |c| #d ~~e~~ \\f'),
      '\\<b\\> \\*x\\* \\_y\\_ \\`z\\` \\[a\\](b) \\|c\\| \\#d \\~\\~e\\~\\~ \\\\f',
    );
    assert.equal(escapeMarkdown('1. one'), '1\\. one');
    assert.equal(escapeMarkdown('- one'), '\\- one');
    assert.equal(
      escapeMarkdown('http://example.com and www.example.com'),
      'http\\://example.com and www\\.example.com',
    );
    assert.equal(escapeMarkdown('Kept for 30 days, by us.'), 'Kept for 30 days, by us.');
  });

  test('holds neither HTML nor a link that somebody wrote', () => {
    for (const text of HOSTILE_TEXTS) {
      const markdown = renderMarkdown(pageOf(changed(standard, ['controller', 'name'], text)));
      const unescaped = markdown.replace(/\\./g, '').replace(/\(<(?:mailto|https?|tel):[^<>]*>\)/g, '');
      assert.doesNotMatch(unescaped, /[<>`]/, text);
      assert.doesNotMatch(unescaped, /\]\((?!$)/m, text);
    }
  });

  test('keeps isolates only around text that could turn its surroundings', () => {
    const named = (name: string) =>
      renderMarkdown(pageOf(changed(standard, ['controller', 'name'], name))).split('\n')[0];
    assert.equal(named('Example Messages'), '# Privacy policy of Example Messages');
    assert.equal(named('مثال'), '# Privacy policy of \u2068مثال\u2069');
  });

  test('of any policy, however hostile its author, has only lines of its own forms', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom('en' as const, 'ar' as const), ({ policy, on }, language) => {
        const markdown = renderMarkdown(pageOf(policy, { language, on }));
        assert.deepEqual(strangeLines(markdown), []);
        for (const block of markdown.split('\n\n').filter((each) => each.startsWith('| '))) {
          assert.equal(new Set(block.split('\n').map(bars)).size, 1);
        }
      }),
      { numRuns: 30 },
    );
  });
});
