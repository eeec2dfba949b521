import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Shaped } from '#platform/route';
import { linkPages } from './link-pages.ts';

const LANGUAGES = ['en', 'ar'] as const;
const pageOf = async (route: (typeof linkPages)[number], language: string): Promise<Shaped> => {
  const answer = await route.handle({ query: { language } } as never, null);
  assert.ok(answer instanceof Shaped);
  return answer;
};

test('every page runs its own script and style alone, and takes in nothing from its address', async () => {
  assert.equal(linkPages.length, 4);
  for (const route of linkPages) {
    for (const language of LANGUAGES) {
      const { body, headers } = await pageOf(route, language);
      const html = String(body);
      const policy = headers['content-security-policy']!;
      for (const element of ['script', 'style']) {
        const [, inline] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(html)!;
        const hash = createHash('sha256').update(inline!).digest('base64');
        assert.ok(policy.includes(`${element}-src 'sha256-${hash}'`), `${route.operation.path} ${element}`);
      }
      assert.match(policy, /default-src 'none'.*form-action 'none'; frame-ancestors 'none'/);
      assert.doesNotMatch(html, /https?:|(src|href)=/);
      assert.match(html, language === 'ar' ? /<html lang="ar" dir="rtl">/ : /<html lang="en" dir="ltr">/);
    }
  }
});

test('a link that is looked at uses nothing up: only whoever presses the button sends the secret', async () => {
  for (const route of linkPages) {
    assert.equal(route.operation.method, 'GET');
    const html = String((await pageOf(route, 'en')).body);
    assert.match(html, /addEventListener\('submit'/);
    assert.equal(html.match(/window\.fetch\(/g)?.length, 1);
    // The secret leaves the address, and with it the history of the browser.
    assert.match(html, /history\.replaceState/);
  }
});
