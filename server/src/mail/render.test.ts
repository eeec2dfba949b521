import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ParamsOf, TEMPLATES, type Template } from './params.ts';
import { type Rendered, render } from './render.ts';
import { paramsWith } from './test/params.ts';
import { inertName, type Locale } from './wording.ts';

const names = Object.keys(TEMPLATES) as readonly Template[];
const locales: readonly Locale[] = ['en', 'ar'];

function* everyMail(text: string, link?: string): Generator<[string, Locale, Rendered]> {
  const params = paramsWith(text, link);
  for (const template of names) {
    const parsed = TEMPLATES[template].params.parse(params[template]) as ParamsOf<typeof template>;
    for (const locale of locales)
      yield [`${template} ${locale}`, locale, render(template, locale, parsed as never, 'Example')];
  }
}

test('every template says something of its own in both languages, in its own direction', () => {
  const seen = new Set<string>();
  for (const [name, locale, { subject, text, html }] of everyMail('Blue shop')) {
    assert.ok(subject.length > 5 && text.length > 40, name);
    seen.add(text);
    assert.equal(/\p{Script=Arabic}/u.test(text), locale === 'ar', name);
    assert.match(html, locale === 'ar' ? /<html lang="ar" dir="rtl">/ : /<html lang="en" dir="ltr">/);
    assert.doesNotMatch(`${subject}${text}${html}`, /undefined|null|NaN|\[object/, name);
  }
  assert.equal(seen.size, names.length * locales.length);
});

test('a mail reads as it was written', () => {
  assert.equal(
    render('payment_received', 'en', paramsWith('x').payment_received, 'Example').text,
    [
      'We received SAR 12.34 on 26 November 2026 at 12:00 UTC. Thank you.',
      'See the balance:\nhttps://sms.example.com/in?token=abc',
      'Example\n',
    ]
      .join('\n\n')
      .replaceAll('SAR 12', 'SAR\u00a012'),
  );
  const { subject, text } = render('invitation', 'ar', paramsWith('Blue shop').invitation, 'Example');
  assert.equal(subject, 'دعوة إلى Example');
  assert.match(text, /\u2068Blue shop\u2069/, 'a name of another script keeps its direction');
  assert.match(text, /خلال 7 أيام/);
  for (const [minutes, said] of [
    [1, 'دقيقة واحدة'],
    [2, 'دقيقتين'],
    [10, '10 دقائق'],
    [30, '30 دقيقة'],
    [60, 'ساعة واحدة'],
    [1_440, 'يوم واحد'],
  ] as const) {
    const rendered = render('password_reset', 'ar', { link: 'https://e.example/', minutes }, 'Example');
    assert.ok(rendered.text.includes(`خلال ${said}.`), said);
  }
});

test('amounts of any size are exact', () => {
  const balance = (amountMicros: string) =>
    render(
      'low_balance',
      'en',
      { balance: { amountMicros, currency: 'EUR' }, link: 'https://e.example/' },
      'E',
    ).text;
  assert.match(balance('123456789012345678'), /EUR\u00a0123,456,789,012\.345678\./);
  assert.match(balance('-1'), /-EUR\u00a00\.000001\./);
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'Win at evil.example now',
  'https://evil.example/',
  'write to a@evil.example',
  '\u202egnp.exe',
  '{{constructor}} <%= 1 %>',
  "' or 1=1 --",
];

test('what somebody called themselves is shown as text, follows nowhere and turns nothing around (checklist 50)', () => {
  for (const text of HOSTILE) {
    for (const [name, , { subject, text: plain, html }] of everyMail(text)) {
      assert.doesNotMatch(html, /<(?:script|img|iframe|style|link|form|object|meta (?!charset))/i, name);
      const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
      assert.ok(
        hrefs.every((href) => href === 'https://sms.example.com/in?token=abc'),
        name,
      );
      assert.doesNotMatch(html, /<[^>]*(?:\bsrc=|url\()/i, name);
      assert.doesNotMatch(subject, /[\p{Cc}\u202a-\u202e]/u, name);
      if (!name.startsWith('news')) assert.doesNotMatch(plain, /evil\.example|\u202e/, name);
    }
  }
});

test('a name with a line break, a link of another kind and a param too many are refused before they are queued', () => {
  const refuses = (template: Template, params: unknown) =>
    assert.equal(TEMPLATES[template].params.safeParse(params).success, false, JSON.stringify(params));
  const link = 'https://sms.example.com/';
  for (const mark of ['\r\n', '\n', '\r', '\u2028', '\0'])
    refuses('invitation', { workspace: `a${mark}Bcc: b@example.com`, link, days: 1 });
  refuses('invitation', { workspace: 'a'.repeat(101), link, days: 1 });
  refuses('password_changed', { at: '2026-11-26T12:00:00Z', link, subject: 'x' });
  for (const bad of [
    'javascript:alert(1)',
    'http://sms.example.com/',
    'data:text/html,x',
    'https://user:password@sms.example.com/',
    '/relative',
    `https://sms.example.com/${'a'.repeat(2_000)}`,
  ])
    refuses('password_changed', { at: '2026-11-26T12:00:00Z', link: bad });
  const odd = TEMPLATES.password_reset.params.parse({ link: 'https://e.example/"><b>\r\n', minutes: 1 });
  assert.equal(odd.link, 'https://e.example/%22%3E%3Cb%3E');
});

test('a name that reads like an address is not shown at all', () => {
  assert.equal(inertName('Blue  shop\u200b No. 5'), 'Blue shop No. 5');
  for (const name of ['evil.example', 'WWW.evil', 'a@b', 'x://y', 'a\\b', '\u202e', ' ', 'ｅｖｉｌ．example'])
    assert.ok(inertName(name) === null || !/\.\p{L}/u.test(inertName(name)!), name);
});
