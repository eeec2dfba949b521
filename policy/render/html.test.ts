// The page as HTML: whole, readable without style and script, and nobody's text becomes markup.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { changed, profile } from '../test/policies.ts';
import { renderHtml } from './html.ts';
import { anyPolicy, HOSTILE_TEXTS } from './test/any-policy.ts';
import { pageOf, SHIPPED } from './test/pages.ts';
import { faultsOfHtml, idsOf, linksOf, textOf } from './test/read-html.ts';

const standard = profile('standard');
const hostileName = (name: string) => changed(standard, ['controller', 'name'], name);

describe('HTML', () => {
  test('of every shipped policy is well formed, with only elements and attributes of a plain document', () => {
    for (const name of SHIPPED) {
      for (const language of ['en', 'ar'] as const) {
        assert.deepEqual(
          faultsOfHtml(renderHtml(pageOf(profile(name), { language }))),
          [],
          `${name} ${language}`,
        );
      }
    }
  });

  test('names its language and its direction', () => {
    assert.match(renderHtml(pageOf(standard)), /<html lang="en" dir="ltr">/);
    assert.match(renderHtml(pageOf(standard, { language: 'ar' })), /<html lang="ar" dir="rtl">/);
  });

  test('has one first heading, headings in order, and every link of its contents leads to a heading', () => {
    const html = renderHtml(pageOf(standard));
    assert.equal(html.match(/<h1[ >]/g)?.length, 1);
    assert.deepEqual(html.match(/<h[3-6]/g), null);
    const ids = idsOf(html);
    assert.equal(new Set(ids).size, ids.length, 'ids are unique');
    const inner = linksOf(html).filter((href) => href.startsWith('#'));
    assert.ok(inner.length >= 14);
    for (const href of inner) assert.ok(ids.includes(href.slice(1)), href);
  });

  test('has a caption, column heads and row heads in every table', () => {
    const html = renderHtml(pageOf(standard));
    const tables = html.match(/<table[\s\S]*?<\/table>/g) ?? [];
    assert.equal(tables.length, 3);
    for (const table of tables) {
      assert.match(table, /<caption>[^<]+<\/caption>/);
      const columns = table.match(/<th scope="col">/g)!.length;
      for (const row of table.match(/<tr><th scope="row">[\s\S]*?<\/tr>/g)!) {
        assert.equal(row.match(/<t[hd][ >]/g)!.length, columns);
      }
    }
  });

  test('has no script, no style, no event handler and no form', () => {
    for (const text of HOSTILE_TEXTS) {
      const html = renderHtml(pageOf(hostileName(text)));
      assert.doesNotMatch(html, /<(?:script|style|form|iframe|object|img|link)\b/i);
      assert.deepEqual(faultsOfHtml(html), [], text);
    }
  });

  test('shows a hostile name as its text (checklist 50)', () => {
    const html = renderHtml(pageOf(hostileName('<script>alert("1")</script> & Sons')));
    assert.ok(html.includes('<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Sons</bdi>'));
    assert.ok(textOf(html).includes('<script>alert("1")</script> & Sons'));
  });

  test('links only to pages and addresses; anything else stays text', () => {
    const contact = (value: string, channel: string) =>
      changed(standard, ['controller', 'contacts'], [{ channel, value, for: ['privacy'] }]);
    const outer = (value: string, channel: string) =>
      linksOf(renderHtml(pageOf(contact(value, channel)))).filter((href) => !href.startsWith('#'));
    assert.deepEqual(outer('javascript:alert(1)', 'web'), []);
    assert.deepEqual(outer('data:text/html,x', 'web'), []);
    assert.deepEqual(outer('https://example.com/privacy', 'web'), ['https://example.com/privacy']);
    assert.deepEqual(outer('privacy@example.com', 'email'), ['mailto:privacy@example.com']);
    assert.deepEqual(outer('+999 555 0100', 'phone'), ['tel:+9995550100']);
    assert.deepEqual(outer('1 Example Street', 'post'), []);
  });

  test('sends no referrer to where its links lead', () => {
    const linked = changed(standard, ['recipients', 'carrier', 'policy_url'], 'https://example.com/privacy');
    const html = renderHtml(pageOf(linked));
    assert.match(html, /<meta name="referrer" content="no-referrer">/);
    assert.match(html, /<a href="https:\/\/example\.com\/privacy" rel="noreferrer noopener">/);
  });

  test('of any policy, however hostile its author, is well formed', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom('en' as const, 'ar' as const), ({ policy, on }, language) => {
        assert.deepEqual(faultsOfHtml(renderHtml(pageOf(policy, { language, on }))), []);
      }),
      { numRuns: 30 },
    );
  });
});
