// Each rule of the lint, both ways: what it finds, and what it leaves alone because it is true or says nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lintText } from './lint-text.ts';
import type { RuleName } from './rule.ts';

const rulesBrokenBy = (text: string) =>
  lintText(text, 'text.en.extra[0].text', 'prose').map(({ rule }) => rule);

const CASES: Readonly<
  Record<RuleName, { readonly found: readonly string[]; readonly left: readonly string[] }>
> = {
  'absolute-security': {
    found: [
      'This site is 100% secure.',
      'This site is 100 % SECURE.',
      'Codes are completely safe here.',
      'Fully-protected from everybody.',
      'The unhackable platform.',
      'A bullet-proof system.',
      'This system cannot be hacked.',
      'It is impossible to intercept a code.',
      'Absolute security for everybody.',
      'Security is guaranteed.',
      'Sending is risk-free.',
      'Nothing beats our completely secure system.',
      'هذا الموقع آمن 100%.',
      'هذا الموقع آمنٌ تمامًا.',
      'بياناتك محمية بالكامل.',
      'نظام لا يمكن اختراقه.',
      'منصة غير قابلة للاختراق.',
      'أمان مطلق.',
      'موقع آمن ١٠٠٪',
    ],
    left: [
      'No system is perfectly secure.',
      'No method of transmission can be completely safe.',
      'Nothing on the Internet is ever totally secure.',
      'This page is not completely secure.',
      'Texts are sealed under keys of the account.',
      'Connections are encrypted.',
      'لا يوجد نظام آمن تمامًا.',
      'ليس هذا النظام محميًا بالكامل.',
      'الاتصالات مشفّرة.',
    ],
  },
  certification: {
    found: [
      'The platform is ISO 27001 certified.',
      'Accredited by an authority.',
      'GDPR-compliant messaging.',
      'In full compliance with the law.',
      'This complies with everything.',
      'منصة معتمدة.',
      'حاصلون على شهادة الأيزو.',
      'الخدمة متوافقة مع اللائحة.',
    ],
    left: [
      'The platform is not certified.',
      'Practice follows ISO/IEC 27001, without certification.',
      'A complaint can be made to an authority.',
      'المنصة غير معتمدة.',
      'الخدمة معتمدة على مشغلي الاتصالات.',
    ],
  },
  anonymity: {
    found: [
      'Use of numbers is anonymous.',
      'Counts are anonymised.',
      'Anonymity for everybody.',
      'Messages cannot be traced.',
      'حساب مجهول الهوية.',
      'خدمة إخفاء الهوية.',
    ],
    left: [
      'Use is not anonymous.',
      'Known under a pseudonym.',
      'What identifies somebody is removed.',
      'الحساب غير مجهول.',
      'باسم مستعار.',
    ],
  },
  vagueness: {
    found: [
      'Industry-standard encryption.',
      'State of the art protection.',
      'Best practices are followed.',
      'Military-grade encryption.',
      'Appropriate technical and organisational measures are taken.',
      'Reasonable steps are taken.',
      'Kept as long as necessary.',
      'According to the highest standards.',
      'وفق معايير الصناعة.',
      'نتبع أفضل الممارسات.',
      'تُتخذ التدابير المناسبة.',
      'طالما كان ذلك ضروريًا.',
    ],
    left: [
      'TLS 1.2 or later.',
      'Kept for 30 days.',
      'The industry of telecommunications.',
      'The steps are listed below.',
      'لمدة 30 يومًا.',
    ],
  },
  'promise-in-prose': {
    found: [
      'We never look.',
      'We will answer soon.',
      'Our staff will help.',
      'We do not sell data.',
      'We don’t share it.',
      'This ensures privacy.',
      'Delivery is guaranteed.',
      'Codes are always delivered.',
      'Data is not sold.',
      'We encrypt everything.',
      'لن نبيع بياناتك.',
      'نضمن وصول الرسائل.',
      'سنحذف البيانات.',
      'لا نبيع البيانات.',
      'سيتم الحذف.',
    ],
    left: [
      'Links lead to pages of others; what happens there is outside our control.',
      'No system is perfectly secure.',
      'Telephone companies have policies of their own.',
      'Delivery depends on carriers.',
      'الروابط تؤدي إلى صفحات غيرنا.',
      'هذه سياسة الخصوصية منذ سنوات.',
      'الضمانات مذكورة أعلاه.',
    ],
  },
};

for (const [rule, { found, left }] of Object.entries(CASES)) {
  describe(`the rule ${rule}`, () => {
    for (const text of found) {
      test(`finds: ${text}`, () => {
        assert.ok(rulesBrokenBy(text).includes(rule as RuleName), `broken: ${rulesBrokenBy(text)}`);
      });
    }
    for (const text of left) {
      test(`leaves alone: ${text}`, () => assert.deepEqual(rulesBrokenBy(text), []));
    }
  });
}

describe('a finding', () => {
  test('has code, path, line and a way out, and never holds the text', () => {
    const [finding] = lintText('Zanzibar is 100% secure.', 'data.user.name.note', 'prose', 12);
    assert.equal(finding!.code, 'E-LINT');
    assert.equal(finding!.path, 'data.user.name.note');
    assert.equal(finding!.line, 12);
    assert.match(finding!.sentence, /\.$/);
    assert.ok(finding!.hint.length > 20);
    assert.doesNotMatch(JSON.stringify(finding), /Zanzibar|100%/);
  });

  test('does not escape by spelling: full-width letters, invisible characters, accents, vowel marks', () => {
    for (const text of [
      'ｃｅｒｔｉｆｉｅｄ',
      'cer\u200btified',
      'cértified',
      'CERTI\u00adFIED',
      'un\u2060hackable',
      'آمِـن تَمَامًا',
      'ﺁﻣﻦ ﺗﻤﺎﻣﺎ',
    ]) {
      assert.equal(rulesBrokenBy(text).length, 1, text);
    }
  });

  test('of a promise comes for prose alone; a statement may promise, and a name may be any name', () => {
    assert.deepEqual(lintText('We never sell data.', 'p', 'statement'), []);
    assert.deepEqual(lintText('Certified Always Ltd', 'p', 'name'), []);
    assert.equal(lintText('The Unhackable Company', 'p', 'name').length, 1);
  });

  test('costs time in proportion: a text made to be slow is read in a moment', () => {
    const hostile = [
      'no '.repeat(40_000),
      `${'not be completely '.repeat(5_000)}x`,
      'appropriate '.repeat(10_000),
      'ا'.repeat(100_000),
      '100% '.repeat(20_000),
    ];
    const start = performance.now();
    for (const text of hostile) lintText(text, 'p', 'prose');
    assert.ok(performance.now() - start < 3_000, `${performance.now() - start} ms`);
  });
});
