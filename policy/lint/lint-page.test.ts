// What we publish passes our own lint, for any policy; what is wrong on a page is found with its path.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Page } from '../render/page.ts';
import { anyPolicy } from '../render/test/any-policy.ts';
import { mustFind, pageOf, SHIPPED } from '../render/test/pages.ts';
import { changed, profile } from '../test/policies.ts';
import { lintPage } from './lint-page.ts';
import { lintPolicy } from './lint-policy.ts';

const standard = profile('standard');

describe('the page', () => {
  test('of every shipped policy passes, in every language, and so does what its author wrote', () => {
    for (const name of SHIPPED) {
      const policy = profile(name);
      assert.deepEqual(lintPolicy(policy), [], name);
      for (const language of ['en', 'ar'] as const)
        assert.deepEqual(lintPage(pageOf(policy, { language })), [], name);
    }
  });

  test('of any policy passes: no choice of the vocabulary makes a sentence of ours that is refused', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom('en' as const, 'ar' as const), ({ policy, on }, language) => {
        assert.deepEqual(lintPage(pageOf(policy, { language, on })), []);
      }),
      { numRuns: 80 },
    );
  });

  test('says that no system is perfectly secure, and passes with that sentence', () => {
    const page = pageOf(standard);
    assert.match(mustFind(page, 'notice:no-perfect-security').sentence, /No system is perfectly secure/);
    assert.deepEqual(lintPage(page), []);
  });

  test('with an absolute claim in any place of it is refused with E-LINT and the path', () => {
    const page = pageOf(standard);
    const [first, ...rest] = page.sections;
    const [statement, ...others] = first!.statements;
    const broken: readonly (readonly [string, Page])[] = [
      ['controller.name', { ...page, title: 'The unhackable platform' }],
      [
        statement!.path,
        {
          ...page,
          sections: [
            { ...first!, statements: [{ ...statement!, sentence: 'This is 100% secure.' }, ...others] },
            ...rest,
          ],
        },
      ],
      [
        first!.key,
        {
          ...page,
          sections: [{ ...first!, tables: [{ caption: 'Certified', columns: [], rows: [] }] }, ...rest],
        },
      ],
    ];
    for (const [path, faulty] of broken) {
      const findings = lintPage(faulty);
      assert.deepEqual(
        findings.map(({ code, path: at }) => [code, at]),
        [['E-LINT', path]],
      );
    }
  });
});

describe('the words of a policy’s author', () => {
  const findingsOf = (path: readonly (string | number)[], value: unknown) =>
    lintPolicy(changed(standard, path, value)).map(({ rule, path: at }) => `${rule} ${at}`);

  test('are looked at in notes, interests, sources, names, own sentences and free text', () => {
    assert.deepEqual(findingsOf(['data', 'user.name', 'note'], 'We never look.'), [
      'promise-in-prose data.user.name.note',
    ]);
    assert.deepEqual(findingsOf(['data', 'user.device.ip_address', 'interest'], 'best practices'), [
      'vagueness data.user.device.ip_address.interest',
    ]);
    assert.deepEqual(findingsOf(['data', 'user.device.ip_address', 'source'], 'an anonymous count'), [
      'anonymity data.user.device.ip_address.source',
    ]);
    assert.deepEqual(findingsOf(['purposes', 'fraud', 'interest'], 'industry standards'), [
      'vagueness purposes.fraud.interest',
    ]);
    assert.deepEqual(findingsOf(['recipients', 'carrier', 'name'], '100% secure Ltd'), [
      'absolute-security recipients.carrier.name',
    ]);
    const sentences = (text: string) => ({ sentences: { 'require:in_transit': text }, extra: [] });
    assert.deepEqual(findingsOf(['text', 'en'], sentences('The platform is certified.')), [
      'certification text.en.sentences.require:in_transit',
    ]);
    const extra = (text: string) => ({ sentences: {}, extra: [{ class: 'disclaimer', text }] });
    assert.deepEqual(findingsOf(['text', 'ar'], extra('لن نبيع بياناتك.')), [
      'promise-in-prose text.ar.extra[0].text',
    ]);
  });

  test('may promise in their own sentences, which stand for an obligation', () => {
    const own = { sentences: { 'prohibit:sale': 'We never sell data.' }, extra: [] };
    assert.deepEqual(findingsOf(['text', 'en'], own), []);
  });

  test('are found with the line they stand on', () => {
    const policy = changed(standard, ['data', 'user.name', 'note'], 'certified');
    const [finding] = lintPolicy(policy, (path) => (path === 'data.user.name.note' ? 42 : undefined));
    assert.equal(finding!.line, 42);
  });
});
