// What the page says and what it leaves out: all obligations, no more, with their scope and who stands behind them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Policy } from '../model.ts';
import { compile } from '../obligations/compile.ts';
import { changed, profile } from '../test/policies.ts';
import { publicSentences } from './compose-page.ts';
import { cleanText } from './foreign-text.ts';
import { renderHtml } from './html.ts';
import { find, mustFind, pageOf, SHIPPED, statementsOf, TODAY } from './test/pages.ts';

const standard = profile('standard');
const LANGUAGES = ['en', 'ar'] as const;

/** The text of a statement without isolates. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '');

/** A policy whose arriving texts are stored nowhere by us. */
const unstored: Policy = changed(
  changed(standard, ['messages', 'inbound', 'body', 'store'], 'none'),
  ['messages', 'inbound', 'body', 'recipients'],
  [],
);

describe('the page of every shipped policy, in every language,', () => {
  for (const name of SHIPPED) {
    const policy = profile(name);
    for (const language of LANGUAGES) {
      test(`has every obligation once, in words: ${name}, ${language}`, () => {
        const page = pageOf(policy, { language });
        const ids = statementsOf(page).map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        for (const { id } of compile(policy)) {
          const statement = mustFind(page, id);
          assert.match(statement.sentence, /\.$/u, id);
          assert.doesNotMatch(
            statement.sentence,
            /undefined|NaN|\[object|null|\s{2}|\.\./u,
            statement.sentence,
          );
          assert.ok(statement.path.length > 0 && statement.standingNote.length > 0);
        }
      });
    }

    test(`says the same in both languages: ${name}`, () => {
      const [en, ar] = LANGUAGES.map((language) =>
        statementsOf(pageOf(policy, { language }))
          .filter(({ id }) => !id.startsWith('notice:extra'))
          .map(({ id, standing, path }) => ({ id, standing, path })),
      );
      assert.deepEqual(en, ar);
    });
  }

  test('is Arabic from right to left, with no English sentence of ours in it', () => {
    const page = pageOf(standard, { language: 'ar' });
    assert.equal(page.direction, 'rtl');
    for (const { sentence } of statementsOf(page)) {
      const ours = sentence.replace(/\u2068[^\u2069]*\u2069/g, '');
      assert.doesNotMatch(ours, /\b(?:the|we|is|are|and|your)\b/i, sentence);
      assert.match(ours.length > 4 ? ours : 'نص', /\p{Script=Arabic}/u);
    }
  });
});

describe('scope:', () => {
  test('texts that are never stored are never stored by us, a restart can lose a code, and the supplier sees them', () => {
    const { sentence, beside } = mustFind(pageOf(unstored), 'prohibit:body:inbound');
    assert.match(sentence, /not stored by us/);
    const loss = mustFind(pageOf(unstored), 'notice:restart-loses:inbound');
    assert.match(loss.sentence, /a restart of the platform can lose a code/);
    assert.equal(
      find(pageOf(standard), 'notice:restart-loses:inbound'),
      undefined,
      'what is stored survives',
    );
    assert.match(beside, /Also seen by: .*supplier of numbers/);
    assert.match(
      beside,
      /carrier/,
      'nobody is listed, so whoever receives texts can be the one who brings them',
    );
  });

  test('the same in Arabic', () => {
    const { sentence, beside } = mustFind(pageOf(unstored, { language: 'ar' }), 'prohibit:body:inbound');
    assert.match(sentence, /لا نخزّن نحن/);
    const loss = mustFind(pageOf(unstored, { language: 'ar' }), 'notice:restart-loses:inbound');
    assert.match(loss.sentence, /قد يضيع رمز لم يُعرض بعد/);
    assert.match(beside, /يطّلع عليها أيضًا: .*supplier of numbers/);
  });

  test('a supplier of numbers sees what arrives on them and not what is sent; who is listed is listed', () => {
    const outbound = mustFind(pageOf(standard), 'bound:body:outbound').beside;
    assert.match(outbound, /carrier/);
    assert.doesNotMatch(outbound, /supplier/);
    const listed = changed(standard, ['messages', 'inbound', 'body', 'recipients'], ['number_supplier']);
    const inbound = mustFind(pageOf(listed), 'bound:body:inbound').beside;
    assert.match(inbound, /supplier/);
    assert.doesNotMatch(inbound, /carrier/);
  });

  test('an own wording of that promise leaves neither the loss nor the supplier out', () => {
    const sentences = { 'prohibit:body:inbound': 'Codes are stored nowhere.' };
    const page = pageOf(changed(unstored, ['text', 'en'], { sentences, extra: [] }));
    assert.match(mustFind(page, 'prohibit:body:inbound').beside, /supplier of numbers/);
    mustFind(page, 'notice:restart-loses:inbound');
  });

  test('whoever receives a category is named beside each statement about it', () => {
    const page = pageOf(standard);
    for (const id of ['limit:user.contact.email', 'bound:account']) {
      assert.match(mustFind(page, id).beside, /mail provider/, id);
    }
    assert.equal(mustFind(page, 'limit:user.name').beside, '', 'nobody else receives names');
  });

  test('a category we never collect is never collected by us alone where somebody else receives it', () => {
    const never = changed(standard, ['data', 'user.contact.email'], { collect: 'never' });
    const { sentence, beside } = mustFind(pageOf(never), 'prohibit:user.contact.email');
    assert.match(sentence, /^We ourselves never collect/);
    assert.match(beside, /mail provider/);
    assert.match(
      mustFind(pageOf(standard), 'prohibit:user.financial.credit_card').sentence,
      /^We never collect/,
    );
  });

  test('limits are said of what is kept by us', () => {
    for (const statement of statementsOf(pageOf(standard)).filter(({ id }) =>
      /^bound:(?!upstream|key|backup|cookie|inact)/.test(id),
    )) {
      assert.match(statement.sentence, /by us/i, statement.id);
    }
  });
});

describe('features that are off:', () => {
  test('a recipient that is off is nowhere on the page, in no statement, table or note', () => {
    const withMail = renderHtml(pageOf(standard));
    const without = renderHtml(pageOf(standard, { on: ['messages', 'in_app_deletion'] }));
    for (const name of [
      'PLACEHOLDER mail provider',
      'PLACEHOLDER payment provider',
      'servers that customers name',
    ]) {
      assert.ok(withMail.includes(name), name);
      assert.ok(!without.includes(name), name);
    }
    assert.ok(without.includes('PLACEHOLDER carrier'), 'who depends on no feature stays');
  });

  test('a promise about subscriptions is made where there are subscriptions', () => {
    const device = profile('device-app');
    const id = 'deadline:cancellation';
    assert.match(
      mustFind(pageOf(device, { on: ['subscriptions'] }), id).sentence,
      /unless it is cancelled at least 24 hours before the end of its period/,
    );
    assert.equal(find(pageOf(device, { on: [] }), id), undefined);
    assert.equal(find(pageOf(standard, { on: ['subscriptions'] }), id), undefined);
  });

  test('what serves only a purpose whose features are all off is absent, and back when one of them is on', () => {
    const cookies = changed(standard, ['cookies'], {
      promise: 'listed',
      list: [{ name: 'visit', purpose: 'contact_feature', essential: false, ttl: 'P1D' }],
      trackers: [{ name: 'counter', purpose: 'contact_feature', via: 'script' }],
    });
    const ids = [
      'gate:consent:contact_feature',
      'limit:purpose:contact_feature',
      'require:cookie:visit',
      'bound:cookie:visit',
      'require:tracker:counter',
    ];
    for (const id of ids) {
      assert.equal(find(pageOf(cookies, { on: [] }), id), undefined, id);
      mustFind(pageOf(cookies, { on: ['contacts'] }), id);
    }
    assert.ok(!renderHtml(pageOf(cookies, { on: [] })).includes('visit</bdi>'));
  });

  test('texts of a direction that nothing uses are not spoken of; what bounds older ones is', () => {
    const page = pageOf(standard, { on: ['activations'] });
    assert.equal(find(page, 'bound:body:outbound'), undefined);
    assert.equal(find(page, 'limit:body:outbound'), undefined);
    mustFind(page, 'bound:body:inbound');
    mustFind(page, 'bound:message_content');
    mustFind(pageOf(standard, { on: ['verifications'] }), 'bound:body:outbound');
  });

  test('a consent names only features that are on', () => {
    const id = 'gate:consent:contact_feature';
    assert.match(mustFind(pageOf(standard, { on: ['contacts'] }), id).sentence, /imported contacts\.$/);
    assert.match(mustFind(pageOf(standard), id).sentence, /imported contacts and campaigns\.$/);
  });

  test('deletion in the app is offered where it exists', () => {
    const id = 'require:self_service_deletion';
    assert.match(mustFind(pageOf(standard, { on: [] }), id).sentence, /: in the account\.$/);
    assert.match(mustFind(pageOf(standard, { on: ['in_app_deletion'] }), id).sentence, /in the app\.$/);
    const deviceOnly = changed(standard, ['account', 'identity'], ['device_token']);
    assert.equal(find(pageOf(deviceOnly, { on: [] }), id), undefined);
  });
});

describe('who stands behind a statement:', () => {
  const attestation = { control: 'security_review', owner: 'head of security', every: 'P1Y' };
  const reviewed = (last?: string) =>
    changed(standard, ['security', 'attestations'], [last ? { ...attestation, last } : attestation]);
  const id = 'attest:control:security_review';

  test('an attested statement is stated by people, with the day of its last confirmation', () => {
    const { sentence, standing, standingNote } = mustFind(pageOf(reviewed('2026-03-01')), id);
    assert.equal(standing, 'attested');
    assert.match(
      plain(sentence),
      /^Our staff state \(head of security\): .*; last confirmed on 1 March 2026, valid until 1 March 2027\.$/,
    );
    assert.equal(standingNote, 'Stated by people.');
  });

  test('a confirmation that ran out, or that nobody gave, says so', () => {
    assert.match(mustFind(pageOf(reviewed('2025-06-14')), id).sentence, /has run out\.$/);
    assert.match(mustFind(pageOf(reviewed()), id).sentence, /nobody has confirmed this yet\.$/);
  });

  test('every attested statement is worded as one, in both languages, and none says certified', () => {
    for (const name of SHIPPED) {
      for (const language of LANGUAGES) {
        const page = pageOf(profile(name), { language });
        const stated = statementsOf(page).filter(({ standing }) => standing === 'attested');
        assert.ok(stated.length > 0);
        for (const { sentence } of stated) {
          assert.match(sentence, language === 'en' ? /^(?:We state|Our staff state)/ : /^(?:نصرّح|يصرّح)/u);
          assert.match(sentence, language === 'en' ? /confirmed/ : /تأكيد|يؤكد/u);
          assert.doesNotMatch(sentence, /certified|معتمد/iu);
        }
      }
    }
  });

  test('an own wording keeps the statement attested around it', () => {
    const own = changed(reviewed('2026-03-01'), ['text', 'en'], {
      sentences: { [id]: 'Experts looked.', 'prohibit:sale': 'No sale.' },
      extra: [],
    });
    const page = pageOf(own);
    assert.match(plain(mustFind(page, id).sentence), /^We state: Experts looked/);
    assert.equal(plain(mustFind(page, 'prohibit:sale').sentence), 'No sale.');
  });

  test('what is checked automatically says so, what is enforced says so, and a notice says nothing', () => {
    const page = pageOf(standard);
    for (const { standing, standingNote } of statementsOf(page)) {
      const expected = {
        enforced: 'Enforced by the software.',
        verified: 'Checked automatically.',
        attested: 'Stated by people.',
        law: 'Given by the law.',
        notice: '',
      }[standing];
      assert.equal(standingNote, expected);
    }
    assert.equal(mustFind(page, 'bound:ledger').standing, 'verified');
  });

  test('a signal of the browser is said to be shown only where it is', () => {
    const id = 'require:gpc';
    assert.match(mustFind(pageOf(standard), id).sentence, /page shows that the signal was honoured/);
    const hidden = changed(standard, ['consent', 'gpc_status'], 'hide');
    assert.doesNotMatch(mustFind(pageOf(hidden), id).sentence, /shows/);
  });

  test('evidence is shown where there is some; a probe that did not run is not called kept', () => {
    const page = pageOf(standard, {
      evidenceOf: (of) =>
        of === 'bound:ledger'
          ? { status: 'compliant', checkedAt: '2026-06-14T10:00:00Z' }
          : of === 'bound:lease'
            ? { status: 'unknown' }
            : undefined,
    });
    assert.equal(mustFind(page, 'bound:ledger').evidenceNote, 'Last check: kept, 14 June 2026.');
    assert.equal(mustFind(page, 'bound:lease').evidenceNote, 'Last check: not checked.');
    assert.equal(mustFind(page, 'bound:invoice').evidenceNote, '');
  });
});

describe('rights:', () => {
  test('what the law gives beyond the policy is added with its article, and marked as the law’s', () => {
    const fewer = changed(
      changed(standard, ['rights', 'portability'], undefined),
      ['rights', 'restriction', 'offered'],
      false,
    );
    const page = pageOf(fewer);
    assert.match(
      plain(mustFind(page, 'law:portability').sentence),
      /\(GDPR Art\. 20; UK GDPR Art\. 20; CCPA .*; PDPL Art\. 4\(3\)\)\.$/,
    );
    assert.match(
      mustFind(page, 'law:restriction').sentence,
      /also have the right to have the use of your data restricted/,
    );
    assert.equal(mustFind(page, 'law:restriction').standing, 'law');
    assert.equal(find(page, 'law:access'), undefined, 'a right the policy offers is not repeated');
  });

  test('an objection to marketing alone leaves the general one to the law', () => {
    const marketing = changed(standard, ['rights', 'objection', 'scope'], 'marketing');
    const page = pageOf(marketing);
    assert.match(
      mustFind(page, 'require:right:objection').sentence,
      /for marketing; we then stop without weighing/,
    );
    mustFind(page, 'law:objection');
  });

  test('where no law is named nothing is said of one', () => {
    const nowhere = changed(
      changed(standard, ['policy', 'jurisdictions'], ['generic']),
      ['rights', 'portability'],
      undefined,
    );
    assert.deepEqual(
      statementsOf(pageOf(nowhere)).filter(({ standing }) => standing === 'law'),
      [],
    );
  });
});

describe('always', () => {
  test('the page says that no system is perfectly secure and what a self-report shows', () => {
    for (const name of SHIPPED) {
      const page = pageOf(profile(name));
      assert.match(mustFind(page, 'notice:no-perfect-security').sentence, /No system is perfectly secure/);
      assert.match(mustFind(page, 'notice:self-report').sentence, /report about ourselves/);
    }
  });

  test('version and date are those of the policy, in words', () => {
    const dated = changed(
      changed(standard, ['policy', 'effective'], '2026-02-28'),
      ['policy', 'version'],
      '2.3.4',
    );
    assert.equal(plain(pageOf(dated).preface[0]!), 'Version 2.3.4, in effect since 28 February 2026.');
    assert.match(plain(pageOf(dated, { language: 'ar' }).preface[0]!), /2\.3\.4.*28 فبراير 2026/);
  });

  test('a single sentence is the one of the page', () => {
    const obligation = compile(standard).find(({ id }) => id === 'bound:ledger')!;
    const sentence = publicSentences(standard, { language: 'en', isOn: () => true, today: TODAY })(
      obligation,
    );
    assert.equal(sentence, mustFind(pageOf(standard), 'bound:ledger').sentence);
  });

  test('what others wrote is one line without controls, and bounded', () => {
    assert.equal(cleanText('a\u202e\u2069b\n\tc\u0000d'), 'a b c d');
    assert.equal(cleanText('x'.repeat(5_000)).length, 601);
  });
});
