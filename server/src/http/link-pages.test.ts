import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Shaped } from '#platform/route';
import { linkPages } from './link-pages.ts';

const LANGUAGES = ['en', 'ar'] as const;
const pageOf = async (route: (typeof linkPages)[number], language: string): Promise<Shaped> => {
  const answer = await route.handle({ query: { language } } as never, null);
  assert.ok(answer instanceof Shaped);
  return answer;
};

test('every page runs its own script and style alone, and takes in nothing from its address', async () => {
  assert.equal(linkPages.length, 5);
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

test('an invitation is accepted signed in, for the one request: the password goes where one signs in and nowhere else', async () => {
  const html = String(
    (await pageOf(linkPages.find(({ operation }) => operation.path === '/invitation')!, 'en')).body,
  );
  const form: Record<string, string> = Object.fromEntries(
    [...html.matchAll(/data-([a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
  );
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(html)!;
  const asked: { method: string; path: string; session: string | undefined; body: string | undefined }[] = [];
  let submit: (event: { preventDefault(): void }) => Promise<void>;
  const element = {
    dataset: {
      post: form.post,
      signIn: form['sign-in'],
      signOut: form['sign-out'],
      done: form.done,
    },
    hidden: false,
    querySelector: () => ({ disabled: false }),
    addEventListener: (_name: string, listener: typeof submit) => {
      submit = listener;
    },
  };
  const output = { textContent: '' };
  runInNewContext(script!, {
    document: { querySelector: (name: string) => (name === 'form' ? element : output) },
    location: { hash: '#sotto_link_x', pathname: '/invitation', search: '' },
    history: { replaceState: () => undefined },
    FormData: class {
      *[Symbol.iterator]() {
        yield ['email', 'ada@example.com'];
        yield ['password', 'seven blue herons at dusk'];
      }
    },
    window: {
      async fetch(
        path: string,
        { method, headers, body }: { method: string; headers: Record<string, string>; body?: string },
      ) {
        asked.push({ method, path, session: headers.authorization, body });
        return { ok: true, json: async () => ({ token: 'a-session' }) };
      },
    },
  });
  await submit!({ preventDefault: () => undefined });
  const session = 'Bearer a-session';
  assert.deepEqual(asked, [
    {
      method: 'POST',
      path: '/v1/sessions',
      session: undefined,
      body: '{"email":"ada@example.com","password":"seven blue herons at dusk"}',
    },
    { method: 'POST', path: '/v1/invitations/accept', session, body: '{"token":"sotto_link_x"}' },
    { method: 'DELETE', path: '/v1/sessions/current', session, body: undefined },
  ]);
  assert.equal(output.textContent, form.done);
});
